/* Has a server become worse? BASE and NEW side by side, and a second copy of BASE beside them.
 *
 * A block is one start of each of the three; in it they take slices in turns, first in a random
 * order and then in the reverse of it, so that whatever drifts meanwhile meets all alike. A block
 * gives one number per metric, the logarithm of NEW to BASE, and the rule of
 * results/measures/decision.h looks at these numbers after 6, 10, 16 and 24 blocks. The copy of
 * BASE shows what the machine makes of no change at all: where it finds one, only what holds
 * against the copy, too, stands.
 *
 * That number is the middle one of what neighbouring slices say: those that another program has
 * hit are far off, and the middle does not mind. But neither does it mind a NEW that pauses now and
 * then. So throughput and processor time of the whole block are looked at, too, when the rest is
 * decided: they can make NEW worse, and their noise cannot keep NEW from being the same.
 *
 * What can be counted is counted first, and needs no statistics: system calls and memory.
 */
#ifndef BENCH_COMPARE_COMPARISON_H
#define BENCH_COMPARE_COMPARISON_H

#include "bench/rounds.h"
#include "results/measures/decision.h"
#include "results/measures/paired.h"
#include "results/measures/side.h"

#include <jansson.h>
#include <stdio.h>

struct comparison_plan {
    struct contender contenders[SIDES]; /* the last like the first */
    struct cell cell;
    struct decision_rule rule; /* of all gated metrics together */
    int64_t budget_ns;
    int64_t slice_ns; /* 0: as short as the server's latency lets it be */
    uint64_t seed;
    struct pinning pinning;
    const volatile sig_atomic_t *is_stopped; /* NULL: never */
};

#define COMPARISON_BLOCKS_MAX 64

/* What the blocks say, with logarithms turned so that more is worse. */
struct block_shifts {
    double of_new[COMPARISON_BLOCKS_MAX];
    double of_copy[COMPARISON_BLOCKS_MAX];
};

/* One metric. */
struct compared {
    enum bench_metric metric;
    bool is_measured;
    bool is_gated;
    bool is_exact;        /* counted once, not estimated from blocks */
    bool is_uncounted;    /* it is not known here what it is, and so it is no gate */
    double values[SIDES]; /* medians, or counts */
    bool is_of_whole;     /* what is said is of whole blocks, not of the middle of their slices */
    bool has_gap;         /* a block lacked it: later ones have none */
    size_t block_count;   /* up to the gap */
    bool has_whole;       /* each of them */
    struct block_shifts shifts; /* of the middle of the slices, unless it is_of_whole */
    struct block_shifts whole;
    struct decision_look looks[DECISION_LOOKS_MAX];
    size_t look_count;
    enum decision control_verdict; /* BASE against its copy */
    struct decision_look control_look;
    struct paired_estimate estimate; /* 95 % */
    struct paired_estimate control_estimate;
    enum decision verdict;
    char *reason; /* where the verdict is not what the looks said; or NULL; owned */
};

struct comparison {
    struct compared metrics[METRICS];
    size_t blocks;                /* that count */
    size_t dropped;               /* that do not, because of the machine */
    bool is_unfit;                /* the machine, to compare on: too many were dropped */
    unsigned least_served[SIDES]; /* clients, of all blocks */
    unsigned most_served[SIDES];
    double idle_share[SIDES]; /* of a processor, while others are loaded; NAN: not known */
    struct bench_cell bench;  /* a row for each side; the repetition of a slice is its block */
    int64_t begin_ns;
    double generator_share; /* of the time, that of the generator's busiest thread */
    int64_t slice_ns;       /* as it was chosen */
    int64_t lead_in_ns;
    double elapsed_s;
    bool is_cut;
    bool is_out_of_time;
    enum decision verdict; /* of all gated metrics together */
    char *trouble;         /* what went wrong with a server, or NULL; owned */
    enum side trouble_of;
};

/* Told after every block; may be NULL. */
typedef void comparison_progress_function(size_t blocks, double elapsed_s, void *context);

/* Compares. Release in every case. */
void comparison_run(struct comparison *comparison, const struct comparison_plan *plan,
                    comparison_progress_function *progress, void *context);
void comparison_release(struct comparison *comparison);

/* Had the generator no time left? Throughput and median latency are its own, then, and no gate
 * unless they are worse all the same. */
bool comparison_is_generator_bound(const struct comparison *comparison);

/* Can the metric not be counted here? It may also be that counting did not come to its end. */
bool comparison_cannot_count(const struct comparison *comparison, enum bench_metric metric);

/* Is no metric that is timed a gate? Then what could be said of NEW is that it counts worse. */
bool comparison_is_untimed(const struct comparison *comparison);

/* What stood in the way of a decision whatever the metrics, as sentences: a new array, empty if
 * nothing did; the caller owns it. */
json_t *comparison_obstacles(const struct comparison *comparison, const struct decision_rule *rule);

/* A new run document; the caller owns it. */
json_t *comparison_describe(const struct comparison *comparison,
                            const struct comparison_plan *plan);

/* The verdict in words, a table, and with `explains` the arithmetic behind each. */
void comparison_print(FILE *stream, const struct comparison *comparison,
                      const struct comparison_plan *plan, bool explains);

#endif
