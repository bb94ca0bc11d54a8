/* Checks of how clients leave, and what the server keeps of them. */
#ifndef GRADER_CHECKS_LEAVING_H
#define GRADER_CHECKS_LEAVING_H

#include "grader/play/check.h"

#define LEFT_BEHIND_PLAYERS ((size_t)13) /* twelve in turn, and one that stays */

check_play play_half_close;
check_play play_reset;
check_play play_queued_reset;
check_play play_close_wait;
check_play play_left_behind;
check_play play_stop_word;

#endif
