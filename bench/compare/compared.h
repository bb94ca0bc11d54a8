/* A comparison: its plan, what has come of it so far, and the block under way. All that the files
 * of this folder share; bench/compare/comparison.h says what it is about. */
#ifndef BENCH_COMPARE_COMPARED_H
#define BENCH_COMPARE_COMPARED_H

#include "bench/slice.h"
#include "results/measures/decision.h"
#include "results/measures/paired.h"
#include "results/measures/side.h"

struct comparison_plan {
    struct bench_plan bench; /* of the contenders base, new, and base again; a slice_ns of 0: as
                              * short as the server's latency lets it be */
    struct cell cell;
    struct decision_rule rule; /* of all gated metrics together */
    int64_t budget_ns;
};

#define COMPARISON_BLOCKS_MAX 64

/* What each block says of a side against BASE: a logarithm, turned so that more is worse. */
struct block_shifts {
    double of[SIDES][COMPARISON_BLOCKS_MAX];
};

/* Where what is said of a metric comes from. */
enum compared_by {
    COMPARED_BY_BLOCKS, /* estimated */
    COMPARED_BY_COUNT,  /* exact: once, with the kernel's counters */
    COMPARED_BY_STARTS, /* estimated, from one value of each start */
    COMPARED_BY_NOTHING /* it cannot be measured here, and is not gated */
};

/* One metric. */
struct compared {
    enum metric metric;
    enum compared_by by;
    bool is_gated;
    double values[SIDES];       /* medians, or counts */
    bool is_of_whole;           /* its verdict is from `whole`, not from the middle of the slices */
    bool has_gap;               /* a block had no value; later ones are not noted */
    size_t block_count;         /* up to the gap */
    bool has_whole;             /* all of these blocks have a value in `whole` */
    struct block_shifts shifts; /* of the middle of a block's slices; `whole` if is_of_whole */
    struct block_shifts whole;  /* of whole blocks */
    struct decision_look looks[DECISION_LOOKS_MAX];
    size_t look_count;
    struct decision_look control_look;       /* of BASE's copy */
    struct paired_estimate estimates[SIDES]; /* of NEW and the copy; 95 % */
    enum decision verdict;
    const char *uncounted; /* why it could not be counted, a constant; or NULL */
    char *reason;          /* where the verdict is not what the looks said; or NULL; owned */
};

/* Does it have values? */
bool compared_is_measured(const struct compared *compared);

/* Is it a gate, and one that was timed? */
bool compared_is_timed_gate(const struct compared *compared);

/* The last look at it, or NULL. */
const struct decision_look *compared_last_look(const struct compared *compared);

/* Is it worth being called an interval? One of very few blocks holds the truth by chance. */
bool compared_has_interval(const struct paired_estimate *estimate);

/* The share by which it is more of `other` than of BASE, worse if above 0; NAN: not known. */
double compared_change(const struct compared *compared, enum side other);

#define SWEEPS_MAX 25
#define SLICES_MAX (2 * SWEEPS_MAX) /* of a side in a block */

/* The block under way. */
struct block {
    unsigned number; /* the dropped ones counted */
    double values[SIDES][METRICS][SLICES_MAX];
    size_t first_slice;      /* of it, among all */
    size_t taken;            /* slices of each side in it */
    double generator_shares; /* the sum over all its slices */
};

/* What was measured of starts of each side that were made together. */
struct starts {
    double of[SIDES][COMPARISON_BLOCKS_MAX];
    size_t count;
    double tolerance; /* of a count: how far apart two of the same may lie */
};

/* Notes one start of each side, unless one of them could not be measured. */
void starts_note(struct starts *starts, const double values[SIDES]);

struct comparison {
    const struct comparison_plan *plan;
    struct compared metrics[METRICS];
    size_t blocks;                /* that count */
    size_t dropped;               /* that do not, because of the machine */
    bool is_unfit;                /* the machine, to compare on: many were dropped */
    unsigned least_served[SIDES]; /* clients, of all blocks */
    unsigned most_served[SIDES];
    struct starts starts[METRICS]; /* of what may be compared by them */
    double idle_share[SIDES];      /* of a processor, while others are loaded; NAN: not known */
    struct bench_cell bench; /* a row for each side; the repetition of a slice is its block; its
                               * plan with the slices as they were chosen */
    struct block block;
    unsigned sweeps; /* of a block */
    uint64_t random_state;
    double base_p50_ns; /* as it was counted; NAN: not known */
    int64_t start_ns;   /* that starting and ending a server takes, as last seen */
    int64_t begin_ns;
    double generator_share; /* of the time, that of the generator's busiest thread */
    double elapsed_s;
    bool is_cut;
    bool is_out_of_time;
    enum decision verdict; /* of all gated metrics together */
    char *trouble;         /* what went wrong with a server, or NULL; owned */
    enum side trouble_of;
};

/* Is there time left for what takes so long? */
bool comparison_has_time(const struct comparison *comparison, int64_t needed_ns);

/* Keeps the first trouble; NULL is none. */
void comparison_note_trouble(struct comparison *comparison, enum side side, const char *trouble);

#endif
