/* Theory of operation: what a connection costs in memory is drawn anew with every start: in which
 * arenas its threads allocate, when garbage is collected, how much of its code has been compiled.
 * Of runtimes it scatters by some per cent from start to start, of threads by a fifth, and one start
 * of each side says nothing; of a server that allocates nothing but what it needs it is the same to
 * the page. So all starts of the blocks are asked, and those of BASE and of its copy together, which
 * are the same program: is NEW more than they are by more than is allowed, whatever else a start may
 * draw?
 *
 * The rule looks after as many starts as it has blocks. Where blocks were enough for all that is
 * timed, but not for memory, the servers are started again only to be weighed, which takes no more
 * than their start. What scatters so much that it still cannot be called the same is no gate, and
 * only counts where NEW is worse. */
#include "bench/compare/memory.h"

#include "base/clock.h"
#include "base/memory.h"
#include "bench/compare/block.h"
#include "results/measures/statistics.h"
#include "results/measures/unpaired.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define INDIFFERENT_SHARE 0.02       /* of BASE's memory, that count for nothing */
#define STEP_BYTES        (64 << 10) /* that a server may grow by, once */

/* Two sets of starts, later ones and those they are compared with. */
struct versions {
    const double *base;
    size_t base_count;
    const double *later;
    size_t later_count;
};

/* Of nothing nothing can be a share. */
static double share_of(double bytes, double base)
{
    return base > 0 ? bytes / base : bytes == 0 ? 0 : NAN;
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

/* The rule's look, in bytes; `base` is what shares are of. */
static struct decision_look look_at(const struct decision_rule *rule,
                                    const struct versions *versions, double base, double step_bytes)
{
    double looks = (double)rule->look_count;
    double indifferent = fmax(step_bytes, INDIFFERENT_SHARE * fabs(base));
    double must_catch = step_bytes + rule->must_catch * fabs(base);
    struct paired_estimate change = estimate_surely(versions, rule->false_worse / looks);
    double excluded = estimate_surely(versions, rule->false_same / looks).high;
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
static void doubt(struct compared *compared, const struct decision_rule *rule,
                  const struct versions *against_copy, double base, double step_bytes)
{
    if (decision_is_change(compared->control_look.decision) &&
        look_at(rule, against_copy, base, step_bytes).decision != compared->verdict) {
        compared->verdict = DECISION_INCONCLUSIVE;
        compared->reason = text_of("BASE differs from its own copy by %+.1f %%",
                                   100 * paired_change(compared->estimates[SIDE_CONTROL].shift));
    }
    compared->is_gated = compared->verdict != DECISION_INCONCLUSIVE;
    if (!compared->is_gated && compared->reason == NULL)
        compared->reason =
            text_of("it differs too much from start to start, and only counts where it is worse");
}

static double median_of(const double *values, size_t count)
{
    double *sorted = allocate(count, sizeof *sorted);
    memcpy(sorted, values, count * sizeof *values);
    double median = statistics_quantile(sorted, count, 0.5);
    free(sorted);
    return median;
}

static void look(struct compared *compared, const struct decision_rule *rule,
                 const struct weights *weights, double step_bytes)
{
    size_t count = weights->count;
    const double *base = weights->of[SIDE_BASE];
    const double *later = weights->of[SIDE_NEW];
    const double *copy = weights->of[SIDE_CONTROL];
    double both[2 * COMPARISON_BLOCKS_MAX];
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
    compared->looks[compared->look_count] = look_at(rule, &of_new, median, step_bytes);
    compared->verdict = compared->looks[compared->look_count++].decision;
    compared->control_look = look_at(rule, &of_copy, median, step_bytes);
    free(compared->reason);
    compared->reason = NULL;
    doubt(compared, rule, &against_copy, median, step_bytes);
}

void comparison_look_at_memory(struct comparison *comparison, const struct decision_rule *rule)
{
    struct compared *compared = &comparison->metrics[METRIC_MEMORY];
    const struct load_plan *load = &comparison->bench.cell->load;
    double connections = fmax(1, load->clients + load->silent + load->slow_readers);
    compared->is_gated = false;
    if (comparison->weights.count > 0)
        look(compared, rule, &comparison->weights, STEP_BYTES / connections);
    else if (comparison->block.number > 0)
        compared->by = COMPARED_BY_NOTHING;
}

/* Starts the servers until there are `count` starts, or no more can be made. */
static void start_until(struct comparison *comparison, size_t count)
{
    int64_t end_ns = comparison->begin_ns + comparison->plan->budget_ns;
    int64_t now_ns = clock_now_ns();
    int64_t of_a_start_ns = SIDES * comparison->start_ns;
    for (size_t before = 0; comparison->weights.count < count; now_ns += of_a_start_ns) {
        before = comparison->weights.count;
        if (before == 0 || comparison->trouble != NULL || bench_is_stopped(&comparison->bench) ||
            now_ns + of_a_start_ns > end_ns)
            return;
        comparison_run_start(comparison);
        of_a_start_ns = clock_now_ns() - now_ns;
        if (comparison->weights.count == before)
            return;
    }
}

void comparison_weigh(struct comparison *comparison, const struct decision_rule *rule)
{
    const struct compared *memory = &comparison->metrics[METRIC_MEMORY];
    const size_t *count = &comparison->weights.count;
    for (size_t i = 0; i < rule->look_count; i++) {
        start_until(comparison, rule->looks[i]);
        bool is_passed = i + 1 < rule->look_count && *count >= rule->looks[i + 1];
        if (is_passed)
            continue;
        comparison_look_at_memory(comparison, rule);
        if (*count < rule->looks[i] || memory->verdict != DECISION_INCONCLUSIVE)
            return;
    }
}
