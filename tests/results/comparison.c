/* Estimates, decisions and rankings, against tables and cases that were worked out by hand. */
#include "base/random.h"
#include "results/measures/decision.h"
#include "results/measures/paired.h"
#include "results/measures/ranking.h"

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/*** Estimates ***/

Test(paired, a_block_is_the_middle_of_its_log_ratios)
{
    const double base[] = {1, 4};
    const double twice[] = {4, 4};
    cr_expect_float_eq(paired_block(base, twice, 2), log(2), 1e-12);
    cr_expect_float_eq(paired_block(twice, base, 2), -log(2), 1e-12);
    cr_expect_float_eq(paired_block(base, twice, 1), log(4), 1e-12);
    const double even[] = {1, 1, 1};
    const double hit[] = {1000, 2, 2};
    cr_expect_float_eq(paired_block(even, hit, 3), log(2), 1e-12);
    cr_expect_float_eq(paired_change(log(2)), 1, 1e-12);
    cr_expect_float_eq(paired_change(-log(2)), -0.5, 1e-12);
}

Test(paired, a_block_leaves_out_the_pairs_that_say_nothing)
{
    const double base[] = {1, 0, NAN, 1, 0};
    const double later[] = {3, 0, 9, NAN, 1};
    cr_expect_float_eq(paired_block(base, later, 4), log(3), 1e-12);
    cr_expect(!isfinite(paired_block(base + 4, later + 4, 1)), "something in place of nothing");
    cr_expect(!isfinite(paired_block(base + 1, later + 1, 3)));
}

Test(paired, six_blocks_by_hand)
{
    /* Sorted, the 21 Walsh averages begin 1, 1.5, 2, have 8.5 in the middle and end 20, 24, 32. Of
     * 64 sums of ranks one each is 0, 1, 2: 1/64 is less than 2.5 %, 3/64 less than 5 %. */
    const double blocks[] = {8, 1, 32, 4, 16, 2};
    struct paired_estimate estimate = paired_estimate(blocks, 6, 0.95);
    cr_expect_float_eq(estimate.shift, 8.5, 1e-12);
    cr_expect(estimate.low == 1 && estimate.high == 32 && estimate.is_exact_level);
    cr_expect_float_eq(estimate.confidence, 1 - 2.0 / 64, 1e-12);
    estimate = paired_estimate(blocks, 6, 0.9);
    cr_expect(estimate.low == 2 && estimate.high == 20 && estimate.is_exact_level);
    cr_expect_float_eq(estimate.confidence, 1 - 6.0 / 64, 1e-12);
}

Test(paired, as_published)
{
    /* Hollander and Wolfe's patients before and after a tranquiliser: 0.46, from 0.01 to 0.786. */
    const double falls[] = {0.952, -0.147, 1.022, 0.430, 0.620, 0.590, 0.490, -0.080, 0.010};
    struct paired_estimate estimate = paired_estimate(falls, LENGTH(falls), 0.95);
    cr_expect_float_eq(estimate.shift, 0.46, 1e-9);
    cr_expect_float_eq(estimate.low, 0.01, 1e-9);
    cr_expect_float_eq(estimate.high, 0.786, 1e-9);
}

/* How many means of two of the blocks are at most `limit`. */
static size_t pairs_up_to(const double *blocks, size_t count, double limit)
{
    size_t pairs = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++)
            pairs += (blocks[i] + blocks[j]) / 2 <= limit;
    return pairs;
}

