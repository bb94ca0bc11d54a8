/* Theory of operation: with one client a server does the same for every request, so its system
 * calls can be compared as counts. With many clients they depend on how many requests happen to
 * wait at once. Context switches are counted likewise, but a client that is quick enough spares the
 * server some, so they are no gate. The kernel's counters make every system call slower, and so
 * nothing is timed here but, roughly, the latency that the length of slices is chosen by: that of
 * BASE, with all clients connected.
 * What the counts say is in bench/compare/counts.h.
 */
#include "bench/compare/count.h"

#include "base/clock.h"
#include "bench/compare/counts.h"
#include "bench/compare/starts.h"

#include <math.h>
#include <string.h>

#define WARM_UP_NS         (20 * NS_PER_MS)
#define WARM_UP_LONGEST_NS NS_PER_S
#define SLICE_NS           (50 * NS_PER_MS)
#define SLICE_LONGEST_NS   (2.0 * NS_PER_S)
#define REQUESTS           100  /* that a slice is to hold at least */
#define CALLS_TO_CATCH     1    /* in a request; of a count that scatters */
#define BUDGET_PART        3    /* that is spent on counting, after one start of each side */
#define SWITCHES_TOLERANCE 0.02 /* of a count, and as much of one: a reply may spare a sleep */

static const enum metric counted[] = {METRIC_SERVER_CALLS, METRIC_SERVER_SWITCHES};

#define COUNTED (sizeof counted / sizeof counted[0])

/* What a server was counted to take; the least of all starts: what happens besides only adds. */
struct counts {
    double least[METRICS];
    double requests; /* of the start with the fewest system calls */
};

/* Counting under way. */
struct counting {
    struct comparison *comparison;
    struct counts counts[SIDES];
    int64_t load_ns;             /* spent under load */
    int64_t round_ns;            /* that the last start of each side took */
    bool knows_cpu;              /* of BASE, what it has used */
    double last[METRICS][SIDES]; /* start of each side */
};

static struct counts no_counts(void)
{
    struct counts counts = {.requests = 0};
    for (size_t i = 0; i < METRICS; i++)
        counts.least[i] = NAN;
    return counts;
}

/* Is it the new least? */
static bool keep_least(double *least, double value)
{
    bool is_less = isless(value, *least) || (isnan(*least) && !isnan(value));
    *least = is_less ? value : *least;
    return is_less;
}

/* Switches in which a task went to sleep: others are the machine's, not the server's. NAN where
 * children end, who take theirs along. */
static double sleeps_of(const struct lane *lane)
{
    struct usage usage;
    if (!target_is_ours(&lane->target) || lane->is_churn)
        return NAN;
    target_read_usage(&lane->target, &usage);
    return (double)usage.voluntary_switches;
}

/* Until it has answered, as the first request may cost more: a thread is started, a connection is
 * taken. Returns how long a slice with enough requests is. */
static int64_t warm_up(struct lane *lane)
{
    int64_t warm_up_ns = WARM_UP_NS;
    load_measure(lane->load, 0, warm_up_ns, &lane->result);
    while (lane->result.answered == 0 && warm_up_ns < WARM_UP_LONGEST_NS) {
        warm_up_ns *= 2;
        load_measure(lane->load, 0, warm_up_ns, &lane->result);
    }
    if (lane->result.answered == 0)
        return SLICE_NS;
    double slice_ns = REQUESTS * (double)warm_up_ns / (double)lane->result.answered;
    return (int64_t)fmin(fmax(slice_ns, SLICE_NS), SLICE_LONGEST_NS);
}

static struct counts take_counts(struct lane *lane, int64_t slice_ns)
{
    struct counts counts = no_counts();
    struct slice slice;
    double sleeps = -sleeps_of(lane);
    if (!lane_take_slice(lane, 0, slice_ns, &slice))
        return counts;
    sleeps += sleeps_of(lane);
    memcpy(counts.least, slice.values, sizeof counts.least);
    counts.requests = (double)lane->result.answered;
    counts.least[METRIC_SERVER_SWITCHES] = counts.requests > 0 ? sleeps / counts.requests : NAN;
    return counts;
}

/* One start of one server with clients of this load, and what it costs by the kernel's counters. */
static struct counts count_start(struct counting *counting, enum side side,
                                 const struct load_plan *load)
{
    const struct bench_plan *plan = &counting->comparison->plan->bench;
    struct counts counts = no_counts();
    struct lane lane;
    lane_open(&lane, &plan->contenders[side], load, &plan->pinning);
    if (side == SIDE_BASE && !isnan(lane_server_cpu_ns(&lane)))
        counting->knows_cpu = true;
    int64_t begin_ns = clock_now_ns();
    counting->comparison->metrics[METRIC_SERVER_CALLS].uncounted =
        lane.uncounted[EVENT_SYSTEM_CALLS];
    counting->comparison->metrics[METRIC_SERVER_SWITCHES].uncounted =
        lane.uncounted[EVENT_SWITCHES];
    counting->comparison->metrics[METRIC_SERVER_CPU].uncounted = lane.uncounted[EVENT_CPU_NS];
    if (lane_is_open(&lane))
        counts = take_counts(&lane, warm_up(&lane));
    counting->load_ns += clock_now_ns() - begin_ns;
    lane_close(&lane);
    comparison_note_trouble(counting->comparison, side, lane.trouble);
    lane_release(&lane);
    return counts;
}

