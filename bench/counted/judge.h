/* The decision on a counted quantity.
 *
 * BASE is run twice in each layout of memory, from the same saved machine: the largest difference
 * among all its runs is the floor, what the instrument makes of no change at all. NEW is run in the
 * same layouts; its differences from BASE, least to largest, are the interval: a layout is an
 * accident, and a change is what holds in all of them.
 *
 * NEW is worse if even the least difference is above what is indifferent, and the middle one
 * above five floors; better is the mirror image. It is the same if the largest stays below what
 * must be caught and does not hide behind the floor. Of a share, half of what must be caught is
 * indifferent; of a count of events a fiftieth of an event per request is, as the ends of a slice
 * are somewhere. */
#ifndef BENCH_COUNTED_JUDGE_H
#define BENCH_COUNTED_JUDGE_H

#include "results/measures/decision.h"

#define LAYOUTS_MAX  16
#define JUDGE_FLOORS 5

struct judged {
    double base, new;  /* middle values */
    double difference; /* the middle one, in the unit of the quantity; above 0 is worse */
    double low, high;  /* the least and the largest */
    double floor;
    double indifferent, must_catch; /* in the unit of the quantity */
    enum decision verdict;          /* OPEN: it was not counted */
};

struct judged_runs {
    double base[LAYOUTS_MAX], again[LAYOUTS_MAX], new[LAYOUTS_MAX];
    size_t count; /* of layouts */
};

/* `is_exact`: a count of events; `must_catch` is a share. */
struct judged judge(const struct judged_runs *runs, bool is_exact, double must_catch);

/* Of several: worse if one is, else inconclusive if one is, else better if one is. */
enum decision judge_together(enum decision one, enum decision other);

#endif
