/* Values that an assignment draws once for a whole grading: in its files, and in the lines of
 * `run`, `arguments`, `build` and `environment`, wherever these stand. All other texts may repeat
 * them.
 */
#ifndef GRADER_ASSIGNMENT_DRAWN_H
#define GRADER_ASSIGNMENT_DRAWN_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

struct token_source;

/* Finds the first value at or after `at` in a line for a shell that begins at `line`; false if
 * there is none. A `$` before the brace makes it the shell's own. */
bool line_find_value(const char *line, const char *at, struct placeholder *placeholder);

/* Reads into assignment->values what is drawn, and checks what is repeated. A sentence that says
 * what is wrong, to be freed, with its place; or NULL. */
char *assignment_declare_values(struct assignment *assignment, struct place *place);

/* Draws them; of an assignment that has been checked. */
void assignment_draw_values(const struct assignment *assignment, struct token_source *source,
                            struct values *values);

#endif
