/* The times that a step asks for: is each one, and does it belong to what the step does? */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_TIMES_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_TIMES_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

/* NULL, or a sentence, to be freed, with the key in place->key. */
char *assignment_check_times(const struct step *step, struct place *place);

#endif
