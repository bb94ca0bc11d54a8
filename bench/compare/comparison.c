#include "bench/compare/comparison.h"

#include "base/clock.h"
#include "base/random.h"
#include "bench/compare/block.h"
#include "bench/compare/count.h"
#include "bench/compare/memory.h"
#include "bench/compare/verdict.h"

#include <math.h>
#include <stdlib.h>

#define START_NS    (300 * NS_PER_MS) /* that three servers take at least to start and warm up */
#define AWAIT_NS    NS_PER_S          /* that a quiet moment is waited for, at most */
#define DROPPED_MAX 8 /* blocks; then the machine is to blame for what was not decided */

/*** Looks ***/

static bool is_to_be_decided(const struct compared *compared)
{
    return compared_is_timed_gate(compared) && !compared->has_gap &&
           compared->verdict == DECISION_OPEN;
}

/* A count that is worse makes NEW worse, whatever would be timed. */
static bool is_decided_by_a_count(const struct comparison *comparison)
{
    for (enum metric metric = 0; metric < METRICS; metric++) {
        const struct compared *compared = &comparison->metrics[metric];
        if (compared->by == COMPARED_BY_COUNT && compared->is_gated &&
            compared->verdict == DECISION_WORSE)
            return true;
    }
    return false;
}

/* Metrics that only the generator would decide need no further block, unless they are all. */
static bool is_open(const struct comparison *comparison)
{
    bool is_all_there_is = comparison->metrics[METRIC_SERVER_CPU].by == COMPARED_BY_NOTHING;
    if (is_decided_by_a_count(comparison))
        return false;
    for (enum metric metric = 0; metric < METRICS; metric++)
        if (is_to_be_decided(&comparison->metrics[metric]) &&
            (is_all_there_is || !comparison_is_of_generator(comparison, metric)))
            return true;
    return false;
}

/* The rule's look at every metric that is still open and has the blocks for it; at all of them if
 * time is up. Processor time may have more blocks than what is timed. */
static void look(struct comparison *comparison, const struct decision_rule *rule, bool is_last)
{
    for (size_t i = 0; i < METRICS; i++) {
        struct compared *compared = &comparison->metrics[i];
        size_t number = compared->look_count;
        const double *blocks = compared->shifts.of[SIDE_NEW];
        bool is_due = number < rule->look_count && compared->block_count == rule->looks[number];
        bool is_now = is_last ? compared->block_count > 0 && number < rule->look_count : is_due;
        if (!is_to_be_decided(compared) || !is_now)
            continue;
        struct decision_look seen =
            is_due ? decision_look(rule, number, blocks, compared->block_count)
                   : decision_last_look(rule, number, blocks, compared->block_count);
        compared->looks[compared->look_count++] = seen;
        compared->verdict = seen.decision;
    }
}

/* That the starts take which the rule's first look at memory needs, beside those there are and that
 * of the next block. The first block comes before it. */
static int64_t time_to_weigh_ns(const struct comparison *comparison)
{
    size_t needed = comparison->plan->rule.looks[0];
    size_t there = comparison->starts[METRIC_MEMORY].count;
    if (there == 0 || there + 1 >= needed)
        return 0;
    return (int64_t)(needed - there - 1) * SIDES * comparison->start_ns;
}

/* With all clients a server that compiles itself while it runs, such as one in Java, takes as long
 * again to warm up as it takes to start: three of them took 4 s of a budget of 12 s. */
static int64_t first_block_ns(const struct comparison *comparison)
{
    const struct bench_plan *plan = &comparison->bench.plan;
    int64_t sweep_ns = 2LL * SIDES * (plan->lead_in_ns + plan->slice_ns);
    return 2LL * SIDES * comparison->start_ns + comparison->sweeps * sweep_ns;
}

static bool has_time_for_a_block(const struct comparison *comparison, int64_t blocks_begin_ns)
{
    int64_t of_a_block_ns = comparison->block.number > 0
                                ? (clock_now_ns() - blocks_begin_ns) / comparison->block.number
                                : first_block_ns(comparison);
    return comparison_has_time(comparison, of_a_block_ns + time_to_weigh_ns(comparison));
}

static double elapsed_s(const struct comparison *comparison)
{
    return (double)(clock_now_ns() - comparison->begin_ns) / NS_PER_S;
}

/* A machine that is too busy to time on is not too busy to weigh on. */
static void let_pass(struct comparison *comparison, const struct decision_rule *rule)
{
    if (comparison->starts[METRIC_MEMORY].count < rule->looks[0] &&
        comparison_has_time(comparison, SIDES * comparison->start_ns))
        comparison_run_start(comparison);
    if (comparison_has_time(comparison, AWAIT_NS))
        comparison_await_quiet(comparison, clock_now_ns() + AWAIT_NS);
}

