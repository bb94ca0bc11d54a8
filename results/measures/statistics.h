/* Summaries of a few repeated measurements. */
#ifndef RESULTS_MEASURES_STATISTICS_H
#define RESULTS_MEASURES_STATISTICS_H

#include <stddef.h>

/* The middle of the measurements and how far they lie apart. */
struct spread {
    double median;
    double low;  /* lower quartile */
    double high; /* upper quartile */
};

/* The value below which a share `quantile` (0 to 1) of the `count` values lies, interpolated
 * between neighbours (Hyndman and Fan's type 7). NAN if there are no values. Sorts `values`. */
double statistics_quantile(double *values, size_t count, double quantile);

/* Sorts `values` ascending. */
void statistics_sort(double *values, size_t count);

/* Median and quartiles; NAN if there are no values, and the quartiles of a single one, too: nothing
 * is known of how far such lie apart. Sorts `values`. */
struct spread statistics_spread(double *values, size_t count);

#endif
