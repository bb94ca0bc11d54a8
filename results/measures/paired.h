/* What a change of a server costs, from pairs measured side by side. A block is one start of the
 * server as it was (base) and one of the server as it is (new), measured in slices taken in turns;
 * it gives one number, and only blocks are counted as observations (docs/method.md says why).
 * Shifts are natural logarithms of ratios, so that twice as much and half as much are equally far.
 */
#ifndef RESULTS_MEASURES_PAIRED_H
#define RESULTS_MEASURES_PAIRED_H

#include <stdbool.h>
#include <stddef.h>

#define PAIRED_BLOCKS_MAX 4096

struct paired_estimate {
    double shift; /* Hodges and Lehmann's: the median of the means of all pairs of blocks */
    double low;
    double high;
    double confidence;   /* with which low to high holds the true shift: at least what was asked, */
    bool is_exact_level; /* unless blocks are too few for it: then false, and the widest there is;
                          * one block has none: low and high are NAN */
};

/* The log-ratio of one block: how much larger `later` is than `base`, by the median of what each
 * of the `slices` (at least 1) pairs of neighbours says. Something in place of nothing is
 * infinitely more; a pair with NAN, or of nothing in place of nothing, says nothing. Not finite if
 * the middle is not, or if no pair says anything. */
double paired_block(const double *base, const double *later, size_t slices);

/* The shift behind `count` (1 to PAIRED_BLOCKS_MAX) log-ratios, and an interval that holds it with
 * `confidence` (between 0 and 1), if the log-ratios lie symmetrically around it. */
struct paired_estimate paired_estimate(const double *blocks, size_t count, double confidence);

/* A shift as a change: 0.05 is 5 % more, -0.5 is half. */
double paired_change(double shift);

#endif
