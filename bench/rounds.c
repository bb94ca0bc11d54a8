#include "bench/rounds.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/socket.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct campaign {
    struct bench_cell *bench;
    const struct bench_plan *plan;
    struct lane *lanes; /* one for each row */
    uint64_t random_state;
    bench_progress_function *progress;
    void *context;
    size_t done, all; /* slices */
};

/*** Rows ***/

static void init_rows(struct bench_cell *bench, const struct bench_plan *plan, const bool skips[])
{
    bench->rows = allocate(plan->count, sizeof *bench->rows);
    for (size_t i = 0; i < plan->count; i++) {
        if (skips != NULL && skips[i])
            continue;
        struct bench_row *row = &bench->rows[bench->count++];
        bench_row_init(row, &plan->contenders[i]);
    }
}

void bench_release(struct bench_cell *bench)
{
    for (size_t i = 0; i < bench->count; i++)
        bench_row_release(&bench->rows[i]);
    free(bench->rows);
    free(bench->slices);
    *bench = (struct bench_cell){0};
}

/*** Slices ***/

struct bench_slice *bench_add_slice(struct bench_cell *bench)
{
    if (bench->slice_count == bench->slice_capacity) {
        bench->slice_capacity = 2 * bench->slice_capacity + 64;
        bench->slices = reallocate(bench->slices, bench->slice_capacity, sizeof *bench->slices);
    }
    struct bench_slice *added = &bench->slices[bench->slice_count++];
    *added = (struct bench_slice){0};
    return added;
}

static bool is_stopped(const struct campaign *campaign)
{
    return campaign->plan->is_stopped != NULL && *campaign->plan->is_stopped;
}

static void take_slice(struct campaign *campaign, size_t number, unsigned repetition,
                       unsigned round)
{
    const struct bench_plan *plan = campaign->plan;
    struct bench_cell *bench = campaign->bench;
    struct lane *lane = &campaign->lanes[number];
    if (campaign->progress != NULL)
        campaign->progress(campaign->done, campaign->all, campaign->context);
    campaign->done++;
    struct slice slice;
    if (!lane_is_open(lane) || lane->trouble != NULL ||
        !lane_take_slice(lane, plan->lead_in_ns, plan->slice_ns, &slice))
        return;
    lane_keep_slice(lane);
    *bench_add_slice(bench) = (struct bench_slice){
        .slice = slice, .contender = number, .repetition = repetition, .round = round};
    bench->rows[number].slices++;
}

static void warm_up(struct campaign *campaign, size_t number)
{
    struct lane *lane = &campaign->lanes[number];
    struct slice unused;
    if (lane_is_open(lane))
        lane_take_slice(lane, campaign->plan->lead_in_ns, campaign->plan->slice_ns, &unused);
}

/*** Repetitions ***/

static void open_lane(struct campaign *campaign, size_t number)
{
    lane_open(&campaign->lanes[number], campaign->bench->rows[number].contender,
              &campaign->bench->cell->load, &campaign->plan->pinning);
    warm_up(campaign, number);
}

static void close_lane(struct campaign *campaign, size_t number, bool is_first)
{
    struct lane *lane = &campaign->lanes[number];
    lane_close(lane);
    bench_row_absorb(&campaign->bench->rows[number], lane, is_first);
    lane_release(lane);
}

/* Every server at once, a slice each in every round. */
static void repeat_resident(struct campaign *campaign, size_t *order, unsigned repetition,
                            unsigned first_round, unsigned end_round)
{
    size_t count = campaign->bench->count;
    size_t open = 0;
    for (; open < count && !is_stopped(campaign); open++)
        open_lane(campaign, open);
    for (unsigned round = first_round; round < end_round; round++) {
        random_shuffle(order, count, &campaign->random_state);
        for (size_t i = 0; i < count && open == count && !is_stopped(campaign); i++)
            take_slice(campaign, order[i], repetition, round);
    }
    for (size_t i = 0; i < open; i++)
        close_lane(campaign, i, repetition == 0);
}

/* One server after the other, as there are not descriptors for all of them at once. */
static void repeat_in_turn(struct campaign *campaign, size_t *order, unsigned repetition,
                           unsigned first_round, unsigned end_round)
{
    size_t count = campaign->bench->count;
    random_shuffle(order, count, &campaign->random_state);
    for (size_t i = 0; i < count && !is_stopped(campaign); i++) {
        open_lane(campaign, order[i]);
        for (unsigned round = first_round; round < end_round && !is_stopped(campaign); round++)
            take_slice(campaign, order[i], repetition, round);
        close_lane(campaign, order[i], repetition == 0);
    }
}

static void run(struct campaign *campaign)
{
    const struct bench_plan *plan = campaign->plan;
    struct bench_cell *bench = campaign->bench;
    size_t *order = allocate(bench->count, sizeof *order);
    for (size_t i = 0; i < bench->count; i++)
        order[i] = i;
    for (unsigned i = 0; i < plan->repetitions && !is_stopped(campaign); i++) {
        unsigned first = plan->rounds * i / plan->repetitions;
        unsigned end = plan->rounds * (i + 1) / plan->repetitions;
        (bench->is_resident ? repeat_resident : repeat_in_turn)(campaign, order, i, first, end);
    }
    bench->is_cut = is_stopped(campaign);
    free(order);
}

void bench_run_cell(struct bench_cell *bench, const struct bench_plan *plan,
                    const struct cell *cell, const bool skips[], bench_progress_function *progress,
                    void *context)
{
    assert(plan->repetitions >= 1 && plan->repetitions <= plan->rounds);
    *bench = (struct bench_cell){.cell = cell};
    init_rows(bench, plan, skips);
    size_t needed =
        bench->count * (cell_descriptors(cell) + BENCH_OWN_DESCRIPTORS) + BENCH_OWN_DESCRIPTORS;
    bench->is_resident = needed <= socket_raise_descriptor_limit();
    struct campaign campaign = {
        .bench = bench,
        .plan = plan,
        .lanes = allocate(bench->count, sizeof *campaign.lanes),
        .random_state = random_mix(plan->seed ^ (uint64_t)cell->load.clients),
        .progress = progress,
        .context = context,
        .all = (size_t)plan->rounds * bench->count,
    };
    run(&campaign);
    for (size_t i = 0; i < bench->count; i++)
        bench_row_judge(&bench->rows[i], &cell->load);
    free(campaign.lanes);
}

/*** Figures ***/

size_t bench_values(const struct bench_cell *bench, const struct bench_row *row,
                    enum bench_metric metric, double *values)
{
    size_t count = 0;
    unsigned last_start = UINT_MAX;
    for (size_t i = 0; i < bench->slice_count; i++) {
        const struct bench_slice *taken = &bench->slices[i];
        bool is_counted_already =
            bench_metric_is_of_start(metric) && taken->repetition == last_start;
        if (&bench->rows[taken->contender] != row || taken->dropped != NULL ||
            isnan(taken->slice.values[metric]) || is_counted_already)
            continue;
        values[count++] = taken->slice.values[metric];
        last_start = taken->repetition;
    }
    return count;
}

struct spread bench_spread(const struct bench_cell *bench, const struct bench_row *row,
                           enum bench_metric metric)
{
    double *values = allocate(bench->slice_count + 1, sizeof *values);
    size_t count = bench_values(bench, row, metric, values);
    struct spread spread = {.median = NAN, .low = NAN, .high = NAN};
    if (count > 0)
        spread = statistics_spread(values, count);
    free(values);
    return spread;
}