/* Calls and switches, with one client. */
static void count_side(struct counting *counting, enum side side)
{
    struct counts *counts = &counting->counts[side];
    struct load_plan one_client = counting->comparison->plan->cell.load;
    one_client.clients = one_client.threads = one_client.depth = 1;
    one_client.silent = one_client.slow_readers = 0;
    struct counts alone = count_start(counting, side, &one_client);
    double calls = alone.least[METRIC_SERVER_CALLS];
    if (keep_least(&counts->least[METRIC_SERVER_CALLS], calls))
        counts->requests = alone.requests;
    keep_least(&counts->least[METRIC_SERVER_SWITCHES], alone.least[METRIC_SERVER_SWITCHES]);
    for (size_t i = 0; i < COUNTED; i++)
        counting->last[counted[i]][side] = alone.least[counted[i]];
}

/* With all clients, how long BASE takes. */
static void time_base(struct counting *counting)
{
    struct counts together =
        count_start(counting, SIDE_BASE, &counting->comparison->plan->cell.load);
    keep_least(&counting->comparison->base_p50_ns, together.least[METRIC_P50]);
}

/* The request at the edge of a slice is counted in part, which matters where few were answered. */
static double share_of_edge(const struct counts counts[SIDES])
{
    double fewest = INFINITY;
    for (enum side side = 0; side < SIDES; side++)
        fewest = fmin(fewest, counts[side].requests);
    return 1 / fmax(fewest, 1);
}

/* How far apart two counts of the same may lie. */
static double tolerance_of(const struct counting *counting, enum metric metric)
{
    double base = counting->counts[SIDE_BASE].least[metric];
    return metric == METRIC_SERVER_CALLS
               ? run_metric_count_tolerance(base) + share_of_edge(counting->counts) * (1 + base)
               : SWITCHES_TOLERANCE * (1 + base);
}

static void note_uncounted(struct compared *compared)
{
    compared->by = COMPARED_BY_NOTHING;
    compared->is_gated = false;
}

static void conclude_metric(struct counting *counting, enum metric metric)
{
    struct compared *compared = &counting->comparison->metrics[metric];
    struct starts *starts = &counting->comparison->starts[metric];
    /* How often a server sleeps depends on how quick the client is: shown, but no gate. */
    compared->is_gated = metric == METRIC_SERVER_CALLS;
    for (enum side side = 0; side < SIDES; side++)
        compared->values[side] = counting->counts[side].least[metric];
    if (starts->count == 0)
        note_uncounted(compared);
    else
        compared_conclude_counts(compared, starts);
}

static void note_starts(struct counting *counting, enum metric metric)
{
    struct starts *starts = &counting->comparison->starts[metric];
    starts_note(starts, counting->last[metric]);
    starts->tolerance = tolerance_of(counting, metric);
}

/* Each side as often as the others, and more often where that is needed: as long as there is time
 * for a start of each where NEW seems to differ, which would decide it. */
static bool goes_on(const struct counting *counting, size_t sides)
{
    const struct comparison *comparison = counting->comparison;
    const struct starts *starts = &comparison->starts[METRIC_SERVER_CALLS];
    if (comparison->trouble != NULL || bench_is_stopped(&comparison->bench))
        return false;
    if (sides < SIDES || sides % SIDES != 0)
        return true;
    int64_t spent_ns = clock_now_ns() - comparison->begin_ns + counting->round_ns;
    int64_t budget_ns = comparison->plan->budget_ns;
    if (starts->count == 0) /* nothing can be counted here */
        return sides < (size_t)COUNTS_STARTS * SIDES && spent_ns < budget_ns / BUDGET_PART;
    return counts_need_more_starts(starts) &&
           spent_ns < (counts_are_apart(starts) ? budget_ns : budget_ns / BUDGET_PART);
}

/* All sides in turns; returns how many starts there were. */
static size_t count_all(struct counting *counting)
{
    size_t starts = 0;
    int64_t begin_ns = clock_now_ns();
    for (size_t sides = 0; goes_on(counting, sides); sides++) {
        enum side side = (enum side)(sides % SIDES);
        bool is_timed = side == SIDE_BASE && sides < (size_t)COUNTS_STARTS * SIDES;
        count_side(counting, side);
        starts++;
        if (is_timed && counting->comparison->trouble == NULL) {
            time_base(counting);
            starts++;
        }
        if (side + 1 < SIDES)
            continue;
        for (size_t i = 0; i < COUNTED; i++)
            note_starts(counting, counted[i]);
        counting->round_ns = clock_now_ns() - begin_ns;
        begin_ns += counting->round_ns;
    }
    return starts;
}

void comparison_count(struct comparison *comparison)
{
    struct counting counting = {.comparison = comparison};
    for (size_t side = 0; side < SIDES; side++)
        counting.counts[side] = no_counts();
    size_t starts = count_all(&counting);
    if (starts > 0)
        comparison->start_ns =
            (clock_now_ns() - comparison->begin_ns - counting.load_ns) / (int64_t)starts;
    for (size_t i = 0; i < COUNTED; i++)
        conclude_metric(&counting, counted[i]);
    /* Where children come and go, it takes a counter that may need privileges. */
    if (!counting.knows_cpu)
        note_uncounted(&comparison->metrics[METRIC_SERVER_CPU]);
}

void comparison_look_at_counts(struct comparison *comparison, const struct decision_rule *rule)
{
    for (size_t i = 0; i < COUNTED; i++) {
        struct compared *compared = &comparison->metrics[counted[i]];
        const struct starts *starts = &comparison->starts[counted[i]];
        const struct start_limits limits = {.indifferent = starts->tolerance,
                                            .must_catch = CALLS_TO_CATCH};
        if (compared->by == COMPARED_BY_STARTS)
            compared_look_at_starts(compared, rule, starts, &limits);
    }
}
