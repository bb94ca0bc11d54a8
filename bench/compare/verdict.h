/* What may be said of each metric of a comparison, and of NEW. */
#ifndef BENCH_COMPARE_VERDICT_H
#define BENCH_COMPARE_VERDICT_H

#include "bench/compare/compared.h"

#include <jansson.h>

/* Says it, when no block will follow. */
void comparison_conclude(struct comparison *comparison, const struct decision_rule *rule);

/* Had the generator no time left? Throughput and median latency are its own, then, and no gate
 * unless they are worse all the same. */
bool comparison_is_generator_bound(const struct comparison *comparison);

/* Is the metric one of those, and had it none? */
bool comparison_is_of_generator(const struct comparison *comparison, enum metric metric);

/* Is it impossible to count the metric here? Not if counting was merely cut short. */
bool comparison_cannot_count(const struct comparison *comparison, enum metric metric);

/* Is no timed metric gated? Then NEW can only be found worse by its counts. */
bool comparison_is_untimed(const struct comparison *comparison);

/* What stood in the way of a decision whatever the metrics, as sentences: a new array, empty if
 * nothing did; the caller owns it. */
json_t *comparison_obstacles(const struct comparison *comparison);

#endif
