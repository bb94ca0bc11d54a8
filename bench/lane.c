#include "bench/lane.h"

#include "base/clock.h"
#include "base/memory.h"
#include "loadgen/load_document.h"
#include "loadgen/readiness.h"
#include "observe/task.h"
#include "results/document/machine.h"
#include "text/number.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LAST_CHANCE_NS NS_PER_S /* for a server that has answered nothing in the last slice */

/*** Opening ***/

static void open_load(struct lane *lane, const struct load_plan *load,
                      const struct pinning *pinning)
{
    struct load_plan plan = *load;
    plan.address = lane->target.address;
    if (pinning->is_on && plan.cpu_count == 0) {
        plan.cpus = pinning->generator;
        plan.cpu_count = pinning->generator_count;
    }
    lane->load = load_new(&plan);
    load_connect(lane->load);
}

/* Processor time by a counter only where children end meanwhile: it costs something, too. */
static void open_counters(struct lane *lane)
{
    for (enum counted_event i = 0; i < COUNTED_EVENTS; i++) {
        if ((i == EVENT_CPU_NS && !lane->is_churn) ||
            target_open_counter(&lane->target, &lane->counters[i], i) == 0)
            continue;
        event_counter_close(&lane->counters[i]);
        if (event_counter_check(i, &lane->uncounted[i]) == 0)
            lane->uncounted[i] = "the processes of this server cannot be counted";
    }
}

/* Our own models answer once they listen. Others may listen first, and refuse for a while. NULL, or
 * what happened, as the end of a sentence that begins with "it". */
static char *await_ready(struct lane *lane, const struct contender *contender,
                         const struct load_plan *plan)
{
    if (contender->kind == CONTENDER_MODEL || !readiness_is_awaited(plan))
        return NULL;
    struct load_plan asked = *plan;
    asked.address = lane->target.address;
    char text[NUMBER_TEXT_BYTES];
    char *came = NULL;
    char *failure = NULL;
    int64_t deadline_ns = clock_now_ns() + contender->start_timeout_ns;
    while (failure == NULL &&
           readiness_try(&asked, contender->start_timeout_ns, &came) != ANSWER_RIGHT) {
        if (target_await_end(&lane->target, clock_now_ns() + READINESS_PAUSE_NS))
            failure = target_end_text(&lane->target);
        else if (clock_now_ns() >= deadline_ns)
            failure =
                text_of("does not answer as expected after %s: %s; --start-timeout allows "
                        "more time, --ready no does not wait",
                        number_duration_text(text, (double)contender->start_timeout_ns), came);
        free(came);
    }
    return failure;
}

void lane_open(struct lane *lane, const struct contender *contender, const struct load_plan *plan,
               const struct pinning *pinning)
{
    *lane = (struct lane){.is_churn = plan->requests_per_connection > 0, .memory_bytes = NAN};
    for (size_t i = 0; i < METRICS; i++)
        lane->of_start[i] = NAN;
    load_result_init(&lane->result);
    load_result_init(&lane->total);
    cpu_set_t before;
    pinning_enter(pinning, &before);
    char *failure = NULL;
    int error = contender_start(contender, plan, &lane->target, &lane->command, &failure);
    pinning_leave(pinning, &before);
    if (error == 0)
        failure = await_ready(lane, contender, plan);
    if (failure != NULL) {
        lane->trouble = text_of("it cannot be started: it %s", failure);
        free(failure);
        target_stop(&lane->target);
        return;
    }
    if (target_is_ours(&lane->target)) {
        target_read_usage(&lane->target, &lane->idle);
        open_counters(lane);
    } else {
        for (enum counted_event i = 0; i < COUNTED_EVENTS; i++)
            lane->uncounted[i] = "it was not started by proctor";
    }
    open_load(lane, plan, pinning);
}

bool lane_is_open(const struct lane *lane)
{
    return lane->load != NULL;
}

/*** Slices ***/

