#include "bench/compare/comparison_run.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>

#define START_NS    (300 * NS_PER_MS) /* that three servers take at least to start and warm up */
#define DROPPED_MAX 8                 /* blocks; then the machine is no place to compare */

bool comparison_is_stopped(const struct comparison_run *run)
{
    return run->plan->is_stopped != NULL && *run->plan->is_stopped;
}

void comparison_note_trouble(struct comparison *comparison, enum side side, const char *trouble)
{
    if (comparison->trouble != NULL || trouble == NULL)
        return;
    comparison->trouble = text_of("%s", trouble);
    comparison->trouble_of = side;
}

/*** Looks ***/

static bool is_to_be_decided(const struct compared *compared)
{
    return compared->is_gated && !compared->is_exact && !compared->has_gap &&
           compared->verdict == DECISION_OPEN;
}

/* No block is run for what only the generator would decide, if there is anything else. */
static bool is_open(const struct comparison *comparison)
{
    bool is_all_there_is = comparison->metrics[METRIC_SERVER_CPU].is_uncounted;
    for (enum bench_metric metric = 0; metric < METRICS; metric++)
        if (is_to_be_decided(&comparison->metrics[metric]) &&
            (is_all_there_is || !comparison_is_of_generator(comparison, metric)))
            return true;
    return false;
}

/* The rule's look at every metric that is still open; the last one if time is up. */
static void look(struct comparison_run *run, const struct decision_rule *rule, size_t number,
                 bool is_last)
{
    struct comparison *comparison = run->comparison;
    for (size_t i = 0; i < METRICS; i++) {
        struct compared *compared = &comparison->metrics[i];
        if (!is_to_be_decided(compared))
            continue;
        struct decision_look seen =
            is_last ? decision_last_look(rule, number, compared->shifts.of_new, comparison->blocks)
                    : decision_look(rule, number, compared->shifts.of_new, comparison->blocks);
        compared->looks[compared->look_count++] = seen;
        compared->verdict = seen.decision;
    }
}

static bool has_time_for_a_block(const struct comparison_run *run, int64_t first_block_ns)
{
    int64_t now_ns = clock_now_ns();
    int64_t of_a_block_ns = run->block > 0 ? (now_ns - first_block_ns) / run->block : 0;
    return now_ns + of_a_block_ns <= run->comparison->begin_ns + run->plan->budget_ns;
}

static void run_blocks(struct comparison_run *run, const struct decision_rule *rule,
                       comparison_progress_function *progress, void *context)
{
    struct comparison *comparison = run->comparison;
    size_t number = 0;
    int64_t first_block_ns = clock_now_ns();
    comparison->is_cut = comparison_is_stopped(run);
    while (is_open(comparison) && comparison->trouble == NULL && !comparison->is_cut &&
           !comparison->is_unfit) {
        comparison->is_out_of_time = !has_time_for_a_block(run, first_block_ns);
        if (comparison->is_out_of_time)
            break;
        comparison_run_block(run);
        comparison->is_unfit = comparison->dropped >= DROPPED_MAX;
        comparison->is_cut = comparison_is_stopped(run);
        if (progress != NULL)
            progress(comparison->blocks, (double)(clock_now_ns() - comparison->begin_ns) / NS_PER_S,
                     context);
        if (comparison->blocks == rule->looks[number] && comparison->trouble == NULL)
            look(run, rule, number++, false);
    }
    if (comparison->blocks > 0 && number < rule->look_count)
        look(run, rule, number, true);
}

/*** All of it ***/

