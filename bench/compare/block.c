/* Theory of operation: the servers are started afresh for every block, in a random order, so that
 * no luck of one start lasts. In a sweep each takes a slice in a random order and another one in
 * the reverse order: a drift that is steady over the sweep then adds the same to each. Whether a
 * block counts is decided by what the machine did meanwhile, not by how NEW did, and for the whole
 * block: dropping single slices would favour one side.
 */
#include "bench/compare/block.h"

#include "base/clock.h"
#include "base/random.h"
#include "bench/compare/shift.h"
#include "results/document/machine.h"

#include <math.h>
#include <poll.h>

#define STOLEN_SHARE_MAX  0.25 /* of all processors in a block; more, and it does not count */
#define FOREIGN_SHARE_MAX 0.25
#define QUIET_NS          (100 * NS_PER_MS) /* that the machine is looked at, to be quiet */

static bool take_slice(struct comparison *comparison, enum side side, size_t number)
{
    const struct slice *slice =
        bench_take_slice(&comparison->bench, side, comparison->block.number, (unsigned)number);
    if (slice == NULL)
        return false;
    for (size_t metric = 0; metric < METRICS; metric++)
        comparison->block.values[side][metric][number] = slice->values[metric];
    comparison->block.generator_shares += slice->generator_share;
    return true;
}

/* In a random order, and then in the reverse of it. */
static bool sweep(struct comparison *comparison, size_t order[SIDES])
{
    bool goes_on = !bench_is_stopped(&comparison->bench);
    random_shuffle(order, SIDES, &comparison->random_state);
    for (size_t i = 0; i < SIDES && goes_on; i++)
        goes_on = take_slice(comparison, (enum side)order[i], comparison->block.taken);
    for (size_t i = SIDES; i > 0 && goes_on; i--)
        goes_on = take_slice(comparison, (enum side)order[i - 1], comparison->block.taken + 1);
    comparison->block.taken += 2;
    return goes_on;
}

/* Until all are open; then until all are closed: what a start takes is the sum of both. */
static void note_time_of_starts(struct comparison *comparison, int64_t begin_ns, bool is_closed)
{
    int64_t part_ns = (clock_now_ns() - begin_ns) / SIDES;
    comparison->start_ns = is_closed ? comparison->start_ns + part_ns : part_ns;
}

static bool open_servers(struct comparison *comparison, size_t order[SIDES])
{
    int64_t begin_ns = clock_now_ns();
    struct bench_cell *bench = &comparison->bench;
    bool all_are_open = true;
    random_shuffle(order, SIDES, &comparison->random_state);
    for (size_t i = 0; i < SIDES; i++)
        bench_open(bench, order[i]);
    for (size_t i = 0; i < SIDES; i++)
        all_are_open = all_are_open && bench_warm_up(bench, order[i]);
    note_time_of_starts(comparison, begin_ns, false);
    return all_are_open;
}

static void note_served(struct comparison *comparison, enum side side, bool is_first)
{
    unsigned served = comparison->bench.rows[side].lane.result.totals.clients_served;
    if (is_first || served < comparison->least_served[side])
        comparison->least_served[side] = served;
    if (served > comparison->most_served[side])
        comparison->most_served[side] = served;
}

/* Of a block that does not count, too: the machine was too busy to time, not to weigh. */
static void note_memory(struct comparison *comparison)
{
    double values[SIDES];
    for (enum side side = 0; side < SIDES; side++)
        values[side] = comparison->bench.rows[side].lane.of_start[METRIC_MEMORY];
    starts_note(&comparison->starts[METRIC_MEMORY], values);
}

static void close_servers(struct comparison *comparison)
{
    int64_t begin_ns = clock_now_ns();
    note_memory(comparison);
    for (enum side side = 0; side < SIDES; side++) {
        bench_close(&comparison->bench, side);
        comparison_note_trouble(comparison, side, comparison->bench.rows[side].trouble);
    }
    note_time_of_starts(comparison, begin_ns, true);
}

/*** Does it count? ***/

/* How much processor time each has used: until now, or in a block. */
struct account {
    int64_t wall_ns;
    struct machine_time machine;
    double load_ns;           /* of the load and the servers' guards */
    double servers_ns[SIDES]; /* NAN: not known */
};

static struct account account_now(const struct bench_cell *bench)
{
    struct account account = {.wall_ns = clock_now_ns(),
                              .machine = machine_time(),
                              .load_ns = (double)clock_process_cpu_ns()};
    for (enum side side = 0; side < SIDES; side++) {
        account.servers_ns[side] = lane_server_cpu_ns(&bench->rows[side].lane);
        account.load_ns += (double)target_guard_cpu_ns(&bench->rows[side].lane.target);
    }
    return account;
}

static struct account account_since(const struct account *begin, const struct bench_cell *bench)
{
    struct account account = account_now(bench);
    account.wall_ns -= begin->wall_ns;
    account.machine.total_ns -= begin->machine.total_ns;
    account.machine.busy_ns -= begin->machine.busy_ns;
    account.load_ns -= begin->load_ns;
    for (enum side side = 0; side < SIDES; side++)
        account.servers_ns[side] -= begin->servers_ns[side];
    return account;
}

/* Did the server answer nothing in the whole block? A slice of that kind is often the machine's. */
static bool has_stalled(const struct comparison *comparison, enum side side)
{
    for (size_t i = 0; i < comparison->block.taken; i++)
        if (comparison->block.values[side][METRIC_THROUGHPUT][i] > 0)
            return false;
    return true;
}

