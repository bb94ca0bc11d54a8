/* Several servers measured in rounds, each server once in every round: how far each is from a
 * reference, and which cannot be told from the best. There is no rank for each: with a handful of
 * rounds most neighbours would change places if it was done again. */
#ifndef RESULTS_MEASURES_RANKING_H
#define RESULTS_MEASURES_RANKING_H

#include "results/measures/paired.h"

#include <stdbool.h>
#include <stddef.h>

#define RANKING_NO_SERVER ((size_t)-1)

struct ranking_question {
    /* Of server s in round r at [r * servers + s], greater than 0, or NAN where it is missing. Less
     * is better: of a throughput, give the inverse. */
    const double *values;
    size_t servers; /* at least 1 */
    size_t rounds;  /* 1 to PAIRED_BLOCKS_MAX */
    size_t reference;
    double confidence;   /* of all the intervals of one column together, for example 0.95 */
    double indifference; /* worse than the best by no more than this is as good: 0.01 is 1 % */
};

struct ranking_place {
    double median;           /* of the server's values; NAN if there are none */
    size_t reference_rounds; /* in which both it and the reference were measured */
    size_t best_rounds;      /* the same with the best */
    /* Logarithms, more is worse; all NAN where there are no rounds. Where is_exact_level is false
     * there are too few rounds for an interval of `confidence_each`. */
    struct paired_estimate against_reference;
    struct paired_estimate against_best;
    bool is_among_best; /* it cannot be told from the best; false if it has no values */
};

struct ranking {
    size_t servers;
    size_t best;            /* the one with the lowest median, or RANKING_NO_SERVER */
    double confidence_each; /* of one interval, so that all hold together */
    /* Friedman's test of the servers that have values. */
    size_t friedman_rounds;       /* in which none of them is missing */
    double friedman;              /* the statistic; NAN where there is nothing to compare */
    double friedman_p;            /* how likely one as large is if all are alike; NAN likewise */
    struct ranking_place *places; /* one for each server, in the order of the question */
};

/* Compares. The caller releases the ranking. */
void ranking_init(struct ranking *ranking, const struct ranking_question *question);
void ranking_release(struct ranking *ranking);

#endif
