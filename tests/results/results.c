/* Histograms and statistics, against exact answers. */
#include "base/random.h"
#include "results/measures/histogram.h"
#include "results/measures/statistics.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define VALUES        5000

/*** Histogram ***/

/* Durations of every magnitude: below 2 to the power of 1 to 35, each power as likely. */
static int64_t random_duration_ns(uint64_t *state)
{
    uint64_t magnitude = 1 + random_below(state, 35);
    return (int64_t)random_below(state, UINT64_C(1) << magnitude);
}

static int compare_durations(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void expect_equal(const struct histogram *left, const struct histogram *right)
{
    for (size_t slot = 0; slot < histogram_slots(); slot++)
        cr_assert_eq(left->counts[slot], right->counts[slot], "slot %zu", slot);
    cr_expect_eq(left->total, right->total);
    cr_expect_eq(left->overflowed, right->overflowed);
    cr_expect_eq(left->min_ns, right->min_ns);
    cr_expect_eq(left->max_ns, right->max_ns);
}

Test(histogram, the_exact_mean_is_that_of_the_values)
{
    struct histogram histogram;
    struct histogram merged;
    histogram_init(&histogram);
    histogram_init(&merged);
    cr_expect_eq(histogram_exact_mean_ns(&histogram), 0);
    histogram_record(&histogram, 1000000001);
    histogram_record(&histogram, 1000000004);
    histogram_record(&histogram, 2 * HISTOGRAM_HIGHEST_NS + 1);
    histogram_merge(&merged, &histogram);
    histogram_merge(&merged, &histogram);
    cr_expect_eq(histogram_exact_mean_ns(&merged), 122000000006 / 3.0);
    histogram_clear(&merged);
    cr_expect_eq(histogram_exact_mean_ns(&merged), 0);
    histogram_release(&histogram);
    histogram_release(&merged);
}

Test(histogram, places_values_as_hdr_histogram_does)
{
    static const struct {
        int64_t value_ns;
        size_t slot;
    } rows[] = {
        {0, 0},       {1, 1},       {2, 2},       {5, 5},       {1000, 1000},   {2047, 2047},
        {2048, 2048}, {2049, 2048}, {2050, 2049}, {4095, 3071}, {100000, 7706},
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        cr_expect_eq(histogram_slot_of(rows[i].value_ns), rows[i].slot, "%" PRId64 " in slot %zu",
                     rows[i].value_ns, histogram_slot_of(rows[i].value_ns));
}

Test(histogram, slots_follow_each_other_without_gap_or_overlap)
{
    int64_t next_ns = 0;
    size_t last = histogram_slot_of(HISTOGRAM_HIGHEST_NS);
    cr_assert_lt(last, histogram_slots());
    for (size_t slot = 0; slot < histogram_slots(); slot++) {
        int64_t highest_ns = histogram_slot_highest_ns(slot);
        cr_assert_geq(highest_ns, next_ns, "slot %zu", slot);
        if (slot <= last)
            cr_assert_eq(histogram_slot_of(next_ns), slot);
        if (slot < last)
            cr_assert_eq(histogram_slot_of(highest_ns), slot);
        next_ns = highest_ns + 1;
    }
    cr_expect_geq(histogram_slot_highest_ns(last), HISTOGRAM_HIGHEST_NS);
}

Test(histogram, knows_every_value_to_one_part_in_a_thousand)
{
    size_t last = histogram_slot_of(HISTOGRAM_HIGHEST_NS);
    for (size_t slot = 1; slot <= last; slot++) {
        int64_t lowest_ns = histogram_slot_highest_ns(slot - 1) + 1;
        int64_t uncertainty_ns = histogram_slot_highest_ns(slot) - lowest_ns;
        cr_assert_leq(uncertainty_ns * 1000, lowest_ns, "slot %zu", slot);
    }
}

Test(histogram, quantiles_are_those_of_the_sorted_values)
{
    static int64_t values_ns[VALUES];
    struct histogram histogram;
    histogram_init(&histogram);
    uint64_t state = 3;
    for (size_t i = 0; i < VALUES; i++) {
        values_ns[i] = random_duration_ns(&state);
        histogram_record(&histogram, values_ns[i]);
    }
    qsort(values_ns, VALUES, sizeof *values_ns, compare_durations);
    int64_t max_ns = values_ns[VALUES - 1];
    for (size_t permille = 0; permille <= 1000; permille++) {
        size_t rank = (permille * VALUES + 999) / 1000;
        int64_t exact_ns = values_ns[rank > 0 ? rank - 1 : 0];
        int64_t slot_end_ns = histogram_slot_highest_ns(histogram_slot_of(exact_ns));
        int64_t got_ns = histogram_quantile_ns(&histogram, (double)permille / 1000);
        cr_expect_eq(got_ns, slot_end_ns < max_ns ? slot_end_ns : max_ns,
                     "%zu permille: %" PRId64 ", exactly %" PRId64, permille, got_ns, exact_ns);
        cr_expect(got_ns >= exact_ns && got_ns - exact_ns <= exact_ns / 1000);
    }
    histogram_release(&histogram);
}

Test(histogram, quantile_of_few_values_takes_the_nearest_rank)
{
    struct histogram histogram;
    histogram_init(&histogram);
    for (int64_t value_ns = 10; value_ns <= 100; value_ns += 10)
        histogram_record(&histogram, value_ns);
    cr_expect_eq(histogram_quantile_ns(&histogram, 0), 10);
    cr_expect_eq(histogram_quantile_ns(&histogram, 0.1), 10);
    cr_expect_eq(histogram_quantile_ns(&histogram, 0.11), 20);
    cr_expect_eq(histogram_quantile_ns(&histogram, 0.3), 30);
    cr_expect_eq(histogram_quantile_ns(&histogram, 0.5), 50);
    cr_expect_eq(histogram_quantile_ns(&histogram, 0.7), 70);
    cr_expect_eq(histogram_quantile_ns(&histogram, 0.99), 100);
    cr_expect_eq(histogram_quantile_ns(&histogram, 1), 100);
    histogram_release(&histogram);
}

Test(histogram, merge_equals_recording_all_into_one)
{
    struct histogram parts[3]; /* the last one stays empty */
    struct histogram merged;
    struct histogram all;
    histogram_init(&merged);
    histogram_init(&all);
    for (size_t i = 0; i < LENGTH(parts); i++)
        histogram_init(&parts[i]);
    uint64_t state = 5;
    for (size_t i = 0; i < VALUES; i++) {
        int64_t value_ns = random_duration_ns(&state);
        if (i % 1000 == 0)
            value_ns += HISTOGRAM_HIGHEST_NS + 1;
        histogram_record(&all, value_ns);
        histogram_record(&parts[random_below(&state, LENGTH(parts) - 1)], value_ns);
    }
    for (size_t i = 0; i < LENGTH(parts); i++)
        histogram_merge(&merged, &parts[i]);
    expect_equal(&merged, &all);
    cr_expect_eq(all.overflowed, VALUES / 1000);
    histogram_release(&merged);
    histogram_release(&all);
    for (size_t i = 0; i < LENGTH(parts); i++)
        histogram_release(&parts[i]);
}

Test(histogram, counts_what_overflows_and_keeps_its_maximum_exact)
{
    struct histogram histogram;
    histogram_init(&histogram);
    histogram_record(&histogram, HISTOGRAM_HIGHEST_NS);
    cr_expect_eq(histogram.overflowed, 0);
    histogram_record(&histogram, HISTOGRAM_HIGHEST_NS + 1);
    histogram_record(&histogram, INT64_C(123456789012345));
    histogram_record(&histogram, 7);
    cr_expect_eq(histogram.total, 4);
    cr_expect_eq(histogram.overflowed, 2);
    cr_expect_eq(histogram.max_ns, INT64_C(123456789012345));
    cr_expect_eq(histogram.min_ns, 7);
    cr_expect_eq(histogram_quantile_ns(&histogram, 0.25), 7);
    cr_expect_geq(histogram_quantile_ns(&histogram, 0.5), HISTOGRAM_HIGHEST_NS);
    cr_expect_eq(histogram_quantile_ns(&histogram, 1), INT64_C(123456789012345));
    histogram_release(&histogram);
}

Test(histogram, counts_a_negative_duration_as_zero)
{
    struct histogram histogram;
    histogram_init(&histogram);
    histogram_record(&histogram, -5);
    histogram_record(&histogram, INT64_MIN);
    cr_expect_eq(histogram.counts[0], 2);
    cr_expect_eq(histogram.total, 2);
    cr_expect_eq(histogram.min_ns, 0);
    cr_expect_eq(histogram.max_ns, 0);
    cr_expect_eq(histogram_quantile_ns(&histogram, 1), 0);
    histogram_release(&histogram);
}

Test(histogram, that_is_empty_or_cleared_gives_zero)
{
    struct histogram fresh;
    struct histogram cleared;
    histogram_init(&fresh);
    histogram_init(&cleared);
    histogram_record(&cleared, 1234567);
    histogram_record(&cleared, HISTOGRAM_HIGHEST_NS + 1);
    histogram_clear(&cleared);
    expect_equal(&cleared, &fresh);
    cr_expect_eq(fresh.total, 0);
    cr_expect_eq(fresh.min_ns, INT64_MAX);
    cr_expect_eq(histogram_quantile_ns(&fresh, 0), 0);
    cr_expect_eq(histogram_quantile_ns(&fresh, 0.5), 0);
    cr_expect_eq(histogram_quantile_ns(&fresh, 1), 0);
    cr_expect(histogram_mean_ns(&fresh) == 0);
    histogram_release(&fresh);
    histogram_release(&cleared);
}

Test(histogram, mean_is_exact_for_small_values_and_close_for_large_ones)
{
    struct histogram histogram;
    histogram_init(&histogram);
    for (int64_t value_ns = 1; value_ns <= 2000; value_ns++)
        histogram_record(&histogram, value_ns);
    cr_expect_float_eq(histogram_mean_ns(&histogram), 1000.5, 1e-9);

    histogram_clear(&histogram);
    uint64_t state = 9;
    double sum_ns = 0;
    for (size_t i = 0; i < VALUES; i++) {
        int64_t value_ns = random_duration_ns(&state);
        histogram_record(&histogram, value_ns);
        sum_ns += (double)value_ns;
    }
    double exact_ns = sum_ns / VALUES;
    cr_expect_float_eq(histogram_mean_ns(&histogram), exact_ns, exact_ns / 2000);

    histogram_clear(&histogram);
    histogram_record(&histogram, 0);
    histogram_record(&histogram, 3 * HISTOGRAM_HIGHEST_NS);
    cr_expect_float_eq(histogram_mean_ns(&histogram), (double)HISTOGRAM_HIGHEST_NS / 2, 1e-3);
    histogram_release(&histogram);
}

/*** Statistics ***/

Test(statistics, quantiles_are_interpolated_as_type_seven)
{
    /* quantile(c(15, 20, 35, 40, 50), p, type = 7) in R */
    static const struct {
        double quantile;
        double value;
    } rows[] = {{0, 15},   {0.05, 16}, {0.25, 20}, {0.3, 23},
                {0.4, 29}, {0.5, 35},  {0.9, 46},  {1, 50}};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        double values[] = {50, 15, 40, 35, 20};
        double got = statistics_quantile(values, LENGTH(values), rows[i].quantile);
        cr_expect_float_eq(got, rows[i].value, 1e-9, "%g: %g", rows[i].quantile, got);
    }
    double even[] = {4, 1, 3, 2};
    cr_expect_float_eq(statistics_quantile(even, 4, 0.5), 2.5, 1e-9);
    cr_expect_float_eq(statistics_quantile(even, 4, 0.25), 1.75, 1e-9);
    cr_expect_float_eq(statistics_quantile(even, 4, 0.75), 3.25, 1e-9);
}

Test(statistics, sort_the_values_they_are_given)
{
    double values[] = {3, -1, 2, -1e300, 1e300, 0};
    statistics_quantile(values, LENGTH(values), 0.5);
    for (size_t i = 1; i < LENGTH(values); i++)
        cr_expect_leq(values[i - 1], values[i]);
    cr_expect(values[0] == -1e300 && values[5] == 1e300);
}

Test(statistics, of_one_value_are_that_value_and_of_none_unknown)
{
    double value = 4.5;
    cr_expect(statistics_quantile(&value, 1, 0) == 4.5);
    cr_expect(statistics_quantile(&value, 1, 0.7) == 4.5);
    cr_expect(statistics_quantile(&value, 1, 1) == 4.5);
    cr_expect(isnan(statistics_quantile(&value, 0, 0.5)));
    struct spread none = statistics_spread(&value, 0);
    cr_expect(isnan(none.median) && isnan(none.low) && isnan(none.high));
    struct spread one = statistics_spread(&value, 1);
    cr_expect(one.median == 4.5 && isnan(one.low) && isnan(one.high));
}

Test(statistics, spread_is_the_median_between_its_quartiles)
{
    double values[] = {50, 15, 40, 35, 20};
    struct spread spread = statistics_spread(values, LENGTH(values));
    cr_expect_float_eq(spread.median, 35, 1e-9);
    cr_expect_float_eq(spread.low, 20, 1e-9);
    cr_expect_float_eq(spread.high, 40, 1e-9);
}
