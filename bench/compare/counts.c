/* Theory of operation: what a server does besides its requests only adds, so the least of its
 * starts is its count. But a runtime whose threads wake one another makes some calls more or fewer
 * from start to start. Where starts of one program differ, its count is no exact one: some more
 * starts are made, and it is decided by them (bench/compare/starts.h). So are more where NEW alone
 * differs: three starts of a runtime that makes a call more in every third of them are alike in all
 * others and apart from them once in 300 comparisons, as happened to Java; six are, in 100,000.
 */
#include "bench/compare/counts.h"

#include "base/memory.h"

#include <math.h>

#define STARTS_DOUBTED 6   /* where starts of one program differ, or NEW does */
#define CALLS_OF_FEW   0.5 /* that count, with fewer starts: by chance they may be alike */

/* From the least to the most of some starts. */
struct range {
    double least;
    double most;
};

static struct range range_of(const struct starts *starts, enum side first, enum side last)
{
    struct range range = {INFINITY, -INFINITY};
    for (size_t i = 0; i < starts->count; i++) {
        range.least = fmin(range.least, fmin(starts->of[first][i], starts->of[last][i]));
        range.most = fmax(range.most, fmax(starts->of[first][i], starts->of[last][i]));
    }
    return range;
}

/* Do starts of the same program, as BASE and its copy are, lie further apart than that? */
static bool are_scattered(const struct starts *starts)
{
    struct range base = range_of(starts, SIDE_BASE, SIDE_CONTROL);
    struct range later = range_of(starts, SIDE_NEW, SIDE_NEW);
    return base.most - base.least > starts->tolerance ||
           later.most - later.least > starts->tolerance;
}

static enum decision decide_difference(double difference, double allowed)
{
    return difference > allowed    ? DECISION_WORSE
           : difference < -allowed ? DECISION_BETTER
                                   : DECISION_SAME;
}

/* With fewer starts than are needed a difference may be chance, and only "no whole call more" can
 * be said. */
static void decide_by_few(struct compared *compared)
{
    const double *values = compared->values;
    compared->control_look.decision =
        decide_difference(values[SIDE_CONTROL] - values[SIDE_BASE], CALLS_OF_FEW);
    compared->verdict = decide_difference(values[SIDE_NEW] - values[SIDE_BASE], CALLS_OF_FEW);
    if (compared->verdict != DECISION_SAME || compared->control_look.decision != DECISION_SAME) {
        compared->verdict = DECISION_INCONCLUSIVE;
        compared->reason = text_of("too few starts to tell from chance: raise --budget");
    }
}

/* Where BASE and its copy differ, NEW has a verdict only if it differs from both alike. */
static void decide_exactly(struct compared *compared, double tolerance)
{
    const double *values = compared->values;
    compared->control_look.decision =
        decide_difference(values[SIDE_CONTROL] - values[SIDE_BASE], tolerance);
    compared->verdict = decide_difference(values[SIDE_NEW] - values[SIDE_BASE], tolerance);
    if (compared->metric == METRIC_SERVER_CALLS && tolerance >= 1)
        compared->reason = text_of("too few requests were answered to detect one extra call");
    else if (decide_difference(values[SIDE_NEW] - values[SIDE_CONTROL], tolerance) !=
             compared->verdict)
        compared->reason = text_of("BASE and its own copy differ in the count: %.3f and %.3f",
                                   values[SIDE_BASE], values[SIDE_CONTROL]);
    if (compared->reason != NULL)
        compared->verdict = DECISION_INCONCLUSIVE;
}

bool counts_are_apart(const struct starts *starts)
{
    struct range base = range_of(starts, SIDE_BASE, SIDE_CONTROL);
    struct range later = range_of(starts, SIDE_NEW, SIDE_NEW);
    return later.least > base.most + starts->tolerance ||
           later.most < base.least - starts->tolerance;
}

bool counts_need_more_starts(const struct starts *starts)
{
    return starts->count < COUNTS_STARTS ||
           (starts->count < STARTS_DOUBTED && (are_scattered(starts) || counts_are_apart(starts)));
}

void compared_conclude_counts(struct compared *compared, const struct starts *starts)
{
    compared->by = COMPARED_BY_COUNT;
    if (starts->tolerance >= 1)
        decide_exactly(compared, starts->tolerance);
    else if (are_scattered(starts))
        compared->by = COMPARED_BY_STARTS;
    else if (compared->metric == METRIC_SERVER_CALLS && counts_need_more_starts(starts))
        decide_by_few(compared);
    else
        decide_exactly(compared, starts->tolerance);
}
