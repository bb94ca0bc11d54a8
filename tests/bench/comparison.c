/* What a comparison makes of its slices and blocks, which stand here as they might have been
 * measured: nothing is run. */
#include "bench/compare/block.h"
#include "bench/compare/shift.h"
#include "bench/compare/verdict.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define BLOCKS 6
#define SLICES 20

static const struct contender contenders[SIDES] = {
    {.name = "base"}, {.name = "new"}, {.name = "copy"}};
static const struct decision_rule *rule_of_test(void)
{
    static struct decision_rule rule;
    rule = decision_rule_divide(decision_rule_default(0.05), 4);
    return &rule;
}

/*** Blocks ***/

static struct comparison comparison;
static struct bench_row rows[SIDES];
static struct cell cell;

/* Each side answers 1000 requests a second in 100 us for 5 us, in all slices of a block. */
static void begin(void)
{
    memset(&comparison, 0, sizeof comparison);
    comparison.block.taken = SLICES;
    comparison.bench = (struct bench_cell){.cell = &cell, .rows = rows, .count = SIDES};
    for (enum side side = 0; side < SIDES; side++) {
        bench_row_init(&rows[side], &contenders[side]);
        comparison.least_served[side] = comparison.most_served[side] = 4;
        for (size_t i = 0; i < SLICES; i++) {
            for (enum metric metric = 0; metric < METRICS; metric++)
                comparison.block.values[side][metric][i] = 1;
            comparison.block.values[side][METRIC_THROUGHPUT][i] = 1000;
            comparison.block.values[side][METRIC_P50][i] = 100e3;
            comparison.block.values[side][METRIC_SERVER_CPU][i] = 5;
        }
    }
    for (enum metric metric = 0; metric < METRICS; metric++)
        comparison.metrics[metric] = (struct compared){
            .metric = metric,
            .is_gated =
                metric == METRIC_THROUGHPUT || metric == METRIC_P50 || metric == METRIC_SERVER_CPU,
        };
}

static void end(void)
{
    for (size_t i = 0; i < METRICS; i++)
        free(comparison.metrics[i].reason);
    for (enum side side = 0; side < SIDES; side++)
        bench_row_release(&rows[side]);
    free(comparison.trouble);
}

TestSuite(comparison, .init = begin, .fini = end);

static double shift_of_new(enum metric metric)
{
    const struct compared *compared = &comparison.metrics[metric];
    cr_assert_gt(compared->block_count, 0);
    return compared->shifts.of[SIDE_NEW][compared->block_count - 1];
}

Test(comparison, more_is_worse_of_a_cost_and_less_of_throughput)
{
    for (size_t i = 0; i < SLICES; i++) {
        comparison.block.values[SIDE_NEW][METRIC_THROUGHPUT][i] = 800;
        comparison.block.values[SIDE_NEW][METRIC_P50][i] = 125e3;
        comparison.block.values[SIDE_NEW][METRIC_SERVER_CPU][i] = 4;
    }
    comparison_note_block(&comparison);
    cr_expect_float_eq(shift_of_new(METRIC_THROUGHPUT), log(1.25), 1e-12);
    cr_expect_float_eq(shift_of_new(METRIC_P50), log(1.25), 1e-12);
    cr_expect_float_eq(shift_of_new(METRIC_SERVER_CPU), log(0.8), 1e-12);
    cr_expect_float_eq(comparison.metrics[METRIC_P50].shifts.of[SIDE_CONTROL][0], 0, 1e-12);
    cr_expect_eq(comparison.blocks, 1);
}

static void answers_nothing(enum side side)
{
    for (size_t i = 0; i < SLICES; i++)
        comparison.block.values[side][METRIC_THROUGHPUT][i] = 0;
}

Test(comparison, who_alone_answers_nothing_in_a_block_is_in_trouble)
{
    cr_expect_null(comparison_reason_to_drop(&comparison, 0.1));
    answers_nothing(SIDE_NEW);
    cr_expect_not_null(comparison_reason_to_drop(&comparison, 0.1));
    cr_assert_not_null(comparison.trouble);
    cr_expect_str_eq(comparison.trouble, "it answered nothing during a whole block");
    cr_expect_eq(comparison.trouble_of, SIDE_NEW);
}