static void run_blocks(struct comparison *comparison, const struct decision_rule *rule,
                       comparison_progress_function *progress, void *context)
{
    int64_t begin_ns = clock_now_ns();
    comparison->is_cut = bench_is_stopped(&comparison->bench);
    while (is_open(comparison) && comparison->trouble == NULL && !comparison->is_cut) {
        comparison->is_out_of_time = !has_time_for_a_block(comparison, begin_ns);
        if (comparison->is_out_of_time)
            break;
        size_t dropped_before = comparison->dropped;
        comparison_run_block(comparison);
        comparison->is_cut = bench_is_stopped(&comparison->bench);
        if (progress != NULL)
            progress(comparison->blocks, elapsed_s(comparison), context);
        if (comparison->trouble == NULL)
            look(comparison, rule, false);
        if (comparison->dropped > dropped_before && is_open(comparison))
            let_pass(comparison, rule);
    }
    comparison->is_unfit = comparison->dropped >= DROPPED_MAX;
    look(comparison, rule, true);
}

/*** All of it ***/

static void init_metrics(struct comparison *comparison)
{
    for (enum metric metric = 0; metric < METRICS; metric++) {
        bool is_gated =
            metric == METRIC_THROUGHPUT || metric == METRIC_P50 || metric == METRIC_SERVER_CPU;
        comparison->metrics[metric] =
            (struct compared){.metric = metric, .is_gated = is_gated, .values = {NAN, NAN, NAN}};
    }
    comparison->metrics[METRIC_MEMORY].by = COMPARED_BY_STARTS;
    comparison->metrics[METRIC_MEMORY].is_gated = true;
}

/* Chances to be wrong: throughput and processor time are looked at twice. */
static size_t count_chances(const struct comparison *comparison)
{
    size_t count = 0;
    for (enum metric metric = 0; metric < METRICS; metric++)
        if (comparison->metrics[metric].by == COMPARED_BY_STARTS)
            count += comparison->metrics[metric].is_gated;
        else if (compared_is_timed_gate(&comparison->metrics[metric]))
            count += metric == METRIC_THROUGHPUT || metric == METRIC_SERVER_CPU ? 2 : 1;
    return count;
}

#define LEAD_IN_PART     5  /* of a slice, not measured */
#define LATENCIES        20 /* of BASE, that a slice holds at least: then each client is in it */
#define SLICE_LEAST_NS   (10.0 * NS_PER_MS)
#define SLICE_LONGEST_NS (500.0 * NS_PER_MS)

/* The shorter the slices, the nearer they lie to one another, and the less the machine has changed
 * from one to the next: of the same time, ten times as many slices of a tenth of the length told
 * three times smaller changes. */
static void choose_slices(struct bench_plan *plan, double base_p50_ns)
{
    double slice_ns = isnan(base_p50_ns) ? 0 : LATENCIES * base_p50_ns;
    if (plan->slice_ns == 0)
        plan->slice_ns = (int64_t)fmin(fmax(slice_ns, SLICE_LEAST_NS), SLICE_LONGEST_NS);
    plan->lead_in_ns = plan->slice_ns / LEAD_IN_PART;
}

/* As many sweeps to a block as let the last look fit into the time. */
static unsigned sweeps_for(const struct comparison *comparison)
{
    const struct decision_rule *rule = &comparison->plan->rule;
    int64_t slice_ns = comparison->bench.plan.lead_in_ns + comparison->bench.plan.slice_ns;
    int64_t left_ns = comparison->plan->budget_ns - (clock_now_ns() - comparison->begin_ns);
    int64_t block_ns = left_ns / rule->looks[rule->look_count - 1];
    int64_t start_ns =
        SIDES * comparison->start_ns > START_NS ? SIDES * comparison->start_ns : START_NS;
    int64_t sweeps = (block_ns - start_ns - SIDES * slice_ns) / (2LL * SIDES * slice_ns);
    return sweeps < 1 ? 1 : sweeps > SWEEPS_MAX ? SWEEPS_MAX : (unsigned)sweeps;
}

void comparison_run(struct comparison *comparison, const struct comparison_plan *plan,
                    comparison_progress_function *progress, void *context)
{
    *comparison = (struct comparison){
        .plan = plan,
        .random_state = random_mix(plan->bench.seed),
        .base_p50_ns = NAN,
        .begin_ns = clock_now_ns(),
    };
    init_metrics(comparison);
    bench_init(&comparison->bench, &plan->bench, &plan->cell, NULL);
    comparison->bench.is_resident = true;
    comparison_count(comparison);
    choose_slices(&comparison->bench.plan, comparison->base_p50_ns);
    comparison->sweeps = sweeps_for(comparison);
    struct decision_rule rule = decision_rule_divide(plan->rule, count_chances(comparison));
    run_blocks(comparison, &rule, progress, context);
    comparison_look_at_counts(comparison, &rule);
    comparison_weigh(comparison, &rule);
    comparison_conclude(comparison, &rule);
    comparison->elapsed_s = elapsed_s(comparison);
}

void comparison_release(struct comparison *comparison)
{
    for (size_t i = 0; i < METRICS; i++)
        free(comparison->metrics[i].reason);
    bench_release(&comparison->bench);
    free(comparison->trouble);
}
