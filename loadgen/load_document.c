#include "loadgen/load_document.h"

#include "loadgen/protocols/protocol.h"
#include "loadgen/worker/engine.h"
#include "results/document/document.h"
#include "text/number.h"

#include <inttypes.h>
#include <stdbool.h>

const char *load_engine_name(const struct load_plan *plan)
{
    return plan->engine != NULL ? plan->engine->name : engine_epoll.name;
}

const char *load_protocol_name(const struct load_plan *plan)
{
    return plan->protocol != NULL ? plan->protocol->name : "echo";
}

/*** JSON ***/

json_t *load_describe_cell(const struct load_plan *plan)
{
    static const char *const laws[] = {
        [ARRIVALS_CONSTANT] = "constant",
        [ARRIVALS_POISSON] = "poisson",
    };
    bool is_open = plan->rate_per_s > 0;
    return json_pack("{s:i, s:i, s:s, s:s?, s:I, s:i, s:i, s:i, s:i, s:o, s:s?}",          //
                     "clients", (int)plan->clients, "threads", (int)plan->threads,         //
                     "protocol", load_protocol_name(plan),                                 //
                     "path", plan->protocol == &load_protocol_http ? plan->path : NULL,    //
                     "size", (json_int_t)plan->size_bytes,                                 //
                     "depth", plan->depth > 0 ? (int)plan->depth : 1,                      //
                     "silent", (int)plan->silent, "slow_readers", (int)plan->slow_readers, //
                     "requests_per_connection", (int)plan->requests_per_connection,        //
                     "rate", is_open ? json_real(plan->rate_per_s) : json_null(),          //
                     "arrivals", is_open ? laws[plan->arrivals] : NULL);
}

static json_t *describe_failures(const struct failures *failures, bool of_requests)
{
    json_t *rows = json_array();
    uint64_t total = 0;
    for (size_t i = 0; i < failures->kinds; i++) {
        const struct failure *failure = &failures->by[i];
        if (failure_is_of_request(failure) != of_requests)
            continue;
        total += failure->count;
        json_array_append_new(rows, json_pack("{s:s, s:s, s:I}",                           //
                                              "phase", failure_phase_name(failure->phase), //
                                              "cause", failure_cause_name(failure->cause), //
                                              "count", (json_int_t)failure->count));
    }
    return json_pack("{s:I, s:o}", "total", (json_int_t)total, "by", rows);
}

json_t *load_describe_clients(const struct load_plan *plan, const struct load_totals *totals)
{
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:I, s:i, s:i, s:i, s:i, s:o}",       //
                     "asked", (int)plan->clients,                                          //
                     "connected", (int)totals->clients_connected,                          //
                     "silent", (int)plan->silent,                                          //
                     "silent_connected", (int)totals->silent_connected,                    //
                     "slow_readers", (int)plan->slow_readers,                              //
                     "slow_readers_connected", (int)totals->slow_connected,                //
                     "slow_readers_answered", (json_int_t)totals->slow_answered,           //
                     "connecting", (int)totals->connecting,                                //
                     "used", (int)totals->clients_used,                                    //
                     "served", (int)totals->clients_served,                                //
                     "never_served", (int)(totals->clients_used - totals->clients_served), //
                     "failed", describe_failures(&totals->failures, false));
}

/* Connections, where clients may have made more than one. */
static json_t *describe_connections(const struct load_totals *totals)
{
    return json_pack("{s:I, s:I}", "made", (json_int_t)totals->connections, //
                     "served", (json_int_t)totals->connections_served);
}

/* null for a protocol that has no statuses. */
static json_t *describe_statuses(const struct load_totals *totals)
{
    static const char *const names[] = {NULL, "1xx", "2xx", "3xx", "4xx", "5xx"};
    json_t *statuses = json_object();
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++)
        if (totals->by_status_class[i] > 0)
            json_object_set_new(statuses, names[i],
                                json_integer((json_int_t)totals->by_status_class[i]));
    if (json_object_size(statuses) > 0)
        return statuses;
    json_decref(statuses);
    return json_null();
}

json_t *load_describe_requests(const struct load_totals *totals)
{
    return json_pack("{s:I, s:I, s:o, s:o, s:I}",                          //
                     "sent", (json_int_t)totals->sent,                     //
                     "answered", (json_int_t)totals->answered,             //
                     "failed", describe_failures(&totals->failures, true), //
                     "by_status", describe_statuses(totals),               //
                     "in_flight", (json_int_t)totals->in_flight);
}

static double generator_cpu_us_per_request(const struct load_result *result)
{
    if (result->answered == 0)
        return 0;
    return (double)result->generator_cpu_ns / 1e3 / (double)result->answered;
}