Test(paired, ends_stand_where_tables_of_the_signed_rank_test_put_them)
{
    /* The largest sum of ranks that a two-sided test rejects. Beyond 64 blocks it is an
     * approximation: in whole numbers, 65 blocks give the same 772, and 100 blocks 1955. */
    static const struct {
        size_t count;
        double confidence;
        size_t critical;
    } rows[] = {
        {6, 0.95, 0},    {7, 0.95, 2},      {8, 0.95, 3},    {9, 0.95, 5},    {10, 0.95, 8},
        {12, 0.95, 13},  {15, 0.95, 25},    {20, 0.95, 52},  {25, 0.95, 89},  {30, 0.95, 137},
        {50, 0.95, 434}, {8, 0.99, 0},      {10, 0.99, 3},   {12, 0.99, 7},   {15, 0.99, 15},
        {20, 0.99, 37},  {25, 0.99, 68},    {30, 0.99, 109}, {50, 0.99, 373}, {64, 0.95, 747},
        {65, 0.95, 772}, {100, 0.95, 1954},
    };
    uint64_t state = 1;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        double blocks[100];
        for (size_t j = 0; j < rows[i].count; j++)
            blocks[j] = (double)random_below(&state, UINT64_C(1) << 40);
        struct paired_estimate estimate =
            paired_estimate(blocks, rows[i].count, rows[i].confidence);
        size_t rank = pairs_up_to(blocks, rows[i].count, estimate.low);
        cr_expect_eq(rank, rows[i].critical + 1, "%zu blocks, %g: %zu", rows[i].count,
                     rows[i].confidence, rank);
        cr_expect(estimate.is_exact_level && estimate.confidence >= rows[i].confidence);
    }
}

Test(paired, too_few_blocks_give_the_widest_interval_and_say_so)
{
    const double blocks[] = {3, 1, 2, 5, 4};
    struct paired_estimate estimate = paired_estimate(blocks, 5, 0.95);
    cr_expect(!estimate.is_exact_level);
    cr_expect(estimate.low == 1 && estimate.high == 5 && estimate.shift == 3);
    cr_expect_float_eq(estimate.confidence, 1 - 2.0 / 32, 1e-12);
    estimate = paired_estimate(blocks, 1, 0.95);
    cr_expect(isnan(estimate.low) && isnan(estimate.high) && estimate.shift == 3);
    cr_expect(estimate.confidence == 0 && !estimate.is_exact_level);
}

Test(paired, says_how_many_blocks_a_level_needs)
{
    const double blocks[12] = {0};
    cr_expect(paired_estimate(blocks, 6, 0.95).is_exact_level);
    cr_expect(!paired_estimate(blocks, 5, 0.95).is_exact_level);
    cr_expect(paired_estimate(blocks, 8, 0.99).is_exact_level);
    cr_expect(!paired_estimate(blocks, 7, 0.99).is_exact_level);
}

Test(paired, ties_and_equal_blocks_are_no_trouble)
{
    const double equal[] = {0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25};
    struct paired_estimate estimate = paired_estimate(equal, LENGTH(equal), 0.95);
    cr_expect(estimate.shift == 0.25 && estimate.low == 0.25 && estimate.high == 0.25);
    const double ties[] = {0, 0, 0, 1, 1, 1};
    estimate = paired_estimate(ties, LENGTH(ties), 0.95);
    cr_expect(estimate.shift == 0.5 && estimate.low == 0 && estimate.high == 1);
}

/*** Decisions ***/

/* Blocks with this mean, half of them above it and half below by `distance`. */
static void fill_around(double *blocks, size_t count, double mean, double distance)
{
    for (size_t i = 0; i < count; i++)
        blocks[i] = mean + (i % 2 > 0 ? distance : -distance);
}

static enum decision decide_at(size_t index, double mean, double distance)
{
    struct decision_rule rule = decision_rule_default(0.05);
    double blocks[24];
    fill_around(blocks, rule.looks[index], mean, distance);
    return decision_look(&rule, index, blocks, rule.looks[index]).decision;
}

Test(decision, multipliers_are_those_of_student)
{
    static const double worse[] = {4.77, 3.69, 3.29, 3.10};
    static const double same[] = {3.16, 2.69, 2.49, 2.40};
    struct decision_rule rule = decision_rule_default(0.05);
    double blocks[24] = {0};
    for (size_t i = 0; i < rule.look_count; i++) {
        struct decision_look look = decision_look(&rule, i, blocks, rule.looks[i]);
        cr_expect_float_eq(look.worse_multiplier, worse[i], 0.005, "%g", look.worse_multiplier);
        cr_expect_float_eq(look.same_multiplier, same[i], 0.005, "%g", look.same_multiplier);
    }
}