static void init_metrics(struct comparison *comparison, const struct comparison_plan *plan)
{
    for (enum bench_metric metric = 0; metric < METRICS; metric++) {
        bool is_gated =
            metric == METRIC_THROUGHPUT || metric == METRIC_P50 || metric == METRIC_SERVER_CPU;
        comparison->metrics[metric] =
            (struct compared){.metric = metric, .is_gated = is_gated, .values = {NAN, NAN, NAN}};
    }
    struct bench_cell *bench = &comparison->bench;
    *bench = (struct bench_cell){.cell = &plan->cell, .count = SIDES, .is_resident = true};
    bench->rows = allocate(SIDES, sizeof *bench->rows);
    for (enum side side = 0; side < SIDES; side++)
        bench_row_init(&bench->rows[side], &plan->contenders[side]);
}

/* How many chances there are to be wrong: throughput and processor time are looked at twice. */
static size_t count_chances(const struct comparison *comparison)
{
    size_t count = 0;
    for (enum bench_metric metric = 0; metric < METRICS; metric++) {
        const struct compared *compared = &comparison->metrics[metric];
        if (compared->is_gated && !compared->is_exact)
            count += metric == METRIC_THROUGHPUT || metric == METRIC_SERVER_CPU ? 2 : 1;
    }
    return count;
}

#define LEAD_IN_PART     5  /* of a slice, not measured */
#define LATENCIES        20 /* of BASE, that a slice holds at least: then each client is in it */
#define SLICE_LEAST_NS   (10.0 * NS_PER_MS)
#define SLICE_LONGEST_NS (500.0 * NS_PER_MS)

/* The shorter the slices, the nearer they lie to one another, and the less the machine has changed
 * from one to the next: of the same time, ten times as many slices of a tenth of the length told
 * three times smaller changes. */
static int64_t choose_slice_ns(const struct comparison_run *run)
{
    if (run->plan->slice_ns > 0)
        return run->plan->slice_ns;
    double slice_ns = isnan(run->base_p50_ns) ? 0 : LATENCIES * run->base_p50_ns;
    return (int64_t)fmin(fmax(slice_ns, SLICE_LEAST_NS), SLICE_LONGEST_NS);
}

/* As many sweeps to a block as let the last look fit into the time. */
static unsigned sweeps_for(const struct comparison_run *run)
{
    const struct decision_rule *rule = &run->plan->rule;
    const struct comparison *comparison = run->comparison;
    int64_t slice_ns = comparison->lead_in_ns + comparison->slice_ns;
    int64_t left_ns = run->plan->budget_ns - (clock_now_ns() - comparison->begin_ns);
    int64_t block_ns = left_ns / rule->looks[rule->look_count - 1];
    int64_t start_ns = SIDES * run->start_ns > START_NS ? SIDES * run->start_ns : START_NS;
    int64_t sweeps = (block_ns - start_ns - SIDES * slice_ns) / (2LL * SIDES * slice_ns);
    return sweeps < 1 ? 1 : sweeps > SWEEPS_MAX ? SWEEPS_MAX : (unsigned)sweeps;
}

void comparison_run(struct comparison *comparison, const struct comparison_plan *plan,
                    comparison_progress_function *progress, void *context)
{
    *comparison = (struct comparison){.begin_ns = clock_now_ns()};
    init_metrics(comparison, plan);
    struct comparison_run *run = allocate(1, sizeof *run);
    *run = (struct comparison_run){
        .comparison = comparison,
        .plan = plan,
        .base_p50_ns = NAN,
        .random_state = random_mix(plan->seed),
    };
    comparison_count(run);
    comparison->slice_ns = choose_slice_ns(run);
    comparison->lead_in_ns = comparison->slice_ns / LEAD_IN_PART;
    run->sweeps = sweeps_for(run);
    struct decision_rule rule = decision_rule_divide(plan->rule, count_chances(comparison));
    run_blocks(run, &rule, progress, context);
    comparison_conclude(comparison, &rule);
    comparison->elapsed_s = (double)(clock_now_ns() - comparison->begin_ns) / NS_PER_S;
    free(run);
}

void comparison_release(struct comparison *comparison)
{
    for (size_t i = 0; i < METRICS; i++)
        free(comparison->metrics[i].reason);
    bench_release(&comparison->bench);
    free(comparison->trouble);
}