/* Of all processors, in the slices of BASE and its copy: NEW might bring it about. */
static double stolen_share(const struct comparison *comparison)
{
    const struct bench_cell *bench = &comparison->bench;
    double stolen = 0;
    double count = 0;
    for (size_t i = comparison->block.first_slice; i < bench->slice_count; i++) {
        if (bench->slices[i].row == SIDE_NEW || isnan(bench->slices[i].stolen_share))
            continue;
        stolen += bench->slices[i].stolen_share;
        count++;
    }
    return count > 0 ? stolen / count : 0;
}

/* Of all processors, by other programs: not the load, nor any of the three servers, as one may
 * be busy while others are loaded. NAN where it is not known what they took. */
static double foreign_share(const struct account *block)
{
    double foreign_ns = (double)block->machine.busy_ns - block->load_ns;
    for (enum side side = 0; side < SIDES; side++)
        foreign_ns -= block->servers_ns[side];
    return block->machine.total_ns > 0 ? foreign_ns / (double)block->machine.total_ns : 0;
}

/* Of one processor, by a server while others are loaded. */
static double idle_share(const struct comparison *comparison, enum side side,
                         const struct account *block)
{
    const struct bench_cell *bench = &comparison->bench;
    double cpu_ns = block->servers_ns[side];
    double idle_ns = (double)block->wall_ns;
    for (size_t i = comparison->block.first_slice; i < bench->slice_count; i++) {
        const struct slice *slice = &bench->slices[i];
        if (slice->row != (size_t)side)
            continue;
        cpu_ns -= slice->server_cpu_ns;
        idle_ns -= (double)(slice->end_ns - slice->begin_ns);
    }
    return cpu_ns / idle_ns;
}

/* The mean over the blocks that count. */
static void note_idle_shares(struct comparison *comparison, const struct account *block)
{
    for (enum side side = 0; side < SIDES; side++) {
        double *mean = &comparison->idle_share[side];
        *mean += (idle_share(comparison, side, block) - *mean) / (double)(comparison->blocks + 1);
    }
}

static const char stolen[] = "other machines on this host took the processors";
static const char foreign[] = "other programs took the processors";

/* Judged without NEW's figures: dropping blocks because of them would favour one side. */
static const char *fault_of_machine(const struct comparison *comparison, double foreign_of)
{
    if (stolen_share(comparison) > STOLEN_SHARE_MAX)
        return stolen;
    if (foreign_of > FOREIGN_SHARE_MAX)
        return foreign;
    if (has_stalled(comparison, SIDE_BASE) || has_stalled(comparison, SIDE_CONTROL))
        return "neither BASE nor its copy answered";
    return NULL;
}

static const char unfinished[] = "it did not finish";

const char *comparison_reason_to_drop(struct comparison *comparison, double foreign_of_all)
{
    const char *fault = fault_of_machine(comparison, foreign_of_all);
    if (fault != NULL || !has_stalled(comparison, SIDE_NEW))
        return fault;
    comparison_note_trouble(comparison, SIDE_NEW, "it answered nothing during a whole block");
    return unfinished;
}

static void note_busy_block(struct comparison *comparison)
{
    struct bench_cell *bench = &comparison->bench;
    for (size_t i = comparison->block.first_slice; i < bench->slice_count; i++)
        bench->slices[i].counts_cpu = true;
    comparison_note_busy_block(comparison);
}

void comparison_await_quiet(struct comparison *comparison, int64_t until_ns)
{
    double busy = 1;
    while (busy > FOREIGN_SHARE_MAX && clock_now_ns() + QUIET_NS < until_ns &&
           !bench_is_stopped(&comparison->bench)) {
        struct machine_time begin = machine_time();
        poll(NULL, 0, QUIET_NS / NS_PER_MS);
        struct machine_time passed = machine_time_since(&begin);
        busy = passed.total_ns > 0
                   ? (double)(passed.busy_ns + passed.stolen_ns) / (double)passed.total_ns
                   : 0;
    }
}

void comparison_run_block(struct comparison *comparison)
{
    struct bench_cell *bench = &comparison->bench;
    size_t order[SIDES] = {SIDE_BASE, SIDE_NEW, SIDE_CONTROL};
    comparison->block.first_slice = bench->slice_count;
    comparison->block.taken = 0;
    comparison->block.generator_shares = 0;
    bool is_whole = open_servers(comparison, order);
    struct account begin = account_now(bench);
    for (unsigned i = 0; i < comparison->sweeps && is_whole; i++)
        is_whole = sweep(comparison, order);
    struct account block = account_since(&begin, bench);
    for (enum side side = 0; side < SIDES; side++)
        note_served(comparison, side, comparison->block.number == 0);
    close_servers(comparison);
    is_whole = is_whole && comparison->trouble == NULL;
    const char *dropped =
        is_whole ? comparison_reason_to_drop(comparison, foreign_share(&block)) : unfinished;
    for (size_t i = comparison->block.first_slice; i < bench->slice_count; i++)
        bench->slices[i].dropped = dropped;
    comparison->dropped += dropped != NULL && dropped != unfinished;
    if (dropped == NULL) {
        note_idle_shares(comparison, &block);
        comparison_note_block(comparison);
    } else if (dropped == stolen || dropped == foreign) {
        note_busy_block(comparison);
    }
    comparison->block.number++;
}

void comparison_run_start(struct comparison *comparison)
{
    size_t order[SIDES] = {SIDE_BASE, SIDE_NEW, SIDE_CONTROL};
    open_servers(comparison, order);
    close_servers(comparison);
}