Test(decision, metrics_side_by_side_share_the_chances)
{
    /* Student's t with 5 degrees of freedom leaves 0.5 % above 4.032 and 0.1 % above 5.893. */
    struct decision_rule rule = {.indifference = 0.01,
                                 .must_catch = 0.05,
                                 .false_worse = 0.005,
                                 .false_same = 0.005,
                                 .looks = {6},
                                 .look_count = 1};
    const double blocks[6] = {0};
    cr_expect_float_eq(decision_look(&rule, 0, blocks, 6).worse_multiplier, 4.032, 0.0005);
    rule = decision_rule_divide(rule, 5);
    cr_expect_float_eq(decision_look(&rule, 0, blocks, 6).worse_multiplier, 5.893, 0.0005);
    cr_expect_float_eq(decision_look(&rule, 0, blocks, 6).same_multiplier, 5.893, 0.0005);
}

Test(decision, bounds_by_hand)
{
    /* Half at 0.01 above, half below: the deviation is 0.01 sqrt(6/5), the error 0.01 / sqrt(5). */
    struct decision_rule rule = decision_rule_default(0.05);
    double blocks[6];
    fill_around(blocks, 6, 0.02, 0.01);
    struct decision_look look = decision_look(&rule, 0, blocks, 6);
    cr_expect_eq(look.blocks, 6);
    cr_expect_float_eq(look.mean, 0.02, 1e-12);
    cr_expect_float_eq(look.standard_error, 0.01 / sqrt(5), 1e-12);
    cr_expect_float_eq(look.worse_than, exp(0.02 - 4.7733 * 0.01 / sqrt(5)) - 1, 1e-6);
    cr_expect_float_eq(look.better_than, exp(0.02 + 4.7733 * 0.01 / sqrt(5)) - 1, 1e-6);
    cr_expect_float_eq(look.excluded_above, exp(0.02 + 3.1634 * 0.01 / sqrt(5)) - 1, 1e-6);
    cr_expect_eq(look.decision, DECISION_SAME);
}

Test(decision, turns_where_the_bounds_cross_the_limits)
{
    /* Six blocks 0.01 around m: worse once m - 0.02135 is over 0.00995, better as its mirror. With
     * 0.02 around m, same only while m + 0.02829 is under 0.04879. */
    cr_expect_eq(decide_at(0, 0.0314, 0.01), DECISION_WORSE);
    cr_expect_eq(decide_at(0, 0.0312, 0.01), DECISION_SAME);
    cr_expect_eq(decide_at(0, -0.0314, 0.01), DECISION_BETTER);
    cr_expect_eq(decide_at(0, -0.0312, 0.01), DECISION_SAME);
    cr_expect_eq(decide_at(0, 0.0204, 0.02), DECISION_SAME);
    cr_expect_eq(decide_at(0, 0.0206, 0.02), DECISION_OPEN);
    cr_expect_eq(decide_at(2, 0.03, 0.05), DECISION_OPEN);
    cr_expect_eq(decide_at(3, 0.03, 0.05), DECISION_INCONCLUSIVE);
}

Test(decision, without_variance_the_mean_decides)
{
    cr_expect_eq(decide_at(0, 0, 0), DECISION_SAME);
    cr_expect_eq(decide_at(0, 0.009, 0), DECISION_SAME);
    cr_expect_eq(decide_at(0, 0.011, 0), DECISION_WORSE);
    cr_expect_eq(decide_at(0, -0.009, 0), DECISION_SAME);
    cr_expect_eq(decide_at(0, -0.011, 0), DECISION_BETTER);
}

Test(decision, of_one_block_is_none)
{
    struct decision_rule rule = decision_rule_default(0.05);
    const double block = 1;
    struct decision_look look = decision_last_look(&rule, 0, &block, 1);
    cr_expect_eq(look.decision, DECISION_INCONCLUSIVE);
    cr_expect(isinf(look.standard_error) && look.worse_than == -1);
    cr_expect(isinf(look.better_than) && isinf(look.excluded_above));
}

