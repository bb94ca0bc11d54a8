#include "loadgen/plan/result.h"

#include "base/clock.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

/* The first of them belong to a measurement, the others to all since the load began. */
#define HISTOGRAMS_OF_MEASUREMENT 3

_Static_assert(offsetof(struct load_result, first_service) ==
                   offsetof(struct load_result, histograms[LOAD_HISTOGRAMS - 1]),
               "each histogram stands in the array");

void load_result_init(struct load_result *result)
{
    *result = (struct load_result){0};
    for (size_t i = 0; i < LOAD_HISTOGRAMS; i++)
        histogram_init(&result->histograms[i]);
}

void load_result_release(struct load_result *result)
{
    for (size_t i = 0; i < LOAD_HISTOGRAMS; i++)
        histogram_release(&result->histograms[i]);
}

/*** Making it empty ***/

void load_result_begin_measurement(struct load_result *result)
{
    for (size_t i = 0; i < HISTOGRAMS_OF_MEASUREMENT; i++)
        histogram_clear(&result->histograms[i]);
    result->window_unsent = result->window_sent = result->window_answered = result->answered = 0;
    result->generator_cpu_ns = 0;
    result->busiest_thread_share = 0;
}

void load_result_clear(struct load_result *result)
{
    load_result_begin_measurement(result);
    for (size_t i = HISTOGRAMS_OF_MEASUREMENT; i < LOAD_HISTOGRAMS; i++)
        histogram_clear(&result->histograms[i]);
    result->totals = (struct load_totals){0};
}

/*** Adding up ***/

void load_totals_merge(struct load_totals *into, const struct load_totals *from)
{
    into->clients_connected += from->clients_connected;
    into->silent_connected += from->silent_connected;
    into->slow_connected += from->slow_connected;
    into->connections += from->connections;
    into->connections_served += from->connections_served;
    into->connecting += from->connecting;
    into->clients_used += from->clients_used;
    into->clients_served += from->clients_served;
    into->sent += from->sent;
    into->answered += from->answered;
    into->in_flight += from->in_flight;
    into->slow_answered += from->slow_answered;
    into->closed_idle += from->closed_idle;
    into->sent_again += from->sent_again;
    replies_merge(&into->unexpected, &from->unexpected);
    if (into->first.kinds == 0)
        into->first = from->first;
    for (size_t i = 0; i < sizeof into->by_status_class / sizeof into->by_status_class[0]; i++)
        into->by_status_class[i] += from->by_status_class[i];
    failures_merge(&into->failures, &from->failures);
}

/* What is counted of requests, and the histograms. */
static void add_requests(struct load_result *into, const struct load_result *from)
{
    into->window_unsent += from->window_unsent;
    into->window_sent += from->window_sent;
    into->window_answered += from->window_answered;
    into->answered += from->answered;
    into->generator_cpu_ns += from->generator_cpu_ns;
    for (size_t i = 0; i < LOAD_HISTOGRAMS; i++)
        histogram_merge(&into->histograms[i], &from->histograms[i]);
}

void load_result_merge(struct load_result *result, const struct load_result *part)
{
    load_totals_merge(&result->totals, &part->totals);
    add_requests(result, part);
    result->busiest_thread_share = fmax(result->busiest_thread_share, part->busiest_thread_share);
}

void load_result_add(struct load_result *sum, const struct load_result *result)
{
    int64_t all_ns = sum->window_ns + result->window_ns;
    if (all_ns > 0)
        sum->busiest_thread_share = (sum->busiest_thread_share * (double)sum->window_ns +
                                     result->busiest_thread_share * (double)result->window_ns) /
                                    (double)all_ns;
    sum->windows += result->windows;
    sum->window_ns = all_ns;
    sum->planned_ns += result->planned_ns;
    sum->silence_ns += result->silence_ns;
    add_requests(sum, result);
}

/*** What it says ***/

void load_result_check(const struct load_result *result)
{
    const struct load_totals *totals = &result->totals;
    assert(totals->sent ==
           totals->answered + failures_of_requests(&totals->failures) + totals->in_flight);
    assert(totals->clients_served <= totals->clients_used);
    assert(totals->clients_used <= totals->clients_connected);
    assert(totals->connections_served <= totals->connections);
    assert(totals->connections == result->connect.total);
    assert(totals->connections_served == result->first_service.total);
    assert(result->latency.total == result->window_answered);
    assert(result->service.total == result->window_answered);
    assert(result->slip.total == result->window_sent);
    assert(result->window_answered <= result->window_sent);
}

double load_throughput_per_s(const struct load_result *result)
{
    if (result->window_ns == 0)
        return 0;
    return (double)result->window_answered * (double)NS_PER_S / (double)result->window_ns;
}
