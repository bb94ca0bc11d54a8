/* A histogram's percentiles as text, in the layouts of HdrHistogram's own tools, so that whatever
 * draws those can draw ours. Values are printed in milliseconds, with six decimals. Overflowed
 * values stand at the highest one that a histogram can place. */
#ifndef RESULTS_MEASURES_PERCENTILE_TEXT_H
#define RESULTS_MEASURES_PERCENTILE_TEXT_H

#include <stdio.h>

struct histogram;

/* ".hgrm": what outputPercentileDistribution() of HdrHistogram prints, five rows per halving of the
 * distance to 100 %. 0, or -1 with errno set. */
int percentile_text_write_hgrm(FILE *stream, const struct histogram *histogram);

/* The same rows, parted by commas. */
int percentile_text_write_csv(FILE *stream, const struct histogram *histogram);

#endif
