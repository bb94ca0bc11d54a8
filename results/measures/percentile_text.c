/* Theory of operation: a row is due whenever the share of values seen passes the next tick. Ticks
 * lie evenly within each halving of the distance to 100 %, so that the rows get denser where the
 * tail is. The last value gives one row, and one more for 100 %. */
#include "results/measures/percentile_text.h"

#include "results/measures/histogram.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#define TICKS_PER_HALVING 5
#define NS_PER_UNIT       1e6

static int print_row(FILE *stream, bool is_csv, double value, double share, uint64_t seen)
{
    char odds[32] = "";
    if (share < 1)
        snprintf(odds, sizeof odds, "%.2f", 1 / (1 - share));
    else
        snprintf(odds, sizeof odds, is_csv ? "Infinity" : "inf");
    return fprintf(stream,
                   is_csv ? "%.6f,%.12f,%" PRIu64 ",%s\n" : "%12.6f %.12f %12" PRIu64 " %12s\n",
                   value, share, seen, odds);
}

static double next_percentile(double percentile)
{
    double halvings = floor(log2(100 / (100 - percentile))) + 1;
    return percentile + 100 / (TICKS_PER_HALVING * exp2(halvings));
}

static int print_rows(FILE *stream, const struct histogram *histogram, bool is_csv)
{
    double percentile = 0;
    double value = 0;
    uint64_t seen = 0;
    int result = 0;
    for (size_t slot = 0; slot < histogram_slots() && seen < histogram->total; slot++) {
        uint64_t count = histogram_count_with_overflow(histogram, slot);
        if (count == 0)
            continue;
        seen += count;
        value = (double)histogram_slot_highest_ns(slot) / NS_PER_UNIT;
        double share = 100 * (double)seen / (double)histogram->total;
        while (result >= 0 && percentile <= share) {
            result = print_row(stream, is_csv, value, percentile / 100, seen);
            percentile = next_percentile(percentile);
            if (seen == histogram->total)
                break;
        }
    }
    return result < 0 ? -1 : print_row(stream, is_csv, value, 1, seen);
}

int percentile_text_write_hgrm(FILE *stream, const struct histogram *histogram)
{
    bool is_empty = histogram->total == 0;
    int64_t max_ns = is_empty ? 0 : histogram->max_ns;
    if (max_ns > HISTOGRAM_HIGHEST_NS)
        max_ns = HISTOGRAM_HIGHEST_NS;
    double max =
        is_empty ? 0 : (double)histogram_slot_highest_ns(histogram_slot_of(max_ns)) / NS_PER_UNIT;
    if (fprintf(stream, "%12s %12s %12s %12s\n\n", "Value", "Percentile", "TotalCount",
                "1/(1-Percentile)") < 0 ||
        print_rows(stream, histogram, false) < 0)
        return -1;
    int result = fprintf(stream,
                         "#[Mean    = %12.6f, StdDeviation   = %12.6f]\n"
                         "#[Max     = %12.6f, Total count    = %12" PRIu64 "]\n"
                         "#[Buckets = %12d, SubBuckets     = %12d]\n",
                         histogram_mean_ns(histogram) / NS_PER_UNIT,
                         histogram_deviation_ns(histogram) / NS_PER_UNIT, max, histogram->total,
                         HISTOGRAM_BUCKETS, HISTOGRAM_SUB_BUCKETS);
    return result < 0 ? -1 : 0;
}

int percentile_text_write_csv(FILE *stream, const struct histogram *histogram)
{
    if (fprintf(stream, "Value,Percentile,TotalCount,1/(1-Percentile)\n") < 0)
        return -1;
    return print_rows(stream, histogram, true) < 0 ? -1 : 0;
}
