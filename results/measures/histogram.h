/* A log-linear ("HDR") histogram of durations: three significant digits from 1 ns to 60 s.
 *
 * Buckets double in width; each holds the same number of equal slots, so that a value is known to
 * one part in a thousand wherever it lies. Recording is two shifts and an increment. The slot
 * arithmetic is that of Gil Tene's HdrHistogram with lowest 1, highest 60e9 and 3 digits, so that
 * counters can be exchanged with it slot by slot.
 *
 * A histogram has one writer. Merge after the writer's thread has been joined.
 */
#ifndef RESULTS_MEASURES_HISTOGRAM_H
#define RESULTS_MEASURES_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_HIGHEST_NS  60000000000LL
#define HISTOGRAM_DIGITS      3
#define HISTOGRAM_SUB_BUCKETS 2048 /* the least power of two that holds 2 * 10^3 values */
#define HISTOGRAM_BUCKETS     26   /* the least n with SUB_BUCKETS << (n - 1) > HIGHEST_NS */

struct histogram {
    uint64_t *counts;    /* by slot */
    uint64_t total;      /* all values recorded, the overflowed ones too */
    uint64_t overflowed; /* values above HISTOGRAM_HIGHEST_NS: counted, not placed */
    int64_t min_ns;      /* INT64_MAX while empty */
    int64_t max_ns;      /* exact, also of overflowed values */
    uint64_t sum_ns;     /* exact likewise */
};

void histogram_init(struct histogram *histogram);
void histogram_release(struct histogram *histogram);

/* Forgets everything recorded. */
void histogram_clear(struct histogram *histogram);

/* Records a duration; a negative one counts as 0. */
void histogram_record(struct histogram *histogram, int64_t value_ns);

/* Adds what `from` holds to `into`. */
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The value that a share `quantile` (0 to 1) of the recorded values does not exceed: the upper
 * end of its slot, never more than the largest value recorded; 0 if there is none. */
int64_t histogram_quantile_ns(const struct histogram *histogram, double quantile);

/* The mean, each value taken at the middle of its slot; overflowed ones at the highest. */
double histogram_mean_ns(const struct histogram *histogram);

/* The mean of the values as they were recorded: to the nanosecond, where slots are too wide. */
double histogram_exact_mean_ns(const struct histogram *histogram);

/* The standard deviation, of the same middles. */
double histogram_deviation_ns(const struct histogram *histogram);

/*** Slots, for encoders and tests ***/

/* How many values fall into `slot`; the overflowed ones are in the last that can be reached. */
uint64_t histogram_count_with_overflow(const struct histogram *histogram, size_t slot);

size_t histogram_slots(void);
size_t histogram_slot_of(int64_t value_ns);

/* The largest value that falls into `slot`; the smallest follows the largest of the slot before. */
int64_t histogram_slot_highest_ns(size_t slot);

#endif
