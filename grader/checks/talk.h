/* Checks of how a client is spoken with. */
#ifndef GRADER_CHECKS_TALK_H
#define GRADER_CHECKS_TALK_H

#include "grader/play/check.h"

extern const struct check check_starts_and_listens;
extern const struct check check_serves_one_client;
extern const struct check check_every_client_in_turn;
extern const struct check check_split_message;
extern const struct check check_split_letter;
extern const struct check check_merged_messages;
extern const struct check check_large_message;

#endif
