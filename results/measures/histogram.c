#include "results/measures/histogram.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Of each bucket but the first only the upper half of the slots is needed, because the lower lies
 * in the buckets before it. */
#define HALF_BITS  10
#define HALF_SLOTS ((size_t)HISTOGRAM_SUB_BUCKETS / 2)
#define SLOTS      ((HISTOGRAM_BUCKETS + 1) * HALF_SLOTS)
#define FULL_MASK  ((uint64_t)(2 * HALF_SLOTS - 1))

size_t histogram_slots(void)
{
    return SLOTS;
}

size_t histogram_slot_of(int64_t value_ns)
{
    assert(value_ns >= 0 && value_ns <= HISTOGRAM_HIGHEST_NS);
    uint64_t value = (uint64_t)value_ns;
    unsigned bucket = 64 - (unsigned)__builtin_clzll(value | FULL_MASK) - (HALF_BITS + 1);
    size_t within = (size_t)(value >> bucket);
    return (((size_t)bucket + 1) << HALF_BITS) + within - HALF_SLOTS;
}

static unsigned bucket_of_slot(size_t slot)
{
    size_t row = slot >> HALF_BITS;
    return row > 0 ? (unsigned)row - 1 : 0;
}

static int64_t lowest_ns(size_t slot)
{
    if (slot < HALF_SLOTS)
        return (int64_t)slot;
    return (int64_t)((slot & (HALF_SLOTS - 1)) + HALF_SLOTS) << bucket_of_slot(slot);
}

int64_t histogram_slot_highest_ns(size_t slot)
{
    return lowest_ns(slot) + (INT64_C(1) << bucket_of_slot(slot)) - 1;
}

void histogram_init(struct histogram *histogram)
{
    histogram->counts = allocate(SLOTS, sizeof *histogram->counts);
    histogram_clear(histogram);
}

void histogram_release(struct histogram *histogram)
{
    free(histogram->counts);
    histogram->counts = NULL;
}

void histogram_clear(struct histogram *histogram)
{
    memset(histogram->counts, 0, SLOTS * sizeof *histogram->counts);
    histogram->total = 0;
    histogram->overflowed = 0;
    histogram->min_ns = INT64_MAX;
    histogram->max_ns = 0;
    histogram->sum_ns = 0;
}

void histogram_record(struct histogram *histogram, int64_t value_ns)
{
    if (value_ns < 0)
        value_ns = 0;
    if (value_ns <= HISTOGRAM_HIGHEST_NS)
        histogram->counts[histogram_slot_of(value_ns)]++;
    else
        histogram->overflowed++;
    histogram->total++;
    histogram->sum_ns += (uint64_t)value_ns;
    if (value_ns < histogram->min_ns)
        histogram->min_ns = value_ns;
    if (value_ns > histogram->max_ns)
        histogram->max_ns = value_ns;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    for (size_t slot = 0; slot < SLOTS; slot++)
        into->counts[slot] += from->counts[slot];
    into->total += from->total;
    into->overflowed += from->overflowed;
    into->sum_ns += from->sum_ns;
    if (from->min_ns < into->min_ns)
        into->min_ns = from->min_ns;
    if (from->max_ns > into->max_ns)
        into->max_ns = from->max_ns;
}

int64_t histogram_quantile_ns(const struct histogram *histogram, double quantile)
{
    assert(quantile >= 0 && quantile <= 1);
    if (histogram->total == 0)
        return 0;
    /* The nearest rank, at least the first; a product that misses a whole number by rounding
     * alone must not count as the next one. */
    uint64_t rank = (uint64_t)ceil(nextafter(quantile * (double)histogram->total, 0));
    uint64_t seen = 0;
    for (size_t slot = 0; slot < SLOTS; slot++) {
        seen += histogram->counts[slot];
        if (seen >= rank && seen > 0) {
            int64_t highest_ns = histogram_slot_highest_ns(slot);
            return highest_ns < histogram->max_ns ? highest_ns : histogram->max_ns;
        }
    }
    return histogram->max_ns; /* among the overflowed */
}

static double middle_ns(size_t slot)
{
    double width_ns = (double)(INT64_C(1) << bucket_of_slot(slot));
    return (double)lowest_ns(slot) + floor(width_ns / 2);
}

uint64_t histogram_count_with_overflow(const struct histogram *histogram, size_t slot)
{
    bool is_last = slot == histogram_slot_of(HISTOGRAM_HIGHEST_NS);
    return histogram->counts[slot] + (is_last ? histogram->overflowed : 0);
}

double histogram_mean_ns(const struct histogram *histogram)
{
    if (histogram->total == 0)
        return 0;
    double sum_ns = (double)histogram->overflowed * (double)HISTOGRAM_HIGHEST_NS;
    for (size_t slot = 0; slot < SLOTS; slot++)
        sum_ns += middle_ns(slot) * (double)histogram->counts[slot];
    return sum_ns / (double)histogram->total;
}

double histogram_exact_mean_ns(const struct histogram *histogram)
{
    return histogram->total > 0 ? (double)histogram->sum_ns / (double)histogram->total : 0;
}

double histogram_deviation_ns(const struct histogram *histogram)
{
    if (histogram->total == 0)
        return 0;
    double mean_ns = histogram_mean_ns(histogram);
    double sum = 0;
    for (size_t slot = 0; slot < SLOTS; slot++) {
        double distance_ns = middle_ns(slot) - mean_ns;
        uint64_t count = histogram_count_with_overflow(histogram, slot);
        sum += distance_ns * distance_ns * (double)count;
    }
    return sqrt(sum / (double)histogram->total);
}
