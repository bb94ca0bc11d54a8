/* Theory of operation: the servers are started afresh for every block, in a random order, so that
 * no luck of one start lasts. In a sweep each takes a slice in a random order and another one in
 * the reverse order: a drift that is steady over the sweep then adds the same to each. Whether a
 * block counts is decided by what the machine did meanwhile, not by how NEW did, and for the whole
 * block: dropping single slices would favour one side.
 */
#include "bench/compare/comparison_run.h"

#include "base/clock.h"
#include "base/random.h"
#include "results/document/machine.h"

#include <string.h>

#define STOLEN_SHARE_MAX  0.25 /* of all processors in a block; more, and it does not count */
#define FOREIGN_SHARE_MAX 0.25

static void keep_values(struct comparison_run *run, enum side side, size_t number,
                        const struct slice *slice)
{
    for (size_t metric = 0; metric < METRICS; metric++)
        run->values[side][metric][number] = slice->values[metric];
    run->shares[side] += run->lanes[side].result.busiest_thread_share;
}

static bool take_slice(struct comparison_run *run, enum side side, size_t number)
{
    struct comparison *comparison = run->comparison;
    struct bench_cell *bench = &comparison->bench;
    struct slice slice;
    if (!lane_take_slice(&run->lanes[side], comparison->lead_in_ns, comparison->slice_ns, &slice))
        return false;
    lane_keep_slice(&run->lanes[side]);
    keep_values(run, side, number, &slice);
    *bench_add_slice(bench) = (struct bench_slice){
        .slice = slice, .contender = side, .repetition = run->block, .round = (unsigned)number};
    bench->rows[side].slices++;
    return true;
}

/* In a random order, and then in the reverse of it. */
static bool sweep(struct comparison_run *run, size_t order[SIDES])
{
    bool goes_on = !comparison_is_stopped(run);
    random_shuffle(order, SIDES, &run->random_state);
    for (size_t i = 0; i < SIDES && goes_on; i++)
        goes_on = take_slice(run, (enum side)order[i], run->taken);
    for (size_t i = SIDES; i > 0 && goes_on; i--)
        goes_on = take_slice(run, (enum side)order[i - 1], run->taken + 1);
    run->taken += 2;
    return goes_on;
}

static bool open_lanes(struct comparison_run *run, size_t order[SIDES])
{
    const struct comparison_plan *plan = run->plan;
    const struct comparison *comparison = run->comparison;
    bool all_are_open = true;
    random_shuffle(order, SIDES, &run->random_state);
    for (size_t i = 0; i < SIDES; i++)
        lane_open(&run->lanes[order[i]], &plan->contenders[order[i]], &plan->cell.load,
                  &plan->pinning);
    for (size_t i = 0; i < SIDES; i++) {
        struct slice unused;
        all_are_open = all_are_open && lane_is_open(&run->lanes[order[i]]) &&
                       lane_take_slice(&run->lanes[order[i]], comparison->lead_in_ns,
                                       comparison->slice_ns, &unused);
    }
    return all_are_open;
}

static void note_served(struct comparison *comparison, enum side side, unsigned served,
                        bool is_first)
{
    if (is_first || served < comparison->least_served[side])
        comparison->least_served[side] = served;
    if (served > comparison->most_served[side])
        comparison->most_served[side] = served;
}

static void close_lanes(struct comparison_run *run)
{
    struct comparison *comparison = run->comparison;
    bool is_first = run->block == 0;
    for (enum side side = 0; side < SIDES; side++) {
        struct lane *lane = &run->lanes[side];
        note_served(comparison, side, lane->total.totals.clients_served, is_first);
        lane_close(lane);
        comparison_note_trouble(comparison, side, lane->trouble);
        bench_row_absorb(&comparison->bench.rows[side], lane, is_first);
        lane_release(lane);
    }
}

/*** Does it count? ***/

/* Who has used how much of the processors until now. */
struct account {
    int64_t now_ns;
    struct machine_time machine;
    double load_ns;
    double servers_ns[SIDES]; /* NAN: not known */
};

/* Did the server answer nothing in the whole block? A slice of that kind is often the machine's. */
static bool has_stalled(const struct comparison_run *run, enum side side)
{
    for (size_t i = 0; i < run->taken; i++)
        if (run->values[side][METRIC_THROUGHPUT][i] > 0)
            return false;
    return true;
}

