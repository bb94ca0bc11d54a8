/* A server with its load in the counted machine, and what it cost: JSON on standard output. */
#ifndef BENCH_COUNTED_SIDE_H
#define BENCH_COUNTED_SIDE_H

#include "bench/contender.h"

#include <jansson.h>

struct load_plan;

/* Starts the server, warms it up, counts, and stops it. A new object, which the caller owns:
 *
 *     answered, instructions     of the slice between the marks
 *     tallied, counts[], calls{} of the slice before it: requests, and a number of each tally
 *     bytes_per_connection       or null
 *     generator[], server[]      where their code lies: [first, end, offset, path]
 *     trouble                    what went wrong with the server; then there is nothing else */
json_t *counted_side_run(const struct contender *contender, const struct load_plan *load,
                         int64_t slice_ns);

#endif
