/* What the figures of a report rest on: scales. */
#include "results/page/chart_scales.h"

#include <criterion/criterion.h>
#include <math.h>

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
