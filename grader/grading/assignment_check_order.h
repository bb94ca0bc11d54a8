/* What is sent, who reads, what may stay unread, and who comes first. Each NULL, or a sentence, to
 * be freed. */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_ORDER_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_ORDER_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

/* Of one client of the step of this number. */
char *assignment_check_reading(const struct assigned_check *scene, unsigned number,
                               const char *client);

/* 'send', 'unread' and 'ahead-of', with the key in place->key. */
char *assignment_check_order(const struct assigned_check *scene, const struct step *step,
                             struct place *place);

#endif
