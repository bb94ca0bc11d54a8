/* From a file in YAML to an assignment. */
#ifndef GRADER_ASSIGNMENT_READ_H
#define GRADER_ASSIGNMENT_READ_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

/* Checks what a schema cannot express: a sentence that says what is wrong, to be freed, with its
 * `place`; or NULL. */
typedef char *assignment_checker(const struct assignment *assignment, struct place *place);

/* Reads a file. 0, or -EINVAL with one sentence in `*trouble` that names the place ("FILE:12: …")
 * and is the caller's to free. */
int assignment_read(const char *path, assignment_checker *check, struct assignment **assignment,
                    char **trouble);

/* The same of a text; `path` is what the sentence calls it, and gives the assignment its id. */
int assignment_parse(const char *text, size_t count, const char *path, assignment_checker *check,
                     struct assignment **assignment, char **trouble);
void assignment_free(struct assignment *assignment);

#endif
