/* Checks of how a server ends, and starts again. */
#ifndef GRADER_CHECKS_ENDING_H
#define GRADER_CHECKS_ENDING_H

#include "grader/play/check.h"

check_play play_ends_when;
check_play play_restart;
check_play play_is_model;
check_play play_sigterm;

#endif
