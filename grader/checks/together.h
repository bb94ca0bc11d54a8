/* Checks of several clients at once. */
#ifndef GRADER_CHECKS_TOGETHER_H
#define GRADER_CHECKS_TOGETHER_H

#include "grader/play/check.h"

extern const struct check check_second_client_served;
extern const struct check check_second_client_waits;
extern const struct check check_second_client;
extern const struct check check_second_client_afterwards;
extern const struct check check_clients_do_not_mix;
extern const struct check check_many_clients;
extern const struct check check_half_silent;
extern const struct check check_slow_reader;

#endif
