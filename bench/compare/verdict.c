/* Theory of operation: the rule has looked at the blocks and said what they say of each metric.
 * Here it is asked whether that may stand: not if BASE differs from its copy likewise, nor if the
 * figures contradict each other. One metric that is worse then makes NEW worse, and to be the same
 * takes all of them.
 */
#include "bench/compare/verdict.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

#define P50_FLOOR_NS        2000 /* smaller changes are those of the clock */
#define IDLE_SHARE_MAX      0.25 /* of a processor */
#define GENERATOR_SHARE_MAX 0.97 /* of its time; then the generator is what is measured */

static bool is_of_load(enum metric metric)
{
    return metric == METRIC_THROUGHPUT || metric == METRIC_P50;
}

bool comparison_is_generator_bound(const struct comparison *comparison)
{
    return comparison->generator_share > GENERATOR_SHARE_MAX;
}

bool comparison_cannot_count(const struct comparison *comparison, enum metric metric)
{
    return comparison->metrics[metric].by == COMPARED_BY_NOTHING && comparison->trouble == NULL &&
           !comparison->is_cut;
}

bool comparison_is_of_generator(const struct comparison *comparison, enum metric metric)
{
    return is_of_load(metric) && comparison_is_generator_bound(comparison);
}

/* What must not be said of a metric of the load, or NULL; the caller frees. */
static char *doubt_load(const struct compared *compared, const struct comparison *comparison)
{
    double difference_ns = fabs(compared->values[SIDE_NEW] - compared->values[SIDE_BASE]);
    for (enum side side = 0; side < SIDES; side++)
        if (comparison->bench.rows[side].judgement.breaks_little)
            return text_of("rate and latency of %s are inconsistent (Little's law)",
                           side_name(side));
    if (compared->metric == METRIC_P50 && compared->verdict != DECISION_SAME &&
        difference_ns < P50_FLOOR_NS)
        return text_of("the difference of %.1f us is too small to tell", difference_ns / 1e3);
    return NULL;
}

/* At no more blocks than the rule plans for; processor time may have some more. */
static struct decision_look last_look(const struct decision_rule *rule, const double *blocks,
                                      size_t count)
{
    size_t most = rule->looks[rule->look_count - 1];
    return decision_last_look(rule, rule->look_count - 1, blocks, count < most ? count : most);
}

/* Where BASE differs from its copy: does the rule say of NEW against the copy, too, what it says of
 * NEW against BASE? */
static bool holds_against_copy(const struct compared *compared, const struct decision_rule *rule)
{
    double blocks[COMPARISON_BLOCKS_MAX];
    enum decision of_copy = compared->control_look.decision;
    if (of_copy != DECISION_WORSE && of_copy != DECISION_BETTER)
        return true;
    for (size_t i = 0; i < compared->block_count; i++)
        blocks[i] = compared->shifts.of[SIDE_NEW][i] - compared->shifts.of[SIDE_CONTROL][i];
    return last_look(rule, blocks, compared->block_count).decision == compared->verdict;
}

/* Why the verdict cannot stand, or NULL; the caller frees. */
static char *doubt(const struct compared *compared, const struct comparison *comparison,
                   const struct decision_rule *rule)
{
    if (compared->has_gap)
        return text_of("some blocks have no value");
    if (comparison->is_unfit && compared->block_count < rule->looks[0])
        return text_of("%zu blocks did not count", comparison->dropped);
    if (compared->verdict == DECISION_INCONCLUSIVE)
        return NULL; /* doubtful already */
    if (!holds_against_copy(compared, rule))
        return text_of("BASE differs from its own copy by %+.1f %%",
                       100 * paired_change(compared->estimates[SIDE_CONTROL].shift));
    return is_of_load(compared->metric) ? doubt_load(compared, comparison) : NULL;
}

static void estimate(struct compared *compared, const struct decision_rule *rule)
{
    size_t count = compared->block_count;
    for (enum side side = SIDE_NEW; side < SIDES; side++)
        compared->estimates[side] = paired_estimate(compared->shifts.of[side], count, 0.95);
    compared->control_look = last_look(rule, compared->shifts.of[SIDE_CONTROL], count);
    if (!compared->is_gated)
        compared->verdict = last_look(rule, compared->shifts.of[SIDE_NEW], count).decision;
}

/* What the middle of the slices does not show: pauses, and work that is done once in a while. That
 * is as noisy as the machine, and counts only where NEW is worse than BASE and than its copy. */
static void look_at_whole(const struct decision_rule *rule, struct compared *compared)
{
    if (!compared->has_whole || compared->by != COMPARED_BY_BLOCKS ||
        compared->verdict == DECISION_WORSE)
        return;
    struct compared whole = *compared;
    whole.shifts = compared->whole;
    whole.looks[0] = last_look(rule, whole.shifts.of[SIDE_NEW], whole.block_count);
    whole.look_count = 1;
    whole.verdict = whole.looks[0].decision;
    whole.control_look = last_look(rule, whole.shifts.of[SIDE_CONTROL], whole.block_count);
    whole.has_gap = false;
    whole.is_of_whole = whole.is_gated = true;
    if (whole.verdict == DECISION_WORSE && holds_against_copy(&whole, rule))
        *compared = whole;
}