json_t *load_describe(const struct load_plan *plan, const struct load_result *result)
{
    char address[ADDRESS_TEXT_BYTES];
    return json_pack("{s:{s:s}, s:o, s:o, s:o, s:o, s:f, s:f, s:I, s:f, s:o, s:o, s:o, s:o, s:o, "
                     "s:{s:s, s:f}}",                                                //
                     "target", "name", address_text(&plan->address, address),        //
                     "cell", load_describe_cell(plan),                               //
                     "clients", load_describe_clients(plan, &result->totals),        //
                     "connections", describe_connections(&result->totals),           //
                     "requests", load_describe_requests(&result->totals),            //
                     "window_s", (double)result->window_ns / 1e9,                    //
                     "silence_s", (double)result->silence_ns / 1e9,                  //
                     "window_unsent", (json_int_t)result->window_unsent,             //
                     "throughput_per_s", load_throughput_per_s(result),              //
                     "latency_ns", document_histogram(&result->latency),             //
                     "service_ns", document_histogram(&result->service),             //
                     "slip_ns", document_histogram(&result->slip),                   //
                     "connect_ns", document_histogram(&result->connect),             //
                     "first_service_ns", document_histogram(&result->first_service), //
                     "generator", "engine", load_engine_name(plan), "cpu_us_per_request",
                     generator_cpu_us_per_request(result));
}

/*** Text ***/

static void print_quantiles(FILE *stream, const char *label, const struct histogram *histogram)
{
    static const struct {
        const char *name;
        double quantile;
    } rows[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}};
    char text[NUMBER_TEXT_BYTES];
    fprintf(stream, "%-10s", label);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value_ns = (double)histogram_quantile_ns(histogram, rows[i].quantile);
        fprintf(stream, "%s%s %s", i > 0 ? "  " : "", rows[i].name,
                histogram->total > 0 ? number_duration_text(text, value_ns) : "-");
    }
    fputc('\n', stream);
}

void load_print_failures(FILE *stream, const char *indent, const struct failures *failures)
{
    for (size_t i = 0; i < failures->kinds; i++) {
        const struct failure *failure = &failures->by[i];
        fprintf(stream, "%s%" PRIu64 " failed in phase %s: %s\n", indent, failure->count,
                failure_phase_name(failure->phase), failure_cause_text(failure->cause));
    }
}

static void print_offered(FILE *stream, const struct load_plan *plan,
                          const struct load_result *result)
{
    char text[NUMBER_TEXT_BYTES];
    fprintf(stream, ", %s/s offered", number_count_text(text, plan->rate_per_s));
    if (result->window_unsent > 0)
        fprintf(stream, "; %" PRIu64 " were due and never sent", result->window_unsent);
}

static void print_clients(FILE *stream, const struct load_plan *plan,
                          const struct load_totals *totals)
{
    fprintf(stream, "clients   %u asked, %u connected, %u served", plan->clients,
            totals->clients_connected, totals->clients_served);
    if (totals->clients_used < totals->clients_connected)
        fprintf(stream, ", %u not needed", totals->clients_connected - totals->clients_used);
    if (totals->clients_served < totals->clients_used)
        fprintf(stream, ", %u never served", totals->clients_used - totals->clients_served);
    if (plan->silent > 0)
        fprintf(stream, "; %u of %u silent ones connected", totals->silent_connected, plan->silent);
    fputc('\n', stream);
    if (plan->slow_readers > 0)
        fprintf(stream,
                "beside    %u of %u slow readers connected; %" PRIu64 " replies read by them\n",
                totals->slow_connected, plan->slow_readers, totals->slow_answered);
    if (totals->connections > totals->clients_connected || totals->connecting > 0)
        fprintf(stream,
                "connected %" PRIu64 " times, %" PRIu64 " served, %u connecting at the end\n",
                totals->connections, totals->connections_served, totals->connecting);
}

static void print_requests(FILE *stream, const struct load_result *result)
{
    const struct load_totals *totals = &result->totals;
    fprintf(stream,
            "requests  %" PRIu64 " sent, %" PRIu64 " answered, %" PRIu64 " failed, %" PRIu64
            " in flight at the end\n",
            totals->sent, totals->answered, failures_of_requests(&totals->failures),
            totals->in_flight);
    load_print_failures(stream, "          ", &totals->failures);
    static const char *const classes[] = {"", "1xx", "2xx", "3xx", "4xx", "5xx"};
    for (size_t i = 1; i < sizeof classes / sizeof classes[0]; i++)
        if (totals->by_status_class[i] > 0)
            fprintf(stream, "          %" PRIu64 " answered with %s\n", totals->by_status_class[i],
                    classes[i]);
}

void load_print(FILE *stream, const struct load_plan *plan, const struct load_result *result)
{
    char text[NUMBER_TEXT_BYTES];
    print_clients(stream, plan, &result->totals);
    print_requests(stream, result);
    fprintf(stream, "rate      %s/s over ", number_count_text(text, load_throughput_per_s(result)));
    fprintf(stream, "%s", number_duration_text(text, (double)result->window_ns));
    if (plan->rate_per_s > 0)
        print_offered(stream, plan, result);
    fputc('\n', stream);
    print_quantiles(stream, "latency", &result->latency);
    if (plan->rate_per_s > 0) {
        print_quantiles(stream, "service", &result->service);
        print_quantiles(stream, "slip", &result->slip);
    }
    print_quantiles(stream, "connect", &result->connect);
    print_quantiles(stream, "1st reply", &result->first_service);
    fprintf(stream, "generator %s of CPU per request (%s)\n",
            number_duration_text(text, generator_cpu_us_per_request(result) * 1e3),
            load_engine_name(plan));
}
