/* What starts say of something that is drawn anew with each of them. */
#ifndef BENCH_COMPARE_STARTS_H
#define BENCH_COMPARE_STARTS_H

#include "bench/compare/compared.h"

/* In the unit of the metric, and as shares of BASE's median. */
struct start_limits {
    double indifferent; /* a change up to the greater of these two is none */
    double indifferent_share;
    double must_catch; /* a change from the sum of these two on is never to be called the same */
    double must_catch_share;
};

/* The rule's look at all starts, with the share of one look. What it cannot decide is no gate. */
void compared_look_at_starts(struct compared *compared, const struct decision_rule *rule,
                             const struct starts *starts, const struct start_limits *limits);

#endif
