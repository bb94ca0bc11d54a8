/* Checks of how clients leave, and of what is left of them. */
#ifndef GRADER_CHECKS_LEAVING_H
#define GRADER_CHECKS_LEAVING_H

#include "grader/play/check.h"

extern const struct check check_half_close;
extern const struct check check_reset_survived;
extern const struct check check_queued_reset_survived;
extern const struct check check_no_close_wait;
extern const struct check check_nothing_left_behind;
extern const struct check check_no_spinning;
extern const struct check check_stop_word;

#endif
