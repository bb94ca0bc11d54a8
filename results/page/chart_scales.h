/* Axes: where a value stands, and which values get a label. */
#ifndef RESULTS_PAGE_CHART_SCALES_H
#define RESULTS_PAGE_CHART_SCALES_H

#include <stddef.h>

enum scale_kind {
    SCALE_LINEAR,
    SCALE_LOG,   /* of values above 0 */
    SCALE_NINES, /* of quantiles: −log10(1 − q), as wide from 90 to 99 % as from 99 to 99.9 % */
};

#define TICKS_MOST 12

struct scale {
    enum scale_kind kind;
    double least; /* after the scale's own function */
    double most;
    size_t tick_count;
    double ticks[TICKS_MOST]; /* values that get a label, ascending */
};

/* A scale for values from `least` to `most`, widened to round values: on a linear one to multiples
 * of 1, 2 or 5 times a power of ten, on a logarithmic one to 1, 2 or 5 times a power of ten. One of
 * nines begins at the median and ends at `most`. */
void scale_init(struct scale *scale, enum scale_kind kind, double least, double most);

/* Where a value stands: 0 at the axis' beginning, 1 at its end, beyond that outside; NaN for what
 * cannot stand on it. */
double scale_place(const struct scale *scale, double value);

#endif
