/* A comparison under way: what its parts share. */
#ifndef BENCH_COMPARE_COMPARISON_RUN_H
#define BENCH_COMPARE_COMPARISON_RUN_H

#include "bench/compare/comparison.h"

#define SWEEPS_MAX 25
#define SLICES_MAX (2 * SWEEPS_MAX) /* of a side in a block */

struct comparison_run {
    struct comparison *comparison;
    const struct comparison_plan *plan;
    struct lane lanes[SIDES];
    double values[SIDES][METRICS][SLICES_MAX]; /* of the block under way */
    double shares[SIDES];                      /* of the generator's busiest thread */
    size_t taken;                              /* slices of each side in it */
    double base_p50_ns;                        /* as it was counted; NAN: not known */
    int64_t counting_ns;                       /* under load */
    int64_t start_ns;                          /* that starting and ending a server takes */
    bool knows_cpu;                            /* of BASE, what it has used */
    unsigned sweeps;
    unsigned block; /* under way, the dropped ones counted */
    uint64_t random_state;
};

bool comparison_is_stopped(const struct comparison_run *run);

/* Keeps the first trouble; NULL is none. */
void comparison_note_trouble(struct comparison *comparison, enum side side, const char *trouble);

/* Counts what needs no statistics, and decides by it. */
void comparison_count(struct comparison_run *run);

/* Runs a block: starts the servers, loads them in turns, stops them; and notes it, unless the
 * machine was no place to measure. */
void comparison_run_block(struct comparison_run *run);

/* Why the block under way does not count, a constant, or NULL. Its slices begin with `first_slice`;
 * `foreign` is the share of the processors that other programs took. Where the machine is not to
 * blame, a NEW that answered nothing is in trouble. */
const char *comparison_reason_to_drop(struct comparison_run *run, size_t first_slice,
                                      double foreign);

/* Makes numbers of the block's slices, one per metric, and keeps them. */
void comparison_note_block(struct comparison_run *run);

/* Is the metric one of those that are the generator's own, as it had no time left? */
bool comparison_is_of_generator(const struct comparison *comparison, enum bench_metric metric);

/* What may be said of each metric and of NEW, when no block will follow. */
void comparison_conclude(struct comparison *comparison, const struct decision_rule *rule);

#endif
