/* A finished bench as a run document and as a table. */
#ifndef BENCH_BENCH_DOCUMENT_H
#define BENCH_BENCH_DOCUMENT_H

#include "bench/bench.h"

#include <jansson.h>
#include <stdio.h>

/* The caller owns it. */
json_t *bench_describe(const struct bench *bench, const struct bench_plan *plan);

void bench_print(FILE *stream, const struct bench *bench, const struct bench_plan *plan);

#endif