Test(comparison, who_answers_nothing_on_a_machine_that_was_taken_away_is_not)
{
    answers_nothing(SIDE_NEW);
    cr_expect_str_eq(comparison_reason_to_drop(&comparison, 0.9),
                     "other programs took the processors");
    answers_nothing(SIDE_CONTROL);
    cr_expect_str_eq(comparison_reason_to_drop(&comparison, 0.1),
                     "neither BASE nor its copy answered");
    cr_expect_null(comparison.trouble);
}

Test(comparison, slices_that_a_neighbour_has_hit_do_not_move_a_block)
{
    for (size_t i = 0; i < SLICES; i += 3) {
        comparison.block.values[SIDE_NEW][METRIC_THROUGHPUT][i] = 100;
        comparison.block.values[SIDE_NEW][METRIC_P50][i] = 1e6;
    }
    comparison.block.values[SIDE_BASE][METRIC_THROUGHPUT][1] = 0;
    comparison.block.values[SIDE_BASE][METRIC_P50][1] = NAN; /* nothing was answered */
    comparison.block.values[SIDE_BASE][METRIC_SERVER_CPU][1] = NAN;
    comparison_note_block(&comparison);
    cr_expect_float_eq(shift_of_new(METRIC_THROUGHPUT), 0, 1e-12);
    cr_expect_float_eq(shift_of_new(METRIC_P50), 0, 1e-12);
    cr_expect_float_eq(shift_of_new(METRIC_SERVER_CPU), 0, 1e-12);
    cr_expect_float_eq(comparison.metrics[METRIC_THROUGHPUT].whole.of[SIDE_NEW][0],
                       log(19000.0 / (13 * 1000 + 7 * 100)), 1e-12);
}

Test(comparison, of_whole_blocks_a_cost_counts_by_requests)
{
    comparison.block.values[SIDE_NEW][METRIC_THROUGHPUT][0] = 1;
    comparison.block.values[SIDE_NEW][METRIC_SERVER_CPU][0] = 5000;
    comparison_note_block(&comparison);
    const struct compared *cpu = &comparison.metrics[METRIC_SERVER_CPU];
    cr_expect_float_eq(shift_of_new(METRIC_SERVER_CPU), 0, 1e-12);
    cr_expect(cpu->has_whole);
    cr_expect_float_eq(cpu->whole.of[SIDE_NEW][0], log((19 * 5e3 + 5e3) / 19001 / 5), 1e-12);
}

Test(comparison, who_answers_nothing_in_most_slices_has_a_throughput_all_the_same)
{
    for (size_t i = 0; i < 15; i++)
        comparison.block.values[SIDE_NEW][METRIC_THROUGHPUT][i] = 0;
    comparison_note_block(&comparison);
    cr_expect_float_eq(shift_of_new(METRIC_THROUGHPUT), log(4), 1e-12);
}

Test(comparison, a_cost_that_is_not_known_of_a_slice_is_not_known_of_the_whole)
{
    comparison.block.values[SIDE_NEW][METRIC_SERVER_CPU][3] = NAN;
    comparison_note_block(&comparison);
    comparison_note_block(&comparison);
    cr_expect_eq(comparison.metrics[METRIC_SERVER_CPU].block_count, 2);
    cr_expect_not(comparison.metrics[METRIC_SERVER_CPU].has_whole);
    cr_expect(comparison.metrics[METRIC_THROUGHPUT].has_whole);
}

Test(comparison, a_cost_that_is_not_known_of_any_slice_is_a_gap)
{
    comparison_note_block(&comparison);
    for (size_t i = 0; i < SLICES; i++)
        comparison.block.values[SIDE_NEW][METRIC_SERVER_CPU][i] = NAN;
    comparison_note_block(&comparison);
    cr_expect(comparison.metrics[METRIC_SERVER_CPU].has_gap);
    cr_expect_eq(comparison.metrics[METRIC_SERVER_CPU].block_count, 1);
    cr_expect_not(comparison.metrics[METRIC_THROUGHPUT].has_gap);
}

/*** Verdicts ***/

/* As many blocks as the rule's first look takes, each with these shifts of NEW, a little apart;
 * in whole blocks throughput has shifted by `whole`, and processor time as in their middles. */
