/* The results of a cell, as parts of a run document. */
#ifndef BENCH_ROUNDS_DOCUMENT_H
#define BENCH_ROUNDS_DOCUMENT_H

#include "bench/slice.h"
#include "results/measures/paired.h"

#include <jansson.h>

/* New arrays, for the parts of a run document of these names; the caller owns them. `begin_ns` is
 * when the bench began; `reference` is the server that the others are ranked against, unless it is
 * not there or in trouble. */
json_t *bench_describe_results(const struct bench_cell *bench);
json_t *bench_describe_slices(const struct bench_cell *bench, int64_t begin_ns);
json_t *bench_describe_rankings(const struct bench_cell *bench, const char *reference);

/* A new array, null where a number is not finite; the caller owns it. */
json_t *bench_describe_numbers(const double *numbers, size_t count);

/* A new object with the change, its interval, and whether that has the confidence asked for; the
 * caller owns it. */
json_t *bench_describe_estimate(const struct paired_estimate *estimate);

#endif
