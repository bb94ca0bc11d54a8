/* The parts of assignment_check() (assignment.h). Each function returns a sentence, to be freed, or
 * NULL if all is well; the place is then whatever was looked at last. */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

#define POINTS_TOLERANCE 1e-6

/* The sentence that there is no such word (NULL: none is said) in the list that NULL ends, with the
 * one most like it. */
char *assignment_refuse_word(const char *what, const char *word, const char *const *words);

/* The steps of a scene. */
char *assignment_check_steps(const struct assignment *assignment,
                             const struct assigned_check *encounter, struct place *place);

#endif
