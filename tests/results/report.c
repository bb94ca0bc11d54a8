/* What the figures of a report rest on: scales and rounded numbers. */
#include "results/page/chart_scales.h"
#include "text/number.h"

#include <criterion/criterion.h>
#include <math.h>

/*** Numbers ***/

static void expect_number(const char *expected, enum unit unit, double value, double noise)
{
    char text[NUMBER_TEXT_BYTES];
    cr_expect_str_eq(number_text(text, unit, value, noise), expected, "%s, not %s", text, expected);
}

Test(report_number, has_no_more_digits_than_its_noise_leaves)
{
    expect_number("81.0k/s", UNIT_PER_SECOND, 81000, NAN);
    expect_number("81k/s", UNIT_PER_SECOND, 81234, 4000);
    expect_number("81.2k/s", UNIT_PER_SECOND, 81234, 300);
    expect_number("81.23k/s", UNIT_PER_SECOND, 81234, 0.001);
    expect_number("2.120", UNIT_COUNT, 2.12, 0.0001);
    expect_number("0.31", UNIT_COUNT, 0.3123, 0.02);
}

Test(report_number, has_a_unit_that_fits)
{
    expect_number("32.3 µs", UNIT_NANOSECONDS, 32258, NAN);
    expect_number("1.00 ms", UNIT_NANOSECONDS, 999999, NAN);
    expect_number("9.83 µs", UNIT_MICROSECONDS, 9.83, NAN);
    expect_number("37.5 KiB", UNIT_BYTES, 38400, NAN);
    expect_number("200 ms", UNIT_SECONDS, 0.2, NAN);
    expect_number("0 ns", UNIT_NANOSECONDS, 0, NAN);
    expect_number("−3.10 %", UNIT_PARTS, -0.031, NAN);
}

Test(report_number, is_a_dash_where_nothing_was_measured)
{
    expect_number("–", UNIT_COUNT, NAN, 1);
    expect_number("–", UNIT_BYTES, INFINITY, NAN);
}

Test(report_number, keeps_to_its_room_whatever_the_document_says)
{
    expect_number("1.80e+299G/s", UNIT_PER_SECOND, 1.797e308, NAN);
    expect_number("−1.80e+308", UNIT_COUNT, -1.797e308, 1e-300);
    expect_number("0.000000000", UNIT_COUNT, 1e-300, NAN);
}

static void expect_change(const char *expected, double change, double noise)
{
    char text[NUMBER_TEXT_BYTES];
    cr_expect_str_eq(number_change_text(text, change, noise), expected, "%s, not %s", text,
                     expected);
}

Test(report_number, has_a_sign_where_it_is_a_change)
{
    expect_change("+6.0 %", 0.05973, 0.015);
    expect_change("−0.5 %", -0.005486, 0.008);
    expect_change("0.0 %", -0.0004, 0.01);
    expect_change("+4 %", 0.041, 0.04);
    expect_change("+145 %", 1.4477, 0.001);
    expect_change("–", NAN, 0.001);
}

/*** Scales ***/

static void expect_ticks(const struct scale *scale, size_t count, const double expected[])
{
    cr_assert_eq(scale->tick_count, count);
    for (size_t i = 0; i < count; i++)
        cr_expect_float_eq(scale->ticks[i], expected[i], fabs(expected[i]) * 1e-9 + 1e-12);
}

Test(chart_scales, are_widened_to_round_numbers)
{
    struct scale scale;
    scale_init(&scale, SCALE_LINEAR, 0, 80700);
    expect_ticks(&scale, 6, (const double[]){0, 20000, 40000, 60000, 80000, 100000});
    scale_init(&scale, SCALE_LINEAR, -0.013, 0.041);
    expect_ticks(&scale, 8, (const double[]){-0.02, -0.01, 0, 0.01, 0.02, 0.03, 0.04, 0.05});
}

Test(chart_scales, of_logarithms_name_powers_of_ten_or_their_parts)
{
    struct scale scale;
    scale_init(&scale, SCALE_LOG, 1, 1000);
    expect_ticks(&scale, 4, (const double[]){1, 10, 100, 1000});
    scale_init(&scale, SCALE_LOG, 790, 2400);
    expect_ticks(&scale, 4, (const double[]){500, 1000, 2000, 5000});
    cr_expect_float_eq(scale_place(&scale, 500), 0, 1e-9);
    cr_expect_float_eq(scale_place(&scale, 5000), 1, 1e-9);
}

Test(chart_scales, of_nines_give_each_nine_as_much_room)
{
    struct scale scale;
    scale_init(&scale, SCALE_NINES, 0.5, 0.9999);
    expect_ticks(&scale, 5, (const double[]){0.5, 0.9, 0.99, 0.999, 0.9999});
    double nine = scale_place(&scale, 0.99) - scale_place(&scale, 0.9);
    cr_expect_float_eq(scale_place(&scale, 0.999) - scale_place(&scale, 0.99), nine, 1e-9);
    cr_expect(isnan(scale_place(&scale, 1)));
}

/* However odd the values, there are a few ticks, in order, and a place for each. */
Test(chart_scales, can_be_made_of_anything)
{
    static const double values[] = {0,       1,     -1,  1e-300,   1e300,     5e-324,
                                    1.7e308, -1e17, NAN, INFINITY, -INFINITY, 0.1};
    enum { VALUES = sizeof values / sizeof values[0] };
    for (size_t i = 0; i < VALUES * VALUES * 3; i++) {
        struct scale scale;
        enum scale_kind kind = (enum scale_kind)(i % 3);
        scale_init(&scale, kind, values[i / 3 % VALUES], values[i / 3 / VALUES]);
        cr_expect_leq(scale.tick_count, TICKS_MOST);
        for (size_t tick = 0; tick < scale.tick_count; tick++)
            cr_expect(isfinite(scale_place(&scale, scale.ticks[tick])), "kind %d, %g to %g", kind,
                      values[i / 3 % VALUES], values[i / 3 / VALUES]);
    }
}