static void fill(double throughput, double whole, double p50, double cpu)
{
    const double shifts[METRICS] = {
        [METRIC_THROUGHPUT] = throughput, [METRIC_P50] = p50, [METRIC_SERVER_CPU] = cpu};
    comparison.blocks = BLOCKS;
    for (size_t i = 0; i < BLOCKS; i++) {
        double scatter = i % 2 == 0 ? 0.002 : -0.002;
        for (enum metric metric = 0; metric < METRICS; metric++)
            comparison.metrics[metric].shifts.of[SIDE_NEW][i] = shifts[metric] + scatter;
        comparison.metrics[METRIC_THROUGHPUT].whole.of[SIDE_NEW][i] = whole + scatter;
        comparison.metrics[METRIC_SERVER_CPU].whole.of[SIDE_NEW][i] = cpu + scatter;
    }
    for (enum metric metric = 0; metric < METRICS; metric++) {
        struct compared *compared = &comparison.metrics[metric];
        compared->block_count = BLOCKS;
        compared->has_whole = metric == METRIC_THROUGHPUT || metric == METRIC_SERVER_CPU;
        compared->looks[0] =
            decision_look(rule_of_test(), 0, compared->shifts.of[SIDE_NEW], BLOCKS);
        compared->look_count = 1;
        compared->verdict = compared->looks[0].decision;
    }
}

/* What BASE and NEW have come to; further apart than what the clock could make. */
static void slices_are(double base_p50_ns, double new_p50_ns)
{
    static struct slice slices[2];
    memset(slices, 0, sizeof slices);
    slices[0].row = SIDE_BASE;
    slices[0].values[METRIC_P50] = base_p50_ns;
    slices[1].row = SIDE_NEW;
    slices[1].values[METRIC_P50] = new_p50_ns;
    comparison.bench.slices = slices;
    comparison.bench.slice_count = 2;
}

static void expect(enum decision verdict, enum metric metric, const char *reason)
{
    comparison_conclude(&comparison, rule_of_test());
    const char *said = comparison.metrics[metric].reason;
    cr_expect_eq(comparison.verdict, verdict, "%s", decision_word(comparison.verdict));
    cr_expect((reason == NULL) == (said == NULL) && (said == NULL || strstr(said, reason) != NULL),
              "%s", said);
}

Test(comparison, no_change_is_the_same)
{
    fill(0, 0, 0, 0);
    expect(DECISION_SAME, METRIC_THROUGHPUT, NULL);
}

Test(comparison, one_metric_that_is_worse_is_enough)
{
    fill(0, 0, -0.2, 0.1);
    slices_are(100e3, 80e3);
    expect(DECISION_WORSE, METRIC_SERVER_CPU, NULL);
    cr_expect_eq(comparison.metrics[METRIC_P50].verdict, DECISION_BETTER);
}

Test(comparison, pauses_make_worse_what_most_slices_find_the_same)
{
    fill(0, 0.1, 0, 0);
    expect(DECISION_WORSE, METRIC_THROUGHPUT, "now and then");
    cr_expect_float_eq(comparison.metrics[METRIC_THROUGHPUT].estimates[SIDE_NEW].shift, 0.1, 0.005);
}

Test(comparison, pauses_of_everybody_keep_nobody_from_being_the_same)
{
    fill(0, 0, 0, 0);
    for (size_t i = 0; i < BLOCKS; i++)
        comparison.metrics[METRIC_THROUGHPUT].whole.of[SIDE_NEW][i] = i % 2 == 0 ? 0.3 : -0.3;
    expect(DECISION_SAME, METRIC_THROUGHPUT, NULL);
}

Test(comparison, pauses_that_the_copy_has_too_say_nothing_of_new)
{
    fill(0, 0.1, 0, 0);
    struct block_shifts *whole = &comparison.metrics[METRIC_THROUGHPUT].whole;
    for (size_t i = 0; i < BLOCKS; i++)
        whole->of[SIDE_CONTROL][i] = whole->of[SIDE_NEW][i] + 0.001 * (double)i;
    expect(DECISION_SAME, METRIC_THROUGHPUT, NULL);
}

