/* Slices of load on the servers of a cell: taking them, and keeping those that were taken.
 *
 * What measures does it here: a bench in rounds (bench/rounds.h), a comparison in blocks
 * (bench/compare/block.h). They differ in the order of slices and in their use.
 */
#ifndef BENCH_SLICE_H
#define BENCH_SLICE_H

#include "bench/cell.h"
#include "bench/row.h"
#include "results/measures/statistics.h"

#include <signal.h>
#include <stdbool.h>

/* How slices are taken, and of which servers. */
struct bench_plan {
    const struct contender *contenders;
    size_t count;
    unsigned rounds;      /* of each cell, all repetitions together; a comparison has blocks */
    unsigned repetitions; /* at most as many as rounds */
    int64_t lead_in_ns;   /* of each slice, not measured */
    int64_t slice_ns;
    uint64_t seed; /* of the order of slices */
    struct pinning pinning;
    const volatile sig_atomic_t *is_stopped; /* looked at between slices; NULL: never */
};

struct bench_cell {
    struct bench_plan plan;
    const struct cell *cell;
    struct bench_row *rows; /* one for each contender that takes part */
    size_t count;
    struct slice *slices; /* as they were taken */
    size_t slice_count;
    size_t slice_capacity;
    bool is_cut;      /* stopped before the last round */
    bool is_resident; /* all servers at once; otherwise there were not descriptors enough */
};

/* A row for each contender that `skips` (NULL: of none) does not say true of; nothing is started.
 * Contenders and cell must outlive it. Release in every case. */
void bench_init(struct bench_cell *bench, const struct bench_plan *plan, const struct cell *cell,
                const bool skips[]);
void bench_release(struct bench_cell *bench);

bool bench_is_stopped(const struct bench_cell *bench);

/* Starts the server of this row and connects its clients. Close it even if that failed. */
void bench_open(struct bench_cell *bench, size_t number);

/* Takes its first slice, which does not count: the counters are open in it. True if it went well.
 */
bool bench_warm_up(struct bench_cell *bench, size_t number);

/* Takes a slice of an open row and keeps it. It is valid until the next one is taken; NULL: the
 * server is or was in trouble, and nothing was kept. */
const struct slice *bench_take_slice(struct bench_cell *bench, size_t number, unsigned repetition,
                                     unsigned round);

/* Ends the server and adds its results to the row. */
void bench_close(struct bench_cell *bench, size_t number);

/* One value for each slice of the row that counts and has one, or for each start where that is what
 * the metric is of; how many. `values` has room for all slices. */
size_t bench_values(const struct bench_cell *bench, size_t number, enum metric metric,
                    double *values);

/* Median and quartiles of `count` values, which are sorted; NAN where values are too few. */
struct spread bench_spread(double *values, size_t count);

#endif