static double read_counter(const struct lane *lane, enum counted_event event)
{
    const struct event_counter *counter = &lane->counters[event];
    return counter->count > 0 ? (double)event_counter_read(counter) : NAN;
}

double lane_server_cpu_ns(const struct lane *lane)
{
    if (lane->is_churn)
        return read_counter(lane, EVENT_CPU_NS);
    return target_is_ours(&lane->target) ? (double)target_cpu_ns(&lane->target) : NAN;
}

/* What is counted of a server, and of the machine around it. */
struct reading {
    double counts[COUNTED_EVENTS]; /* NAN: not counted */
    double guard_ns;
    struct machine_time machine;
};

static void read_counts(struct reading *reading, const struct lane *lane)
{
    for (enum counted_event i = 0; i < EVENT_CPU_NS; i++)
        reading->counts[i] = read_counter(lane, i);
    reading->counts[EVENT_CPU_NS] = lane_server_cpu_ns(lane);
    reading->guard_ns = (double)target_guard_cpu_ns(&lane->target);
}

/* Loads the server; what is read grows by that. The machine's time is read next to the load, so
 * that reading the rest is not taken for foreign load. */
static struct reading measure(struct lane *lane, int64_t lead_in_ns, int64_t slice_ns)
{
    struct reading begin;
    struct reading end;
    read_counts(&begin, lane);
    begin.machine = machine_time();
    load_measure(lane->load, lead_in_ns, slice_ns, &lane->result);
    end.machine = machine_time_since(&begin.machine);
    read_counts(&end, lane);
    for (size_t i = 0; i < COUNTED_EVENTS; i++)
        end.counts[i] -= begin.counts[i];
    end.guard_ns -= begin.guard_ns;
    return end;
}

/* Negative if a child has ended meanwhile and taken its share along. */
static double per_request(double amount, uint64_t requests)
{
    return requests > 0 && amount >= 0 ? amount / (double)requests : NAN;
}

static double quantile_of(const struct histogram *latency, double quantile)
{
    return latency->total > 0 ? (double)histogram_quantile_ns(latency, quantile) : NAN;
}

/* What the counters have counted in the first slice; they are not needed any more. */
static void keep_counts(struct lane *lane, const struct reading *grown)
{
    static const enum metric metrics[] = {
        [EVENT_SYSTEM_CALLS] = METRIC_SERVER_CALLS, [EVENT_SWITCHES] = METRIC_SERVER_SWITCHES};
    for (size_t i = 0; i < EVENT_CPU_NS; i++) {
        if (lane->counters[i].count == 0)
            continue;
        lane->of_start[metrics[i]] = per_request(grown->counts[i], lane->result.answered);
        event_counter_close(&lane->counters[i]);
    }
}

static void fill_in(struct slice *slice, const struct lane *lane, const struct reading *grown)
{
    const struct load_result *result = &lane->result;
    const struct histogram *latency = &result->latency;
    double server_ns = grown->counts[EVENT_CPU_NS];
    double generator_ns = (double)result->generator_cpu_ns;
    double *values = slice->values;
    memcpy(values, lane->of_start, sizeof lane->of_start);
    values[METRIC_THROUGHPUT] = load_throughput_per_s(result);
    values[METRIC_P50] = quantile_of(latency, 0.5);
    values[METRIC_P99] = quantile_of(latency, 0.99);
    values[METRIC_P999] = quantile_of(latency, 0.999);
    values[METRIC_SERVER_CPU] = per_request(server_ns / 1e3, result->answered);
    values[METRIC_GENERATOR_CPU] = per_request(generator_ns / 1e3, result->answered);

    double all_ns = (double)grown->machine.total_ns;
    double others_ns = (double)grown->machine.busy_ns - generator_ns - server_ns - grown->guard_ns;
    slice->server_cpu_ns = server_ns;
    slice->stolen_share = all_ns > 0 ? (double)grown->machine.stolen_ns / all_ns : NAN;
    slice->foreign_share = all_ns > 0 && !isnan(others_ns) ? fmax(0, others_ns / all_ns) : NAN;
    slice->generator_share = result->busiest_thread_share;
}

