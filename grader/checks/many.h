/* Checks with many clients. */
#ifndef GRADER_CHECKS_MANY_H
#define GRADER_CHECKS_MANY_H

#include "grader/play/check.h"

#define CROWD_PLAYERS 32
#define MANY_PLAYERS  ((size_t)1100)
#define BURST_PLAYERS ((size_t)64)

check_play play_crowd;
check_play play_many;
check_play play_burst;

#endif
