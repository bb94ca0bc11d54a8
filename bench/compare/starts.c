/* Theory of operation: what a start draws, it keeps: in which arenas its threads allocate, when
 * garbage is collected, how much of its code has been compiled, which thread wakes which. In
 * memory, runtimes scatter by some per cent from start to start, and threads by a fifth, and one
 * start of each side says nothing; of a server that allocates nothing but what it needs it is the
 * same to the page. So all starts are asked, and those of BASE and of its copy together, which are
 * the same program: is NEW more than they are by more than is allowed, whatever else a start may
 * draw?
 *
 * There may be too few starts to call what scatters the same. Then it is no gate, and only counts
 * where NEW is worse. */
#include "bench/compare/starts.h"

#include "base/memory.h"
#include "results/measures/statistics.h"
#include "results/measures/unpaired.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STARTS_FEWEST 4 /* of NEW, by which it can be called worse */

/* Two sets of starts, later ones and those they are compared with. */
struct versions {
    const double *base;
    size_t base_count;
    const double *later;
    size_t later_count;
};

/* Of nothing nothing can be a share. */
static double share_of(double amount, double base)
{
    return base > 0 ? amount / base : amount == 0 ? 0 : NAN;
}

static struct paired_estimate estimate(const struct versions *versions, double tail)
{
    return unpaired_estimate(versions->base, versions->base_count, versions->later,
                             versions->later_count, 1 - 2 * tail);
}

/* With the ends of an interval at which nothing is excluded where starts are too few for it. */
static struct paired_estimate estimate_surely(const struct versions *versions, double tail)
{
    struct paired_estimate sure = estimate(versions, tail);
    sure.low = sure.is_exact_level ? sure.low : -INFINITY;
    sure.high = sure.is_exact_level ? sure.high : INFINITY;
    return sure;
}

/* By how much all later ones are more than all others, at least; -INFINITY unless that is more than
 * the others lie apart. Four starts are too few for the interval, though each order that has all
 * later ones above has a chance of 1 in 495: where they are far above, too, that is enough. */
static double gap_of(const struct versions *versions)
{
    double least = INFINITY;
    double base_least = INFINITY;
    double base_most = -INFINITY;
    for (size_t i = 0; i < versions->later_count; i++)
        least = fmin(least, versions->later[i]);
    for (size_t i = 0; i < versions->base_count; i++) {
        base_least = fmin(base_least, versions->base[i]);
        base_most = fmax(base_most, versions->base[i]);
    }
    bool is_wide =
        versions->later_count >= STARTS_FEWEST && least - base_most > base_most - base_least;
    return is_wide ? least - base_most : -INFINITY;
}

/* The rule's look; `base` is what shares are of. */
static struct decision_look look_at(const struct decision_rule *rule,
                                    const struct versions *versions, double base,
                                    const struct start_limits *limits)
{
    double looks = (double)rule->look_count;
    double indifferent = fmax(limits->indifferent, limits->indifferent_share * fabs(base));
    double must_catch = limits->must_catch + limits->must_catch_share * fabs(base);
    struct paired_estimate change = estimate_surely(versions, rule->false_worse / looks);
    double excluded = estimate_surely(versions, rule->false_same / looks).high;
    if (isinf(change.low))
        change.low = gap_of(versions);
    return (struct decision_look){
        .blocks = (unsigned)versions->later_count,
        .mean = NAN,
        .standard_error = NAN,
        .worse_multiplier = NAN,
        .same_multiplier = NAN,
        .worse_than = share_of(change.low, base),
        .better_than = share_of(change.high, base),
        .excluded_above = share_of(excluded, base),
        .decision = change.low > indifferent                   ? DECISION_WORSE
                    : change.high < -indifferent               ? DECISION_BETTER
                    : excluded < fmax(must_catch, indifferent) ? DECISION_SAME
                                                               : DECISION_INCONCLUSIVE,
    };
}

/* As the other metrics have it: a logarithm, here of one more the share. */
static struct paired_estimate estimate_to_show(const struct versions *versions, double base)
{
    struct paired_estimate shown = estimate(versions, 0.025);
    shown.shift = log1p(share_of(shown.shift, base));
    shown.low = log1p(share_of(shown.low, base));
    shown.high = log1p(share_of(shown.high, base));
    return shown;
}

/* Where BASE differs from its copy, NEW has a verdict only if it differs from that likewise. */
static void doubt(struct compared *compared, enum decision of_copy, enum decision against_copy)
{
    if (decision_is_change(of_copy) && against_copy != compared->verdict) {
        compared->verdict = DECISION_INCONCLUSIVE;
        compared->reason = text_of("BASE differs from its own copy by %+.1f %%",
                                   100 * paired_change(compared->estimates[SIDE_CONTROL].shift));
    }
    if (compared->verdict == DECISION_INCONCLUSIVE && compared->reason == NULL)
        compared->reason = text_of("it differs too much from start to start%s",
                                   compared->is_gated ? ", and only counts where it is worse" : "");
    compared->is_gated = compared->is_gated && compared->verdict != DECISION_INCONCLUSIVE;
}

static double median_of(const double *values, size_t count)
{
    double *sorted = allocate(count, sizeof *sorted);
    memcpy(sorted, values, count * sizeof *values);
    double median = statistics_quantile(sorted, count, 0.5);
    free(sorted);
    return median;
}

void compared_look_at_starts(struct compared *compared, const struct decision_rule *rule,
                             const struct starts *starts, const struct start_limits *limits)
{
    size_t count = starts->count;
    const double *base = starts->of[SIDE_BASE];
    const double *later = starts->of[SIDE_NEW];
    const double *copy = starts->of[SIDE_CONTROL];
    double both[2 * COMPARISON_BLOCKS_MAX];
    free(compared->reason);
    compared->reason = NULL;
    compared->by = COMPARED_BY_STARTS;
    compared->is_gated = compared->is_gated && count > 0;
    if (count == 0)
        return;
    memcpy(both, base, count * sizeof *both);
    memcpy(both + count, copy, count * sizeof *both);
    double median = median_of(both, 2 * count);
    const struct versions of_new = {both, 2 * count, later, count};
    const struct versions of_copy = {base, count, copy, count};
    const struct versions against_copy = {copy, count, later, count};
    compared->values[SIDE_BASE] = median;
    compared->values[SIDE_NEW] = median_of(later, count);
    compared->values[SIDE_CONTROL] = median_of(copy, count);
    compared->estimates[SIDE_NEW] = estimate_to_show(&of_new, median);
    compared->estimates[SIDE_CONTROL] = estimate_to_show(&of_copy, median);
    compared->looks[compared->look_count] = look_at(rule, &of_new, median, limits);
    compared->verdict = compared->looks[compared->look_count++].decision;
    compared->control_look = look_at(rule, &of_copy, median, limits);
    doubt(compared, compared->control_look.decision,
          look_at(rule, &against_copy, median, limits).decision);
}
