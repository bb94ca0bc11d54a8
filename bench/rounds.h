/* Servers side by side: all resident, loaded in turns in short slices.
 *
 * A machine's speed drifts by several per cent within seconds. Servers that are measured one after
 * the other are therefore measured on different machines; servers that take slices of a fraction
 * of a second in turns meet the same drift. A round is one slice of every server, in a fresh
 * random order, so that no server always follows the same neighbour. A server that has been started
 * once has one placement in memory and one set of processes, good or bad: so the servers are
 * started anew between repetitions, and the rounds are spread over these.
 *
 * A server that cannot be started, ends, hangs or answers wrongly is a row that says so; the others
 * go on.
 */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include "bench/cell.h"
#include "bench/row.h"
#include "results/measures/statistics.h"

#include <signal.h>
#include <stdbool.h>

#define BENCH_OWN_DESCRIPTORS 64 /* of proctor itself, and of counters and pipes of a server */

struct bench_plan {
    const struct contender *contenders;
    size_t count;
    unsigned rounds;      /* of each cell, all repetitions together */
    unsigned repetitions; /* at most as many as rounds */
    int64_t lead_in_ns;   /* of each slice, not measured */
    int64_t slice_ns;
    uint64_t seed; /* of the order of slices */
    struct pinning pinning;
    const volatile sig_atomic_t *is_stopped; /* looked at between slices; NULL: never */
};

/* A slice and where in the bench it stood. */
struct bench_slice {
    struct slice slice;
    size_t contender;
    unsigned repetition;
    unsigned round;
    const char *dropped; /* why it does not count, a constant; NULL: it does */
};

struct bench_cell {
    const struct cell *cell;
    struct bench_row *rows;
    size_t count;
    struct bench_slice *slices; /* as they were taken */
    size_t slice_count;
    size_t slice_capacity;
    bool is_cut;      /* stopped before the last round */
    bool is_resident; /* all servers at once; otherwise there were not descriptors enough */
};

/* Told before each slice how many have been taken; may be NULL. */
typedef void bench_progress_function(size_t done, size_t all, void *context);

/* Measures the cell. Servers that `skips` says true of have no row. Release in every case. */
void bench_run_cell(struct bench_cell *bench, const struct bench_plan *plan,
                    const struct cell *cell, const bool skips[], bench_progress_function *progress,
                    void *context);

/* A new slice at the end of those that were taken, all 0. */
struct bench_slice *bench_add_slice(struct bench_cell *bench);

/* One value for each slice of the row that counts and has one, or for each start where that is what
 * the metric is of; how many. `values` has room for all slices. */
size_t bench_values(const struct bench_cell *bench, const struct bench_row *row,
                    enum bench_metric metric, double *values);

/* Median and quartiles of these; NAN if there are none. */
struct spread bench_spread(const struct bench_cell *bench, const struct bench_row *row,
                           enum bench_metric metric);

void bench_release(struct bench_cell *bench);

#endif
