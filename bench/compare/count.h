/* What a comparison counts, before the first block. */
#ifndef BENCH_COMPARE_COUNT_H
#define BENCH_COMPARE_COUNT_H

#include "bench/compare/compared.h"

/* Counts what needs no statistics, and decides by it. */
void comparison_count(struct comparison *comparison);

#endif
