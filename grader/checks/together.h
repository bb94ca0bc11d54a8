/* Checks of several clients at once. */
#ifndef GRADER_CHECKS_TOGETHER_H
#define GRADER_CHECKS_TOGETHER_H

#include "grader/play/check.h"

check_play play_second_served;
check_play play_second_waits;
check_play play_second_client;
check_play play_second_afterwards;
check_play play_half_silent;
check_play play_slow_reader;

#endif