Test(decision, that_is_the_last_is_never_open)
{
    struct decision_rule rule = decision_rule_default(0.05);
    double blocks[16];
    fill_around(blocks, 12, 0.03, 0.05);
    struct decision_look look = decision_last_look(&rule, 2, blocks, 12);
    cr_expect_eq(look.decision, DECISION_INCONCLUSIVE);
    cr_expect_eq(look.blocks, 12);
    /* 11 degrees of freedom, between those of the looks at 10 and at 16. */
    cr_expect(look.worse_multiplier < 3.69 && look.worse_multiplier > 3.29);
    fill_around(blocks, 12, 0.3, 0.05);
    cr_expect_eq(decision_last_look(&rule, 2, blocks, 12).decision, DECISION_WORSE);
}

Test(decision, between_looks_is_refused, .signal = SIGABRT)
{
    struct decision_rule rule = decision_rule_default(0.05);
    const double blocks[7] = {0};
    decision_look(&rule, 0, blocks, 7);
}

/*** Rankings ***/

static struct ranking rank(const double *values, size_t servers, size_t rounds)
{
    struct ranking ranking;
    ranking_init(&ranking, &(struct ranking_question){.values = values,
                                                      .servers = servers,
                                                      .rounds = rounds,
                                                      .confidence = 0.95,
                                                      .indifference = 0.01});
    return ranking;
}

Test(ranking, friedman_as_published)
{
    /* Hollander and Wolfe's three ways of rounding first base, 22 runners, with ties; R's
     * friedman.test() gives 11.1429 and p = 0.003805. */
    const double values[] = {
        5.40, 5.50, 5.55, 5.85, 5.70, 5.75, 5.20, 5.60, 5.50, 5.55, 5.50, 5.40, 5.90, 5.85,
        5.70, 5.45, 5.55, 5.60, 5.40, 5.40, 5.35, 5.45, 5.50, 5.35, 5.25, 5.15, 5.00, 5.85,
        5.80, 5.70, 5.25, 5.20, 5.10, 5.65, 5.55, 5.45, 5.60, 5.35, 5.45, 5.05, 5.00, 4.95,
        5.50, 5.50, 5.40, 5.45, 5.55, 5.50, 5.55, 5.55, 5.35, 5.45, 5.50, 5.55, 5.50, 5.45,
        5.25, 5.65, 5.60, 5.40, 5.70, 5.65, 5.55, 6.30, 6.30, 6.25,
    };
    struct ranking ranking = rank(values, 3, 22);
    cr_expect_float_eq(ranking.friedman, 11.1429, 1e-4, "%g", ranking.friedman);
    cr_expect_float_eq(ranking.friedman_p, 0.003805, 1e-6, "%g", ranking.friedman_p);
    cr_expect_eq(ranking.friedman_rounds, 22);
    ranking_release(&ranking);
}

/* Server s costs costs[s], up to a thousandth, times what the round is like. */
static void fill_rounds(double *values, size_t servers, size_t rounds, const double *costs)
{
    uint64_t state = 2;
    for (size_t round = 0; round < rounds; round++) {
        double machine = 1 + (double)random_below(&state, 1000) / 1000;
        for (size_t i = 0; i < servers; i++) {
            double jitter = (double)random_below(&state, 1000) / 1e6;
            values[round * servers + i] = costs[i] * machine * (1 + jitter);
        }
    }
}

