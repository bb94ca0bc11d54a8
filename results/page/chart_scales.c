#include "results/page/chart_scales.h"

#include <math.h>

/* The number of steps aimed at: more do not fit the width of a telephone. */
#define STEPS_AIMED 6

/* Beyond this, and below its inverse, the sums here overflow; nothing that is measured is there. */
#define VALUE_MOST 1e100

static double function_of(enum scale_kind kind, double value)
{
    switch (kind) {
    case SCALE_LOG:
        return value > 0 ? log10(value) : NAN;
    case SCALE_NINES:
        return value < 1 ? -log10(1 - value) : NAN;
    default:
        return value;
    }
}

static void add_tick(struct scale *scale, double value)
{
    if (scale->tick_count < TICKS_MOST)
        scale->ticks[scale->tick_count++] = value;
}

/* The least of 1, 2, 5 and 10 times a power of ten that is at least `value`. */
static double round_up(double value)
{
    double power = pow(10, floor(log10(value)));
    static const double factors[] = {1, 2, 5};
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++)
        if (factors[i] * power >= value * (1 - 1e-9))
            return factors[i] * power;
    return 10 * power;
}

static void init_linear(struct scale *scale, double least, double most)
{
    double step = round_up((most - least) / STEPS_AIMED);
    double first = floor(least / step + 1e-9);
    double last = ceil(most / step - 1e-9);
    scale->least = first * step;
    scale->most = last * step;
    for (size_t i = 0; i < TICKS_MOST && first + (double)i <= last; i++)
        add_tick(scale, (first + (double)i) * step);
}

/* Below two decades each 1, 2 and 5 has a label; above, whole powers, and not all of them if there
 * are many. */
static void init_log(struct scale *scale, double least, double most)
{
    static const double parts[] = {1, 2, 5};
    double upper = round_up(most);
    double lower = 1 / round_up(1 / least);
    double first = floor(log10(lower) + 1e-9);
    double last = ceil(log10(upper) - 1e-9);
    double stride = fmax(1, ceil((last - first) / (TICKS_MOST - 2)));
    size_t used = log10(upper / lower) < 2.3 ? 3 : 1;
    scale->least = log10(lower);
    scale->most = log10(upper);
    for (size_t i = 0; first + (double)i * stride <= last; i++)
        for (size_t j = 0; j < used; j++) {
            double value = parts[j] * pow(10, first + (double)i * stride);
            if (value > lower * (1 - 1e-9) && value < upper * (1 + 1e-9))
                add_tick(scale, value);
        }
}

static void init_nines(struct scale *scale, double most)
{
    static const double labelled[] = {0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999};
    double end = function_of(SCALE_NINES, fmin(most, 1 - 1e-9));
    scale->least = function_of(SCALE_NINES, labelled[0]);
    scale->most = end > 1 ? end : 1;
    for (size_t i = 0; i < sizeof labelled / sizeof labelled[0]; i++)
        if (function_of(SCALE_NINES, labelled[i]) <= scale->most + 1e-9)
            add_tick(scale, labelled[i]);
}

static double limited(double value)
{
    return fabs(value) < 1 / VALUE_MOST ? 0 : fmax(-VALUE_MOST, fmin(VALUE_MOST, value));
}

void scale_init(struct scale *scale, enum scale_kind kind, double least, double most)
{
    *scale = (struct scale){.kind = kind};
    if (!isfinite(least) || !isfinite(most) || (kind == SCALE_LOG && least < 1 / VALUE_MOST))
        least = most = kind == SCALE_NINES ? 0.5 : 1;
    least = limited(least);
    most = limited(most);
    switch (kind) {
    case SCALE_NINES:
        init_nines(scale, most);
        return;
    case SCALE_LOG:
        init_log(scale, least, most > least ? most : least * 2);
        return;
    case SCALE_LINEAR:
        /* A range below the precision of its ends counts as empty. */
        if (!(most - least > fmax(fabs(most), 1 / VALUE_MOST) * 1e-12))
            most = least + (least != 0 ? fabs(least) : 1);
        init_linear(scale, least, most);
        return;
    }
}

double scale_place(const struct scale *scale, double value)
{
    return (function_of(scale->kind, value) - scale->least) / (scale->most - scale->least);
}
