/* Checks of how a server ends, and starts again. */
#ifndef GRADER_CHECKS_ENDING_H
#define GRADER_CHECKS_ENDING_H

#include "grader/play/check.h"

extern const struct check check_ends_when;
extern const struct check check_restart_at_once;
extern const struct check check_is_model;
extern const struct check check_ends_on_sigterm;

#endif
