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

#include "bench/slice.h"

#define BENCH_OWN_DESCRIPTORS 64 /* of proctor itself, and of counters and pipes of a server */

/* Told before each slice how many have been taken; may be NULL. */
typedef void bench_progress_function(size_t done, size_t all, void *context);

struct bench_progress {
    bench_progress_function *tell;
    void *context;
    size_t done, all; /* slices */
};

/* Measures the cell. Servers that `skips` says true of have no row. Release in every case. */
void bench_run_cell(struct bench_cell *bench, const struct bench_plan *plan,
                    const struct cell *cell, const bool skips[], struct bench_progress *progress);

#endif
