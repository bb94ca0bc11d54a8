#include "loadgen/load_document.h"

#include "base/quantity.h"
#include "results/document.h"

#include <inttypes.h>
#include <stdbool.h>

/*** JSON ***/

json_t *load_describe_cell(const struct load_plan *plan)
{
    static const char *const laws[] = {
        [ARRIVALS_CONSTANT] = "constant",
        [ARRIVALS_POISSON] = "poisson",
    };
    bool is_open = plan->rate_per_s > 0;
    return json_pack("{s:i, s:i, s:s, s:I, s:o, s:s?}",                            //
                     "clients", (int)plan->clients, "threads", (int)plan->threads, //
                     "exchange", "echo", "size", (json_int_t)plan->size_bytes,     //
                     "rate", is_open ? json_real(plan->rate_per_s) : json_null(),  //
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
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:o}",                           //
                     "asked", (int)plan->clients,                                          //
                     "connected", (int)totals->clients_connected,                          //
                     "silent", (int)plan->silent,                                          //
                     "silent_connected", (int)totals->silent_connected,                    //
                     "used", (int)totals->clients_used,                                    //
                     "served", (int)totals->clients_served,                                //
                     "never_served", (int)(totals->clients_used - totals->clients_served), //
                     "failed", describe_failures(&totals->failures, false));
}

json_t *load_describe_requests(const struct load_totals *totals)
{
    return json_pack("{s:I, s:I, s:o, s:I}",                               //
                     "sent", (json_int_t)totals->sent,                     //
                     "answered", (json_int_t)totals->answered,             //
                     "failed", describe_failures(&totals->failures, true), //
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
    return json_pack("{s:{s:s}, s:o, s:o, s:o, s:f, s:I, s:f, s:o, s:o, s:o, s:o, s:o, s:{s:f}}", //
                     "target", "name", address_text(&plan->address, address),                     //
                     "cell", load_describe_cell(plan),                                            //
                     "clients", load_describe_clients(plan, &result->totals),                     //
                     "requests", load_describe_requests(&result->totals),                         //
                     "window_s", (double)result->window_ns / 1e9,                                 //
                     "window_unsent", (json_int_t)result->window_unsent,                          //
                     "throughput_per_s", load_throughput_per_s(result),                           //
                     "latency_ns", document_histogram(&result->latency),                          //
                     "service_ns", document_histogram(&result->service),                          //
                     "slip_ns", document_histogram(&result->slip),                                //
                     "connect_ns", document_histogram(&result->connect),                          //
                     "first_service_ns", document_histogram(&result->first_service),              //
                     "generator", "cpu_us_per_request", generator_cpu_us_per_request(result));
}

/*** Text ***/

static void print_quantiles(FILE *stream, const char *label, const struct histogram *histogram)
{
    static const struct {
        const char *name;
        double quantile;
    } rows[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}};
    char text[QUANTITY_TEXT_BYTES];
    fprintf(stream, "%-10s", label);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value_ns = (double)histogram_quantile_ns(histogram, rows[i].quantile);
        fprintf(stream, "%s%s %s", i > 0 ? "  " : "", rows[i].name,
                quantity_duration_text(value_ns, text));
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
    char text[QUANTITY_TEXT_BYTES];
    fprintf(stream, ", %s/s offered", quantity_count_text(plan->rate_per_s, text));
    if (result->window_unsent > 0)
        fprintf(stream, "; %" PRIu64 " were due and never sent", result->window_unsent);
}

void load_print(FILE *stream, const struct load_plan *plan, const struct load_result *result)
{
    const struct load_totals *totals = &result->totals;
    char text[QUANTITY_TEXT_BYTES];
    fprintf(stream, "clients   %u asked, %u connected, %u served", plan->clients,
            totals->clients_connected, totals->clients_served);
    if (totals->clients_used < totals->clients_connected)
        fprintf(stream, ", %u not needed", totals->clients_connected - totals->clients_used);
    if (totals->clients_served < totals->clients_used)
        fprintf(stream, ", %u never served", totals->clients_used - totals->clients_served);
    if (plan->silent > 0)
        fprintf(stream, "; %u of %u silent ones connected", totals->silent_connected, plan->silent);
    fprintf(stream,
            "\nrequests  %" PRIu64 " sent, %" PRIu64 " answered, %" PRIu64 " failed, %" PRIu64
            " in flight at the end\n",
            totals->sent, totals->answered, failures_of_requests(&totals->failures),
            totals->in_flight);
    load_print_failures(stream, "          ", &totals->failures);
    fprintf(stream, "rate      %s/s over ",
            quantity_count_text(load_throughput_per_s(result), text));
    fprintf(stream, "%s", quantity_duration_text((double)result->window_ns, text));
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
    fprintf(stream, "generator %s of CPU per request\n",
            quantity_duration_text(generator_cpu_us_per_request(result) * 1e3, text));
}