/* Of all processors, in the slices of BASE and its copy: NEW might bring it about. */
static double stolen_share(const struct bench_cell *bench, size_t first_slice)
{
    double stolen = 0;
    double count = 0;
    for (size_t i = first_slice; i < bench->slice_count; i++) {
        if (bench->slices[i].contender == SIDE_NEW)
            continue;
        stolen += bench->slices[i].slice.stolen_share;
        count++;
    }
    return count > 0 ? stolen / count : 0;
}

static struct account account_of(const struct comparison_run *run)
{
    struct account account = {.now_ns = clock_now_ns(),
                              .machine = machine_time(),
                              .load_ns = (double)clock_process_cpu_ns()};
    for (enum side side = 0; side < SIDES; side++)
        account.servers_ns[side] = lane_server_cpu_ns(&run->lanes[side]);
    return account;
}

/* Of all processors, by other programs: not the load, nor any of the three servers, as one may
 * be busy while others are loaded. NAN where it is not known what they took. */
static double foreign_share(const struct account *begin, const struct account *end)
{
    double all_ns = (double)(end->machine.total_ns - begin->machine.total_ns);
    double foreign_ns = (double)(end->machine.busy_ns - begin->machine.busy_ns);
    foreign_ns -= end->load_ns - begin->load_ns;
    for (enum side side = 0; side < SIDES; side++)
        foreign_ns -= end->servers_ns[side] - begin->servers_ns[side];
    return all_ns > 0 ? foreign_ns / all_ns : 0;
}

/* Of one processor, by a server while others are loaded. */
static double idle_share(const struct bench_cell *bench, size_t first_slice, enum side side,
                         const struct account *begin, const struct account *end)
{
    double cpu_ns = end->servers_ns[side] - begin->servers_ns[side];
    double idle_ns = (double)(end->now_ns - begin->now_ns);
    for (size_t i = first_slice; i < bench->slice_count; i++) {
        const struct slice *slice = &bench->slices[i].slice;
        if (bench->slices[i].contender != (size_t)side)
            continue;
        cpu_ns -= slice->server_cpu_ns;
        idle_ns -= (double)(slice->end_ns - slice->begin_ns);
    }
    return cpu_ns / idle_ns;
}

/* The mean over the blocks that count. */
static void note_idle_shares(struct comparison *comparison, size_t first_slice,
                             const struct account *begin, const struct account *end)
{
    for (enum side side = 0; side < SIDES; side++) {
        double share = idle_share(&comparison->bench, first_slice, side, begin, end);
        double *mean = &comparison->idle_share[side];
        *mean += (share - *mean) / (double)(comparison->blocks + 1);
    }
}

/* How NEW did in it is no reason. */
static const char *fault_of_machine(const struct comparison_run *run, size_t first_slice,
                                    double foreign)
{
    if (stolen_share(&run->comparison->bench, first_slice) > STOLEN_SHARE_MAX)
        return "other machines on this host took the processors";
    if (foreign > FOREIGN_SHARE_MAX)
        return "other programs took the processors";
    if (has_stalled(run, SIDE_BASE) || has_stalled(run, SIDE_CONTROL))
        return "BASE or its copy answered nothing";
    return NULL;
}

static const char unfinished[] = "it was not finished";

const char *comparison_reason_to_drop(struct comparison_run *run, size_t first_slice,
                                      double foreign)
{
    const char *fault = fault_of_machine(run, first_slice, foreign);
    if (fault != NULL || !has_stalled(run, SIDE_NEW))
        return fault;
    comparison_note_trouble(run->comparison, SIDE_NEW, "it answered nothing in a whole block");
    return unfinished;
}

void comparison_run_block(struct comparison_run *run)
{
    struct comparison *comparison = run->comparison;
    size_t order[SIDES] = {SIDE_BASE, SIDE_NEW, SIDE_CONTROL};
    struct bench_cell *bench = &comparison->bench;
    size_t first_slice = bench->slice_count;
    run->taken = 0;
    memset(run->shares, 0, sizeof run->shares);
    bool is_whole = open_lanes(run, order);
    struct account begin = account_of(run);
    for (unsigned i = 0; i < run->sweeps && is_whole; i++)
        is_whole = sweep(run, order);
    struct account end = account_of(run);
    close_lanes(run);
    is_whole = is_whole && comparison->trouble == NULL;
    const char *dropped =
        is_whole ? comparison_reason_to_drop(run, first_slice, foreign_share(&begin, &end))
                 : unfinished;
    for (size_t i = first_slice; i < bench->slice_count; i++)
        bench->slices[i].dropped = dropped;
    comparison->dropped += dropped != NULL && dropped != unfinished;
    if (dropped == NULL) {
        note_idle_shares(comparison, first_slice, &begin, &end);
        comparison_note_block(run);
    }
    run->block++;
}
