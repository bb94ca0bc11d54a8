/* What the starts of a comparison say of memory. */
#ifndef BENCH_COMPARE_MEMORY_H
#define BENCH_COMPARE_MEMORY_H

#include "bench/compare/compared.h"

/* Decides, when no block will follow; starts the servers some more times where that takes it. */
void comparison_weigh(struct comparison *comparison, const struct decision_rule *rule);

/* The rule's look at the starts that there are. */
void comparison_look_at_memory(struct comparison *comparison, const struct decision_rule *rule);

#endif
