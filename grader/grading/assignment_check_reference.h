/* What a schema cannot express about the assignment's own solution, and what is compared with it.
 * Each: a sentence that says what is wrong, to be freed, with its `place`; or NULL. */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_REFERENCE_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_REFERENCE_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

char *assignment_check_reference(const struct assignment *assignment, struct place *place);

/* The random conversations of a check, whose place is set. */
char *assignment_check_conversations(const struct assignment *assignment,
                                     const struct assigned_check *check, struct place *place);

/* 'expect-like' and 'ignoring' of a step, whose place is set. */
char *assignment_check_likeness(const struct assignment *assignment,
                                const struct assigned_check *scene, const struct step *step,
                                struct place *place);

#endif
