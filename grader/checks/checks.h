/* The checks by name; checks.c has them in order. */
#ifndef GRADER_CHECKS_CHECKS_H
#define GRADER_CHECKS_CHECKS_H

#include "grader/play/check.h"

extern const struct check check_serves_one_client;
extern const struct check check_every_client_in_turn;
extern const struct check check_split_message;
extern const struct check check_split_letter;
extern const struct check check_merged_messages;
extern const struct check check_large_message;

extern const struct check check_second_client_served;
extern const struct check check_second_client_waits;
extern const struct check check_clients_do_not_mix;
extern const struct check check_many_clients;
extern const struct check check_half_silent;
extern const struct check check_slow_reader;

extern const struct check check_half_close;
extern const struct check check_reset_survived;
extern const struct check check_queued_reset_survived;
extern const struct check check_no_close_wait;
extern const struct check check_nothing_left_behind;
extern const struct check check_no_spinning;
extern const struct check check_stop_word;

extern const struct check check_ends_when;
extern const struct check check_restart_at_once;
extern const struct check check_is_model;
extern const struct check check_ends_on_sigterm;

#endif