Test(comparison, what_the_generator_limits_is_no_gate)
{
    fill(0, 0, 0, 0);
    comparison.generator_share = 0.99;
    comparison.metrics[METRIC_THROUGHPUT].verdict = DECISION_OPEN;
    expect(DECISION_SAME, METRIC_THROUGHPUT, NULL);
    cr_expect_not(comparison.metrics[METRIC_THROUGHPUT].is_gated);
    cr_expect(comparison.metrics[METRIC_SERVER_CPU].is_gated);
}

Test(comparison, what_is_worse_although_the_generator_limits_it_is_worse)
{
    fill(0.2, 0.2, 0, 0);
    comparison.generator_share = 0.99;
    expect(DECISION_WORSE, METRIC_THROUGHPUT, NULL);
    cr_expect(comparison.metrics[METRIC_THROUGHPUT].is_gated);
    cr_expect_not(comparison.metrics[METRIC_P50].is_gated);
}

static void cpu_is_uncounted(void)
{
    struct compared *cpu = &comparison.metrics[METRIC_SERVER_CPU];
    cpu->by = COMPARED_BY_NOTHING;
    cpu->is_gated = false;
}

Test(comparison, what_is_not_known_here_is_no_gate)
{
    fill(0, 0, 0, 0.2);
    cpu_is_uncounted();
    expect(DECISION_SAME, METRIC_SERVER_CPU, NULL);
    cr_expect_not(comparison.metrics[METRIC_SERVER_CPU].is_gated);
}

Test(comparison, where_nothing_that_is_timed_can_decide_nothing_is_the_same)
{
    fill(0, 0, 0, 0);
    cpu_is_uncounted();
    comparison.generator_share = 0.99;
    expect(DECISION_INCONCLUSIVE, METRIC_SERVER_CPU, NULL);
    cr_expect(comparison_is_untimed(&comparison));
}

Test(comparison, what_is_open_where_the_generator_has_time_is_inconclusive)
{
    fill(0, 0, 0, 0);
    comparison.generator_share = 0.96;
    comparison.metrics[METRIC_THROUGHPUT].verdict = DECISION_OPEN;
    expect(DECISION_INCONCLUSIVE, METRIC_THROUGHPUT, NULL);
}

Test(comparison, work_that_most_slices_do_not_show_makes_worse)
{
    fill(0, 0, 0, 0);
    for (size_t i = 0; i < BLOCKS; i++)
        comparison.metrics[METRIC_SERVER_CPU].whole.of[SIDE_NEW][i] = 0.1 + 0.002 * (double)i;
    expect(DECISION_WORSE, METRIC_SERVER_CPU, "now and then");
}

Test(comparison, what_is_not_known_of_the_whole_is_decided_by_the_middle)
{
    fill(0, 0.1, 0, 0);
    comparison.metrics[METRIC_THROUGHPUT].has_whole = false;
    expect(DECISION_SAME, METRIC_THROUGHPUT, NULL);
}

Test(comparison, where_base_differs_from_its_copy_only_what_holds_against_both_stands)
{
    fill(0, 0, 0, 0.1);
    for (size_t i = 0; i < BLOCKS; i++)
        comparison.metrics[METRIC_SERVER_CPU].shifts.of[SIDE_CONTROL][i] = 0.1;
    expect(DECISION_INCONCLUSIVE, METRIC_SERVER_CPU, "its own copy by +10.5 %");
}

Test(comparison, what_holds_against_base_and_its_copy_stands)
{
    fill(0, 0, 0, 0.3);
    for (size_t i = 0; i < BLOCKS; i++)
        comparison.metrics[METRIC_SERVER_CPU].shifts.of[SIDE_CONTROL][i] = 0.1;
    expect(DECISION_WORSE, METRIC_SERVER_CPU, NULL);
}

Test(comparison, less_than_two_microseconds_are_too_little_to_tell)
{
    fill(0, 0, 0.2, 0);
    slices_are(9e3, 10.9e3);
    expect(DECISION_INCONCLUSIVE, METRIC_P50, "1.9 us is too small");
}

Test(comparison, who_serves_fewer_at_best_than_base_at_worst_is_worse)
{
    fill(0, 0, 0, 0);
    comparison.most_served[SIDE_NEW] = 3;
    expect(DECISION_WORSE, METRIC_THROUGHPUT, NULL);
    cr_expect_str_eq(comparison.trouble, "it served at most 3 of the clients, BASE at least 4");
    cr_expect_eq(comparison.trouble_of, SIDE_NEW);
}

