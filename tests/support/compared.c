#include "tests/support/compared.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct contender contenders[SIDES] = {
    {.name = "base"}, {.name = "new"}, {.name = "copy"}};

struct comparison comparison;
struct bench_row rows[SIDES];
static struct cell cell;

void compared_begin(void)
{
    memset(&comparison, 0, sizeof comparison);
    comparison.block.taken = SLICES;
    comparison.bench = (struct bench_cell){.cell = &cell, .rows = rows, .count = SIDES};
    for (enum side side = 0; side < SIDES; side++) {
        bench_row_init(&rows[side], &contenders[side]);
        comparison.least_served[side] = comparison.most_served[side] = 4;
        for (size_t i = 0; i < SLICES; i++) {
            for (enum metric metric = 0; metric < METRICS; metric++)
                comparison.block.values[side][metric][i] = 1;
            comparison.block.values[side][METRIC_THROUGHPUT][i] = 1000;
            comparison.block.values[side][METRIC_P50][i] = 100e3;
            comparison.block.values[side][METRIC_SERVER_CPU][i] = 5;
        }
    }
    for (enum metric metric = 0; metric < METRICS; metric++)
        comparison.metrics[metric] = (struct compared){
            .metric = metric,
            .is_gated =
                metric == METRIC_THROUGHPUT || metric == METRIC_P50 || metric == METRIC_SERVER_CPU,
        };
}

void compared_end(void)
{
    for (size_t i = 0; i < METRICS; i++)
        free(comparison.metrics[i].reason);
    for (enum side side = 0; side < SIDES; side++)
        bench_row_release(&rows[side]);
    free(comparison.trouble);
}

double shift_of_new(enum metric metric)
{
    const struct compared *compared = &comparison.metrics[metric];
    cr_assert_gt(compared->block_count, 0);
    return compared->shifts.of[SIDE_NEW][compared->block_count - 1];
}
