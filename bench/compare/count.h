/* What a comparison counts, before the first block. */
#ifndef BENCH_COMPARE_COUNT_H
#define BENCH_COMPARE_COUNT_H

#include "bench/compare/comparison_run.h"

/* Counts what needs no statistics, and decides by it. */
void comparison_count(struct comparison_run *run);

#endif
