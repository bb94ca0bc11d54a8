/* What a comparison makes of its blocks, which stand here as they might have been measured. */
#include "bench/compare/block.h"
#include "bench/compare/shift.h"
#include "bench/compare/verdict.h"
#include "tests/support/compared.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

TestSuite(comparison, .init = compared_begin, .fini = compared_end);

static const struct decision_rule *rule_of_test(void)
{
    static struct decision_rule rule;
    rule = decision_rule_divide(decision_rule_default(0.05), 4);
    return &rule;
}

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
