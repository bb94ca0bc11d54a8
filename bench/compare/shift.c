/* Theory of operation: a block has as many slices of each side, and those of the same number lie
 * within one sweep, next to each other. Each such pair is asked, and the middle answer is the
 * block's: as long as fewer than half of the pairs were hit by another program it hardly moves,
 * while a ratio of sums moves with every slice that was. The ratio of sums is kept beside it, for
 * what a middle cannot see: a server that pauses now and then, or has much to do once in a while.
 */
#include "bench/compare/shift.h"

#include <math.h>

/* All that was answered in the block. */
static double sum_of_throughput(const struct comparison *comparison, enum side side)
{
    double sum = 0;
    for (size_t i = 0; i < comparison->block.taken; i++)
        sum += comparison->block.values[side][METRIC_THROUGHPUT][i];
    return sum;
}

/* A cost's mean over all requests; NAN if it is not known of all. */
static double mean_cost(const struct comparison *comparison, enum side side, enum metric metric)
{
    const double *weights = comparison->block.values[side][METRIC_THROUGHPUT];
    double sum = 0;
    for (size_t i = 0; i < comparison->block.taken; i++)
        sum += weights[i] > 0 ? weights[i] * comparison->block.values[side][metric][i] : 0;
    return sum / sum_of_throughput(comparison, side);
}

/* Latencies have no sum that would say more than throughput's. */
static double whole_shift(const struct comparison *comparison, enum side side, enum metric metric)
{
    if (metric == METRIC_THROUGHPUT)
        return log(sum_of_throughput(comparison, side) / sum_of_throughput(comparison, SIDE_BASE));
    if (metric == METRIC_SERVER_CPU)
        return log(mean_cost(comparison, side, metric) / mean_cost(comparison, SIDE_BASE, metric));
    return NAN;
}

/* Where half of the slices have no answer, their middle says nothing: the whole does. */
static double middle_shift(const struct comparison *comparison, enum side side, enum metric metric)
{
    double shift = paired_block(comparison->block.values[SIDE_BASE][metric],
                                comparison->block.values[side][metric], comparison->block.taken);
    return isfinite(shift) ? shift : whole_shift(comparison, side, metric);
}

/* Unless the metric has had a gap. */
static void note_metric(const struct comparison *comparison, struct compared *compared)
{
    enum metric metric = compared->metric;
    if (compared->block_count == COMPARISON_BLOCKS_MAX)
        return;
    double sign = run_metrics[metric].bigger_is_better ? -1 : 1;
    size_t block = compared->block_count;
    bool has_whole = block == 0 || compared->has_whole;
    for (enum side side = SIDE_NEW; side < SIDES; side++) {
        double middle = middle_shift(comparison, side, metric);
        double whole = whole_shift(comparison, side, metric);
        compared->shifts.of[side][block] = sign * middle;
        compared->whole.of[side][block] = sign * whole;
        compared->has_gap = compared->has_gap || !isfinite(middle);
        has_whole = has_whole && isfinite(whole);
    }
    if (compared->by != COMPARED_BY_BLOCKS || compared->has_gap)
        return;
    compared->has_whole = has_whole;
    compared->block_count++;
}

void comparison_note_busy_block(struct comparison *comparison)
{
    note_metric(comparison, &comparison->metrics[METRIC_SERVER_CPU]);
}

void comparison_note_block(struct comparison *comparison)
{
    double share = comparison->block.generator_shares / (double)(SIDES * comparison->block.taken);
    for (size_t i = 0; i < METRICS; i++)
        note_metric(comparison, &comparison->metrics[i]);
    comparison->blocks++;
    comparison->generator_share +=
        (share - comparison->generator_share) / (double)comparison->blocks;
}