/* How much memory the server's connections cost; once, when each has been served or waits. Not
 * where they come and go: they are never all there at once. */
static void weigh(struct lane *lane)
{
    const struct load_totals *totals = &lane->result.totals;
    unsigned connections =
        totals->clients_connected + totals->silent_connected + totals->slow_connected;
    struct usage loaded = {0};
    if (target_is_ours(&lane->target) && connections > 0 && !lane->is_churn)
        target_read_usage(&lane->target, &loaded);
    if (!lane->idle.has_memory || !loaded.has_memory)
        return;
    lane->memory_bytes = (double)loaded.memory_bytes;
    lane->of_start[METRIC_MEMORY] =
        (lane->memory_bytes - (double)lane->idle.memory_bytes) / connections;
}

bool lane_take_slice(struct lane *lane, int64_t lead_in_ns, int64_t slice_ns, struct slice *slice)
{
    assert(lane_is_open(lane));
    *slice = (struct slice){.begin_ns = clock_now_ns()};
    struct reading grown = measure(lane, lead_in_ns, slice_ns);
    slice->end_ns = clock_now_ns();
    if (target_has_ended(&lane->target)) {
        char *end = target_end_text(&lane->target);
        lane->trouble = text_of("it %s", end);
        free(end);
        return false;
    }
    if (isnan(lane->memory_bytes))
        weigh(lane);
    keep_counts(lane, &grown);
    fill_in(slice, lane, &grown);
    return true;
}

void lane_keep_slice(struct lane *lane)
{
    histogram_clear(&lane->total.connect); /* that of a slice is that of the whole load */
    load_result_add(&lane->total, &lane->result);
}

/*** Closing ***/

/* Did the server answer nothing at all in the last slice? */
static bool has_stalled(const struct lane *lane)
{
    return lane->result.answered == 0;
}

/* Failed requests are the server's fault; that not all were served may be its model. */
static char *trouble_of(const struct lane *lane)
{
    const struct load_totals *totals = &lane->result.totals;
    const struct failures *failures = &totals->failures;
    if (failures_total(failures) > 0) {
        const struct failure *first = &failures->by[0];
        char *reply =
            totals->unexpected.kinds > 0 ? reply_kind_text(&totals->unexpected.by[0]) : NULL;
        char *text = text_of("%" PRIu64 " failures, the first while in phase '%s': %s%s%s",
                             failures_total(failures), failure_phase_name(first->phase),
                             failure_cause_text(first->cause),
                             reply != NULL ? "; the reply is " : "", reply != NULL ? reply : "");
        free(reply);
        return text;
    }
    if (totals->answered == 0)
        return text_of("it answered none of %" PRIu64 " requests", totals->sent);
    if (has_stalled(lane))
        return text_of("it stopped answering: %" PRIu64 " requests were in flight at the end",
                       totals->in_flight);
    return NULL;
}

void lane_close(struct lane *lane)
{
    if (lane->load == NULL)
        return;
    struct slice unused;
    if (lane->trouble == NULL && has_stalled(lane))
        lane_take_slice(lane, 0, LAST_CHANCE_NS, &unused); /* it may have been the machine */
    if (lane->trouble == NULL)
        lane->trouble = trouble_of(lane);
    load_free(lane->load);
    lane->load = NULL;
    for (size_t i = 0; i < COUNTED_EVENTS; i++)
        event_counter_close(&lane->counters[i]);
    target_stop(&lane->target);
}

void lane_release(struct lane *lane)
{
    lane_close(lane);
    load_result_release(&lane->result);
    load_result_release(&lane->total);
    free_texts(lane->command);
    free(lane->trouble);
    *lane = (struct lane){0};
}
