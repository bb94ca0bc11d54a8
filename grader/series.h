/* A series of checks on one submission. */
#ifndef GRADER_SERIES_H
#define GRADER_SERIES_H

#include "grader/stage.h"

#define SERIES_CHECKS_MAX 64

struct series_plan {
    struct stage_plan stage;
    const struct check *selected[SERIES_CHECKS_MAX]; /* in the order of checks[]; none: all */
    size_t count;
};

/* Plays the checks and fills in `results`, one for each, and where the submission ran. What they
 * need and is not selected is played too, before them, and is no result. How many results, or
 * -errno with what proctor could not do in `*what`; `*is_command` if the command could not be
 * run. */
int series_run(const struct series_plan *plan, struct check_result results[SERIES_CHECKS_MAX],
               enum isolation *isolation, const char **what, bool *is_command);

#endif