Test(comparison, who_serves_as_few_as_the_copy_once_did_is_not)
{
    fill(0, 0, 0, 0);
    comparison.most_served[SIDE_NEW] = comparison.least_served[SIDE_CONTROL] = 3;
    expect(DECISION_SAME, METRIC_THROUGHPUT, NULL);
    cr_expect_null(comparison.trouble);
}

Test(comparison, who_works_while_others_are_loaded_is_worse_however_fast_it_looks)
{
    fill(-0.5, -0.5, 0, 0);
    comparison.idle_share[SIDE_NEW] = 0.9;
    expect(DECISION_WORSE, METRIC_THROUGHPUT, NULL);
    cr_expect_str_eq(comparison.trouble,
                     "it uses 90 % of a processor while others are loaded, BASE 0 %");
}

Test(comparison, where_all_work_without_a_load_nobody_is_in_trouble)
{
    fill(0, 0, 0, 0);
    for (enum side side = 0; side < SIDES; side++)
        comparison.idle_share[side] = 0.9;
    expect(DECISION_SAME, METRIC_THROUGHPUT, NULL);
    cr_expect_null(comparison.trouble);
}

Test(comparison, base_in_trouble_proves_nothing)
{
    fill(0, 0, 0, 0.1);
    comparison_note_trouble(&comparison, SIDE_BASE, "it ended");
    expect(DECISION_INCONCLUSIVE, METRIC_SERVER_CPU, NULL);
}

Test(comparison, a_machine_where_blocks_do_not_count_is_no_place_to_compare)
{
    fill(0, 0, 0, 0);
    comparison.is_unfit = true;
    comparison.dropped = 8;
    comparison.metrics[METRIC_P50].block_count = 2;
    comparison.metrics[METRIC_P50].verdict = DECISION_OPEN;
    expect(DECISION_INCONCLUSIVE, METRIC_P50, "8 blocks did not count");
    cr_expect_eq(comparison.metrics[METRIC_SERVER_CPU].verdict, DECISION_SAME,
                 "what was decided in spite of them is decided");
}

Test(comparison, a_machine_too_busy_to_time_on_tells_processor_time_all_the_same)
{
    for (size_t i = 0; i < SLICES; i++) {
        comparison.block.values[SIDE_NEW][METRIC_THROUGHPUT][i] = 10;
        comparison.block.values[SIDE_NEW][METRIC_SERVER_CPU][i] = 6;
    }
    comparison_note_busy_block(&comparison);
    cr_expect_float_eq(shift_of_new(METRIC_SERVER_CPU), log(1.2), 1e-12);
    cr_expect_eq(comparison.metrics[METRIC_THROUGHPUT].block_count, 0);
    cr_expect_eq(comparison.blocks, 0, "it does not count otherwise");
}

Test(comparison, more_blocks_than_the_rule_plans_for_are_no_trouble)
{
    fill(0, 0, 0, 0.1);
    struct compared *cpu = &comparison.metrics[METRIC_SERVER_CPU];
    for (size_t i = 0; i < COMPARISON_BLOCKS_MAX; i++)
        for (enum side side = SIDE_NEW; side < SIDES; side++)
            cpu->shifts.of[side][i] = cpu->whole.of[side][i] = side == SIDE_NEW ? 0.1 : 0;
    cpu->block_count = COMPARISON_BLOCKS_MAX;
    comparison_note_busy_block(&comparison);
    cr_expect_eq(cpu->block_count, COMPARISON_BLOCKS_MAX);
    expect(DECISION_WORSE, METRIC_SERVER_CPU, NULL);
}

Test(comparison, an_interval_takes_blocks_enough_for_one)
{
    static const double shifts[] = {0.075, 0.075};
    struct paired_estimate none = {.low = 0.075, .high = 0.075, .confidence = 0};
    cr_expect_not(compared_has_interval(&none));
    struct paired_estimate two = paired_estimate(shifts, 2, 0.95);
    cr_expect(compared_has_interval(&two));
    struct paired_estimate one = paired_estimate(shifts, 1, 0.95);
    cr_expect_not(compared_has_interval(&one));
}
