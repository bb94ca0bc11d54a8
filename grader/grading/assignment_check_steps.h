/* What a schema cannot express about the steps of a scene. */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_STEPS_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_STEPS_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

#define POINTS_TOLERANCE 1e-6

/* A sentence that says what is wrong, to be freed, with its `place`; or NULL. */
char *assignment_check_steps(const struct assignment *assignment,
                             const struct assigned_check *check, struct place *place);

#endif
