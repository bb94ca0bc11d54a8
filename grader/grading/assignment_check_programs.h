/* What a schema cannot express about several programs of a submission. */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_PROGRAMS_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_PROGRAMS_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

/* Each: a sentence that says what is wrong, to be freed, with its `place`; or NULL. */
char *assignment_check_programs(const struct assignment *assignment, struct place *place);

/* Those of a row or a check, whose place is set; they override the assignment's. */
char *assignment_check_own_programs(const struct assignment *assignment,
                                    const struct assigned_programs *own, struct place *place);

/* Whose terminal the step is about. */
char *assignment_check_program_of_step(const struct assignment *assignment,
                                       const struct assigned_check *scene, unsigned number,
                                       struct place *place);

#endif