Test(ranking, tells_those_apart_that_are_far_from_the_best)
{
    const double costs[] = {2, 1.002, 1, 1.5};
    double values[4 * 10];
    fill_rounds(values, 4, 10, costs);
    struct ranking ranking = rank(values, 4, 10);
    const struct ranking_place *places = ranking.places;
    cr_expect(ranking.best == 1 || ranking.best == 2);
    cr_expect(!places[0].is_among_best && places[1].is_among_best);
    cr_expect(places[2].is_among_best && !places[3].is_among_best);
    cr_expect_float_eq(ranking.confidence_each, 1 - 0.05 / 3, 1e-12);
    cr_expect_float_eq(places[3].against_reference.shift, log(0.75), 0.001);
    cr_expect(places[3].against_reference.is_exact_level && places[3].reference_rounds == 10);
    cr_expect(places[0].against_reference.shift == 0 && places[0].against_reference.high == 0);
    cr_expect_lt(ranking.friedman_p, 0.0001);
    ranking_release(&ranking);
}

Test(ranking, tells_nobody_apart_with_too_few_rounds)
{
    const double costs[] = {1, 2, 3, 4};
    double values[4 * 6];
    fill_rounds(values, 4, 6, costs);
    struct ranking ranking = rank(values, 4, 6);
    for (size_t i = 0; i < 4; i++)
        cr_expect(ranking.places[i].is_among_best &&
                  !ranking.places[i].against_best.is_exact_level);
    ranking_release(&ranking);
}

Test(ranking, of_one_server_or_of_equals_has_nothing_to_compare)
{
    const double values[] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5};
    struct ranking one = rank(values, 1, 12);
    cr_expect(one.best == 0 && one.places[0].is_among_best && isnan(one.friedman_p));
    cr_expect(one.places[0].against_best.shift == 0 && one.places[0].median == 5);
    ranking_release(&one);
    struct ranking two = rank(values, 2, 6);
    cr_expect(isnan(two.friedman) && isnan(two.friedman_p));
    cr_expect(two.places[0].is_among_best && two.places[1].is_among_best);
    ranking_release(&two);
}

Test(ranking, drops_a_round_only_for_the_pair_that_misses_it)
{
    const double costs[] = {1, 2, 3};
    double values[3 * 12];
    fill_rounds(values, 3, 12, costs);
    values[0 * 3 + 1] = NAN;
    values[5 * 3 + 1] = NAN;
    struct ranking ranking = rank(values, 3, 12);
    cr_expect_eq(ranking.places[1].reference_rounds, 10);
    cr_expect_eq(ranking.places[2].reference_rounds, 12);
    cr_expect_eq(ranking.friedman_rounds, 10);
    cr_expect_float_eq(ranking.places[1].against_reference.shift, log(2), 0.001);
    ranking_release(&ranking);
}

/* The second and the third of three servers, in nine rounds. */
static struct ranking rank_others(const double values[3 * 9])
{
    double others[2 * 9];
    for (size_t round = 0; round < 9; round++)
        for (size_t i = 0; i < 2; i++)
            others[round * 2 + i] = values[round * 3 + 1 + i];
    return rank(others, 2, 9);
}

Test(ranking, of_a_server_that_is_never_there_says_nothing)
{
    const double costs[] = {1, 1, 1};
    double values[3 * 9];
    fill_rounds(values, 3, 9, costs);
    for (size_t round = 0; round < 9; round++)
        values[round * 3] = NAN;
    struct ranking ranking = rank(values, 3, 9);
    cr_expect(isnan(ranking.places[0].median) && !ranking.places[0].is_among_best);
    cr_expect(ranking.best != 0);
    struct ranking of_others = rank_others(values);
    cr_expect(ranking.friedman_rounds == 9 && ranking.friedman == of_others.friedman);
    cr_expect(ranking.friedman_p == of_others.friedman_p && ranking.friedman_p < 1);
    ranking_release(&of_others);
    cr_expect(ranking.places[1].reference_rounds == 0);
    cr_expect(isnan(ranking.places[1].against_reference.shift));
    cr_expect(ranking.places[1].is_among_best && ranking.places[1].best_rounds == 9);
    ranking_release(&ranking);

    for (size_t i = 0; i < LENGTH(values); i++)
        values[i] = NAN;
    ranking = rank(values, 3, 9);
    cr_expect(ranking.best == RANKING_NO_SERVER && !ranking.places[1].is_among_best);
    ranking_release(&ranking);
}
