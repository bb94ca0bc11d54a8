#include "bench/slice.h"

#include "base/memory.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

void bench_init(struct bench_cell *bench, const struct bench_plan *plan, const struct cell *cell,
                const bool skips[])
{
    *bench = (struct bench_cell){.plan = *plan, .cell = cell};
    bench->rows = allocate(plan->count, sizeof *bench->rows);
    for (size_t i = 0; i < plan->count; i++)
        if (skips == NULL || !skips[i])
            bench_row_init(&bench->rows[bench->count++], &plan->contenders[i]);
}

void bench_release(struct bench_cell *bench)
{
    for (size_t i = 0; i < bench->count; i++)
        bench_row_release(&bench->rows[i]);
    free(bench->rows);
    free(bench->slices);
    *bench = (struct bench_cell){0};
}

bool bench_is_stopped(const struct bench_cell *bench)
{
    return bench->plan.is_stopped != NULL && *bench->plan.is_stopped;
}

/*** Taking ***/

void bench_open(struct bench_cell *bench, size_t number)
{
    struct bench_row *row = &bench->rows[number];
    lane_release(&row->lane);
    lane_open(&row->lane, row->contender, &bench->cell->load, &bench->plan.pinning);
}

bool bench_warm_up(struct bench_cell *bench, size_t number)
{
    struct lane *lane = &bench->rows[number].lane;
    struct slice unused;
    return lane_is_open(lane) &&
           lane_take_slice(lane, bench->plan.lead_in_ns, bench->plan.slice_ns, &unused);
}

static struct slice *keep(struct bench_cell *bench, const struct slice *slice)
{
    if (bench->slice_count == bench->slice_capacity) {
        bench->slice_capacity = 2 * bench->slice_capacity + 64;
        bench->slices = reallocate(bench->slices, bench->slice_capacity, sizeof *bench->slices);
    }
    bench->slices[bench->slice_count] = *slice;
    return &bench->slices[bench->slice_count++];
}

const struct slice *bench_take_slice(struct bench_cell *bench, size_t number, unsigned repetition,
                                     unsigned round)
{
    struct bench_row *row = &bench->rows[number];
    struct slice slice;
    if (!lane_is_open(&row->lane) || row->lane.trouble != NULL ||
        !lane_take_slice(&row->lane, bench->plan.lead_in_ns, bench->plan.slice_ns, &slice))
        return NULL;
    lane_keep_slice(&row->lane);
    row->slices++;
    slice.row = number;
    slice.repetition = repetition;
    slice.round = round;
    return keep(bench, &slice);
}

void bench_close(struct bench_cell *bench, size_t number)
{
    lane_close(&bench->rows[number].lane);
    bench_row_absorb(&bench->rows[number]);
}

/*** Figures ***/

/* Is it counted once for each start of a server, and the same in all slices of that? */
static bool is_of_start(enum metric metric)
{
    return metric == METRIC_SERVER_CALLS || metric == METRIC_SERVER_SWITCHES ||
           metric == METRIC_MEMORY;
}

size_t bench_values(const struct bench_cell *bench, size_t number, enum metric metric,
                    double *values)
{
    size_t count = 0;
    unsigned last_start = UINT_MAX;
    for (size_t i = 0; i < bench->slice_count; i++) {
        const struct slice *slice = &bench->slices[i];
        bool is_counted_already = is_of_start(metric) && slice->repetition == last_start;
        bool counts = slice->dropped == NULL || (metric == METRIC_SERVER_CPU && slice->counts_cpu);
        if (slice->row != number || !counts || isnan(slice->values[metric]) || is_counted_already)
            continue;
        values[count++] = slice->values[metric];
        last_start = slice->repetition;
    }
    return count;
}

struct spread bench_spread(double *values, size_t count)
{
    return statistics_spread(values, count);
}
