/* The TCP states that a step expects. */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_STATES_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_STATES_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

/* NULL, or a sentence, to be freed, with the key in place->key. */
char *assignment_check_states(const struct step *step, struct place *place);

#endif
