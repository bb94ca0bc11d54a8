/* Checks of how a server talks to one client. */
#ifndef GRADER_CHECKS_TALK_H
#define GRADER_CHECKS_TALK_H

#include "grader/play/check.h"

check_play play_listens;
check_play play_one_client;
check_play play_in_turn;
check_play play_split;
check_play play_split_letter;
check_play play_merged;
check_play play_large;

#endif
