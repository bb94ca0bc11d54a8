#include "loadgen/judgement.h"

#include "base/clock.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SATURATED_SHARE 0.9  /* of a core, by one generator thread */
#define SLIP_SHARE      0.1  /* of the median latency */
#define ACHIEVED_SHARE  0.99 /* of what was offered */
#define LITTLE_SHARE    0.05 /* between the clients there are and those in the figures */
#define SILENCE_SHARE   0.1  /* of the window, at its end: silent, or not measured */
#define FOREIGN_SHARE   0.1  /* of all cores, by other programs */
#define STOLEN_SHARE    0.02 /* of all cores, by other machines on the same host */

static void give_reason(struct judgement *judgement, enum validity verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void give_reason(struct judgement *judgement, enum validity verdict, const char *format, ...)
{
    assert(judgement->count < REASONS_MAX);
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&judgement->reasons[judgement->count], format, arguments);
    va_end(arguments);
    assert(length >= 0);
    judgement->count++;
    if (verdict > judgement->verdict)
        judgement->verdict = verdict;
}

/* Where it shares the processors with all servers, that is said once, and not of each of them. */
static void judge_generator(struct judgement *judgement, const struct load_result *result,
                            const struct surroundings *surroundings)
{
    if (!surroundings->shares_processors && result->busiest_thread_share > SATURATED_SHARE)
        give_reason(
            judgement, SUSPECT,
            "a generator thread was busy for %.0f %% of the time: the rate may be its limit, "
            "and latencies may be its own",
            100 * result->busiest_thread_share);
    if (result->latency.overflowed > 0)
        give_reason(judgement, SUSPECT,
                    "%" PRIu64 " latencies were longer than the histogram can record",
                    result->latency.overflowed);
}

static void judge_schedule(struct judgement *judgement, const struct load_result *result)
{
    double slip_ns = (double)histogram_quantile_ns(&result->slip, 0.5);
    double latency_ns = (double)histogram_quantile_ns(&result->latency, 0.5);
    if (slip_ns > SLIP_SHARE * latency_ns)
        give_reason(judgement, SUSPECT,
                    "half of the requests were sent at least %.0f us late, which is %.0f %% of the "
                    "median latency",
                    slip_ns / 1e3, 100 * slip_ns / latency_ns);
    double due = (double)(result->window_sent + result->window_unsent);
    if ((double)result->window_answered < ACHIEVED_SHARE * due)
        give_reason(judgement, SUSPECT, "only %.1f %% of the offered requests were answered",
                    100 * (double)result->window_answered / due);
}

/* Little's law: as many requests are under way as arrive while one is. In a closed loop that is
 * `depth` for each client, if all are served and none is reconnecting. Requests reach across the
 * edges of a window, so the law may be off by one latency in each window. */
static void judge_by_little(struct judgement *judgement, const struct load_plan *plan,
                            const struct load_result *result)
{
    const struct load_totals *totals = &result->totals;
    bool all_were_served = totals->clients_served == plan->clients &&
                           failures_total(&totals->failures) == 0 && totals->in_flight == 0 &&
                           totals->connections == totals->clients_connected;
    if (!all_were_served || result->window_ns == 0)
        return;
    double expected = (double)plan->clients * (plan->depth > 0 ? plan->depth : 1);
    double latency_ns = histogram_mean_ns(&result->latency);
    double under_way = load_throughput_per_s(result) * latency_ns / NS_PER_S;
    double of_edges = latency_ns * (double)result->windows / (double)result->window_ns;
    judgement->breaks_little = fabs(under_way / expected - 1) > LITTLE_SHARE + of_edges;
    if (judgement->breaks_little)
        give_reason(judgement, SUSPECT,
                    "rate and latency are inconsistent (Little's law): they imply %.1f requests in "
                    "flight, but the clients had %.0f",
                    under_way, expected);
}

static void judge_machine(struct judgement *judgement, const struct surroundings *surroundings)
{
    const struct machine_time *machine = &surroundings->machine;
    double all_ns = (double)machine->total_ns;
    double stolen_ns = (double)machine->stolen_ns;
    double foreign_ns = (double)(machine->busy_ns - surroundings->own_cpu_ns);
    if (surroundings->server_is_known && foreign_ns > FOREIGN_SHARE * all_ns)
        give_reason(judgement, SUSPECT,
                    "other programs took %.0f %% of the processors while the load ran",
                    100 * foreign_ns / all_ns);
    if (stolen_ns > STOLEN_SHARE * all_ns)
        give_reason(judgement, SUSPECT,
                    "other machines on this host took %.0f %% of the processors",
                    100 * stolen_ns / all_ns);
    static const char *const slow_clocks[] = {"hpet", "acpi_pm", "jiffies", "refined-jiffies"};
    for (size_t i = 0; i < sizeof slow_clocks / sizeof slow_clocks[0]; i++)
        if (surroundings->clock != NULL && strcmp(surroundings->clock, slow_clocks[i]) == 0)
            give_reason(judgement, SUSPECT, "the clock of this machine, %s, is slow to read",
                        surroundings->clock);
}

/* Requests of clients that were never served, as many as there were starts: which clients are
 * served is a figure of its own, and may be the server's model. */
static uint64_t of_never_served(const struct load_plan *plan, const struct load_result *result,
                                const struct surroundings *surroundings)
{
    const struct load_totals *totals = &result->totals;
    uint64_t depth = plan->depth > 0 ? plan->depth : 1;
    return (uint64_t)(totals->clients_used - totals->clients_served) * depth * surroundings->starts;
}

static void judge_completeness(struct judgement *judgement, const struct load_plan *plan,
                               const struct load_result *result,
                               const struct surroundings *surroundings)
{
    if ((double)result->window_ns < (1 - SILENCE_SHARE) * (double)result->planned_ns)
        give_reason(judgement, SUSPECT, "every client was lost after %.2f s of %.2f s",
                    (double)result->window_ns / 1e9, (double)result->planned_ns / 1e9);
    if ((double)result->silence_ns > SILENCE_SHARE * (double)result->window_ns &&
        (result->totals.in_flight > 0 || result->window_unsent > 0))
        give_reason(judgement, SUSPECT,
                    "the server sent nothing in the last %.2f s of the window: the figures are "
                    "from the time before",
                    (double)result->silence_ns / 1e9);
    else if (result->totals.in_flight > of_never_served(plan, result, surroundings))
        give_reason(
            judgement, SUSPECT,
            "%" PRIu64
            " requests were never answered: no figure includes how long they would have taken",
            result->totals.in_flight);
}

void judgement_make(struct judgement *judgement, const struct load_plan *plan,
                    const struct load_result *result, const struct surroundings *surroundings)
{
    *judgement = (struct judgement){.verdict = VALID};
    if (result->window_answered == 0) {
        give_reason(judgement, INVALID, "no request was answered in the window");
        return;
    }
    judge_generator(judgement, result, surroundings);
    judge_completeness(judgement, plan, result, surroundings);
    if (plan->rate_per_s > 0)
        judge_schedule(judgement, result);
    else
        judge_by_little(judgement, plan, result);
    judge_machine(judgement, surroundings);
}

void judgement_release(struct judgement *judgement)
{
    for (size_t i = 0; i < judgement->count; i++)
        free(judgement->reasons[i]);
    *judgement = (struct judgement){0};
}

const char *validity_name(enum validity verdict)
{
    static const char *const names[] = {
        [VALID] = "valid",
        [SUSPECT] = "suspect",
        [INVALID] = "invalid",
    };
    return names[verdict];
}
