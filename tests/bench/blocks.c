/* What a comparison makes of the slices of a block. */
#include "bench/compare/block.h"
#include "bench/compare/shift.h"
#include "tests/support/compared.h"

#include <criterion/criterion.h>
#include <math.h>

TestSuite(blocks, .init = compared_begin, .fini = compared_end);

Test(blocks, more_is_worse_of_a_cost_and_less_of_throughput)
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

Test(blocks, who_alone_answers_nothing_in_a_block_is_in_trouble)
{
    cr_expect_null(comparison_reason_to_drop(&comparison, 0.1));
    answers_nothing(SIDE_NEW);
    cr_expect_not_null(comparison_reason_to_drop(&comparison, 0.1));
    cr_assert_not_null(comparison.trouble);
    cr_expect_str_eq(comparison.trouble, "it answered nothing during a whole block");
    cr_expect_eq(comparison.trouble_of, SIDE_NEW);
}

Test(blocks, who_answers_nothing_on_a_machine_that_was_taken_away_is_not)
{
    answers_nothing(SIDE_NEW);
    cr_expect_str_eq(comparison_reason_to_drop(&comparison, 0.9),
                     "other programs took the processors");
    answers_nothing(SIDE_CONTROL);
    cr_expect_str_eq(comparison_reason_to_drop(&comparison, 0.1),
                     "neither BASE nor its copy answered");
    cr_expect_null(comparison.trouble);
}

Test(blocks, slices_that_a_neighbour_has_hit_do_not_move_a_block)
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

Test(blocks, of_whole_blocks_a_cost_counts_by_requests)
{
    comparison.block.values[SIDE_NEW][METRIC_THROUGHPUT][0] = 1;
    comparison.block.values[SIDE_NEW][METRIC_SERVER_CPU][0] = 5000;
    comparison_note_block(&comparison);
    const struct compared *cpu = &comparison.metrics[METRIC_SERVER_CPU];
    cr_expect_float_eq(shift_of_new(METRIC_SERVER_CPU), 0, 1e-12);
    cr_expect(cpu->has_whole);
    cr_expect_float_eq(cpu->whole.of[SIDE_NEW][0], log((19 * 5e3 + 5e3) / 19001 / 5), 1e-12);
}

Test(blocks, who_answers_nothing_in_most_slices_has_a_throughput_all_the_same)
{
    for (size_t i = 0; i < 15; i++)
        comparison.block.values[SIDE_NEW][METRIC_THROUGHPUT][i] = 0;
    comparison_note_block(&comparison);
    cr_expect_float_eq(shift_of_new(METRIC_THROUGHPUT), log(4), 1e-12);
}

Test(blocks, a_cost_that_is_not_known_of_a_slice_is_not_known_of_the_whole)
{
    comparison.block.values[SIDE_NEW][METRIC_SERVER_CPU][3] = NAN;
    comparison_note_block(&comparison);
    comparison_note_block(&comparison);
    cr_expect_eq(comparison.metrics[METRIC_SERVER_CPU].block_count, 2);
    cr_expect_not(comparison.metrics[METRIC_SERVER_CPU].has_whole);
    cr_expect(comparison.metrics[METRIC_THROUGHPUT].has_whole);
}

Test(blocks, a_cost_that_is_not_known_of_any_slice_is_a_gap)
{
    comparison_note_block(&comparison);
    for (size_t i = 0; i < SLICES; i++)
        comparison.block.values[SIDE_NEW][METRIC_SERVER_CPU][i] = NAN;
    comparison_note_block(&comparison);
    cr_expect(comparison.metrics[METRIC_SERVER_CPU].has_gap);
    cr_expect_eq(comparison.metrics[METRIC_SERVER_CPU].block_count, 1);
    cr_expect_not(comparison.metrics[METRIC_THROUGHPUT].has_gap);
}
