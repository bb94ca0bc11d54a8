/* What a comparison counts, before the first block. */
#ifndef BENCH_COMPARE_COUNT_H
#define BENCH_COMPARE_COUNT_H

#include "bench/compare/compared.h"

/* Counts, and decides what needs no statistics. */
void comparison_count(struct comparison *comparison);

/* Decides by the starts what differs from one to the next. */
void comparison_look_at_counts(struct comparison *comparison, const struct decision_rule *rule);

#endif
