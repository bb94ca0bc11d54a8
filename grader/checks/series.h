/* A series of checks on one submission. */
#ifndef GRADER_CHECKS_SERIES_H
#define GRADER_CHECKS_SERIES_H

#include "grader/assignment/assignment.h"
#include "grader/play/check.h"
#include "grader/play/stage.h"

/* Twice as many, as checks that are needed but not named are played too. */
#define SERIES_CHECKS_MAX (2 * ASSIGNMENT_PLAYED_MAX)

struct series_item {
    const struct check *check;
    const struct assigned_check *assigned; /* whose steps are played, or NULL */
    const struct stage_plan *stage;        /* the program that it is played on */
    bool is_fresh;                         /* always started anew for it */
    bool is_needed_only;                   /* not asked for, but needed by one that is */
};

struct series_plan {
    struct stage_plan stage;                     /* the usual one */
    struct series_item items[SERIES_CHECKS_MAX]; /* with all that these need */
    size_t count;
    const char *only; /* of the items, and what it needs; NULL: all of them */
};

/* Plays the checks and fills in `results`, one for each, and `run`. Checks that they need are
 * played before them; those that are only needed appear in the results only if they did not pass.
 * How many results, or -errno with run->trouble. */
int series_run(const struct series_plan *plan, struct check_result results[SERIES_CHECKS_MAX],
               struct stage_run *run);

#endif
