/* What a schema cannot express about how a program is built and run. */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_RUN_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_RUN_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

/* Each: a sentence that says what is wrong, to be freed, with its `place`; or NULL. */
char *assignment_check_run(const struct assignment *assignment, struct place *place);
char *assignment_check_material(const struct assignment *assignment, struct place *place);
char *assignment_check_matrix(const struct assignment *assignment, struct place *place);

/* How one of several programs is run; the place is that of the program. */
char *assignment_check_program_run(const struct assignment *assignment,
                                   const struct assigned_program *program, struct place *place);

/* A line for a shell, and a folder that is brought; NULL is right. */
char *assignment_check_line(const char *line);
char *assignment_check_bring(const struct assignment *assignment, const char *bring);

/* May a row or a program be called so? */
bool assignment_is_name(const char *name);

/* How one check is run, and in which rows; the place is that of the check. */
char *assignment_check_own_run(const struct assignment *assignment,
                               const struct assigned_check *check, struct place *place);

#endif
