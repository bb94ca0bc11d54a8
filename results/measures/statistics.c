#include "results/measures/statistics.h"

#include <math.h>
#include <stdlib.h>

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

void statistics_sort(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_doubles);
}

static double quantile_of_sorted(const double *values, size_t count, double quantile)
{
    if (count == 0)
        return NAN;
    double position = quantile * (double)(count - 1);
    size_t below = (size_t)position;
    size_t above = below + 1 < count ? below + 1 : below;
    return values[below] + (position - (double)below) * (values[above] - values[below]);
}

double statistics_quantile(double *values, size_t count, double quantile)
{
    statistics_sort(values, count);
    return quantile_of_sorted(values, count, quantile);
}

struct spread statistics_spread(double *values, size_t count)
{
    statistics_sort(values, count);
    return (struct spread){
        .median = quantile_of_sorted(values, count, 0.5),
        .low = count > 1 ? quantile_of_sorted(values, count, 0.25) : NAN,
        .high = count > 1 ? quantile_of_sorted(values, count, 0.75) : NAN,
    };
}