/* The median of what it was in the slices of this side. */
static double median_of(const struct bench_cell *bench, enum side side, enum metric metric)
{
    double *values = allocate(bench->slice_count + 1, sizeof *values);
    double median = bench_spread(values, bench_values(bench, side, metric, values)).median;
    free(values);
    return median;
}

static void conclude_metric(const struct comparison *comparison, const struct decision_rule *rule,
                            struct compared *compared)
{
    if (compared->by != COMPARED_BY_BLOCKS)
        return;
    if (compared->block_count > 0) {
        estimate(compared, rule);
        for (enum side side = 0; side < SIDES; side++)
            compared->values[side] = median_of(&comparison->bench, side, compared->metric);
    }
    if (compared->verdict == DECISION_OPEN)
        compared->verdict = DECISION_INCONCLUSIVE;
    /* What was worse before a gap is worse. */
    if (compared->verdict == DECISION_WORSE && compared->has_gap)
        return;
    compared->reason = doubt(compared, comparison, rule);
    if (compared->reason != NULL)
        compared->verdict = DECISION_INCONCLUSIVE;
    else if (compared->is_of_whole)
        compared->reason =
            text_of("only now and then: most slices show no change, all of them together do");
}

/* One metric that is worse is enough; to be the same takes all of them, and one that was timed. */
static enum decision verdict_of_all(const struct comparison *comparison)
{
    enum decision verdict =
        comparison_is_untimed(comparison) ? DECISION_INCONCLUSIVE : DECISION_SAME;
    for (size_t i = 0; i < METRICS; i++) {
        const struct compared *compared = &comparison->metrics[i];
        if (!compared->is_gated)
            continue;
        if (compared->verdict == DECISION_WORSE)
            return DECISION_WORSE;
        if (compared->verdict == DECISION_INCONCLUSIVE)
            verdict = DECISION_INCONCLUSIVE;
        if (compared->verdict == DECISION_BETTER && verdict == DECISION_SAME)
            verdict = DECISION_BETTER;
    }
    return verdict;
}

/* Clients that a server never serves are in no figure. Worse is a server that even at its best
 * served fewer than the others at their worst. */
static void compare_served(struct comparison *comparison)
{
    unsigned of_base = comparison->least_served[SIDE_BASE];
    unsigned of_copy = comparison->least_served[SIDE_CONTROL];
    unsigned least = of_base < of_copy ? of_base : of_copy;
    if (comparison->blocks == 0 || comparison->most_served[SIDE_NEW] >= least)
        return;
    char *trouble = text_of("it served at most %u of the clients, BASE at least %u",
                            comparison->most_served[SIDE_NEW], least);
    comparison_note_trouble(comparison, SIDE_NEW, trouble);
    free(trouble);
}

/* A server that works while others are loaded takes their processor, and looks better for it. Where
 * all do so, they are alike in it. */
static void compare_idle(struct comparison *comparison)
{
    const double *share = comparison->idle_share;
    if (!(share[SIDE_NEW] > IDLE_SHARE_MAX) || share[SIDE_BASE] > IDLE_SHARE_MAX ||
        share[SIDE_CONTROL] > IDLE_SHARE_MAX)
        return;
    char *trouble = text_of("it uses %.0f %% of a processor while others are loaded, BASE %.0f %%",
                            100 * share[SIDE_NEW], 100 * share[SIDE_BASE]);
    comparison_note_trouble(comparison, SIDE_NEW, trouble);
    free(trouble);
}

bool comparison_is_untimed(const struct comparison *comparison)
{
    for (size_t i = 0; i < METRICS; i++)
        if (compared_is_timed_gate(&comparison->metrics[i]))
            return false;
    return true;
}

json_t *comparison_obstacles(const struct comparison *comparison)
{
    unsigned looks_first = comparison->plan->rule.looks[0];
    json_t *obstacles = json_array();
    bool is_short = comparison->verdict == DECISION_INCONCLUSIVE && comparison->trouble == NULL &&
                    comparison->is_out_of_time && comparison->blocks < looks_first;
    if (comparison->is_cut && comparison->verdict == DECISION_INCONCLUSIVE)
        json_array_append_new(obstacles, json_string("it was stopped before its end"));
    if (comparison_is_untimed(comparison))
        json_array_append_new(obstacles, json_string("no timed metric can decide here"));
    if (is_short)
        json_array_append_new(
            obstacles, json_sprintf("there was time for %zu blocks; the rule needs at least %u",
                                    comparison->blocks, looks_first));
    return obstacles;
}

void comparison_conclude(struct comparison *comparison, const struct decision_rule *rule)
{
    struct bench_cell *bench = &comparison->bench;
    for (enum side side = 0; side < SIDES; side++)
        bench_row_judge(&bench->rows[side], &bench->cell->load, !bench->plan.pinning.is_on);
    compare_served(comparison);
    compare_idle(comparison);
    for (enum metric metric = 0; metric < METRICS; metric++) {
        struct compared *compared = &comparison->metrics[metric];
        look_at_whole(rule, compared);
        conclude_metric(comparison, rule, compared);
        /* The gate is then the processor time. But worse in spite of it is worse. */
        if (comparison_is_of_generator(comparison, metric) && compared->verdict != DECISION_WORSE)
            compared->is_gated = false;
    }
    comparison->verdict = verdict_of_all(comparison);
    if (comparison->trouble != NULL)
        comparison->verdict =
            comparison->trouble_of == SIDE_NEW ? DECISION_WORSE : DECISION_INCONCLUSIVE;
}
