#include "loadgen/load_document.h"

#include "loadgen/engines/engines.h"
#include "loadgen/protocols/protocols.h"
#include "results/document/document.h"
#include "text/number.h"

#include <math.h>
#include <stdbool.h>

const char *load_engine_name(const struct load_plan *plan)
{
    return plan->engine != NULL ? plan->engine->name : engine_epoll.name;
}

const char *load_engine_chooser(const struct load_plan *plan)
{
    return plan->engine_is_chosen ? "proctor" : "asked";
}

const char *load_protocol_name(const struct load_plan *plan)
{
    return plan->protocol != NULL ? plan->protocol->name : "echo";
}

json_t *load_describe_cell(const struct load_plan *plan)
{
    static const char *const laws[] = {
        [ARRIVALS_CONSTANT] = "constant",
        [ARRIVALS_POISSON] = "poisson",
    };
    bool is_open = plan->rate_per_s > 0;
    bool has_frames = plan->frame_bytes > 0;
    return json_pack("{s:i, s:i, s:s, s:s?, s:I, s:i, s:i, s:i, s:i, s:o, s:s?, s:o*}",    //
                     "clients", (int)plan->clients, "threads", (int)plan->threads,         //
                     "protocol", load_protocol_name(plan),                                 //
                     "path", plan->protocol == &load_protocol_http ? plan->path : NULL,    //
                     "size", (json_int_t)plan->size_bytes,                                 //
                     "depth", plan->depth > 0 ? (int)plan->depth : 1,                      //
                     "silent", (int)plan->silent, "slow_readers", (int)plan->slow_readers, //
                     "requests_per_connection", (int)plan->requests_per_connection,        //
                     "rate", is_open ? json_real(plan->rate_per_s) : json_null(),          //
                     "arrivals", is_open ? laws[plan->arrivals] : NULL,                    //
                     "frame_bytes",
                     has_frames ? json_integer((json_int_t)plan->frame_bytes) : NULL);
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

json_t *load_describe_connections(const struct load_totals *totals)
{
    return json_pack("{s:I, s:I, s:I}", "made", (json_int_t)totals->connections, //
                     "served", (json_int_t)totals->connections_served,           //
                     "closed_idle", (json_int_t)totals->closed_idle);
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

/* null where what is expected was said, or nothing came. */
static json_t *describe_first(const struct load_totals *totals)
{
    json_t *list = replies_describe(&totals->first);
    json_t *text = json_object_get(json_array_get(list, 0), "text");
    json_t *described = text != NULL ? json_incref(text) : json_null();
    json_decref(list);
    return described;
}

json_t *load_describe_requests(const struct load_totals *totals)
{
    return json_pack("{s:I, s:I, s:o, s:o, s:I, s:o, s:o, s:I}",           //
                     "sent", (json_int_t)totals->sent,                     //
                     "sent_again", (json_int_t)totals->sent_again,         //
                     "unexpected", replies_describe(&totals->unexpected),  //
                     "first_reply", describe_first(totals),                //
                     "answered", (json_int_t)totals->answered,             //
                     "failed", describe_failures(&totals->failures, true), //
                     "by_status", describe_statuses(totals),               //
                     "in_flight", (json_int_t)totals->in_flight);
}

double load_generator_cpu_us_per_request(const struct load_result *result)
{
    if (result->answered == 0)
        return NAN;
    return (double)result->generator_cpu_ns / 1e3 / (double)result->answered;
}

json_t *load_describe_validity(enum validity verdict, const struct judgement *judgement)
{
    json_t *reasons = json_array();
    for (size_t i = 0; i < judgement->count; i++)
        json_array_append_new(reasons, json_string(judgement->reasons[i]));
    return json_pack("{s:s, s:o}", "verdict", validity_name(verdict), "reasons", reasons);
}

/* Nothing is known of it without a window, as where no client could connect. */
static double throughput_of(const struct load_result *result)
{
    return result->window_ns > 0 ? load_throughput_per_s(result) : NAN;
}

static json_t *describe(const struct load_report *report)
{
    const struct load_plan *plan = report->plan;
    const struct load_result *result = &report->result;
    char address[ADDRESS_TEXT_BYTES];
    return json_pack("{s:{s:s}, s:o, s:o, s:o, s:o, s:f, s:f, s:I, s:o, s:o, s:o, s:o, s:o, s:o, "
                     "s:{s:s, s:s, s:o}, s:o*, s:o}",                                //
                     "target", "name", address_text(&plan->address, address),        //
                     "cell", load_describe_cell(plan),                               //
                     "clients", load_describe_clients(plan, &result->totals),        //
                     "connections", load_describe_connections(&result->totals),      //
                     "requests", load_describe_requests(&result->totals),            //
                     "window_s", (double)result->window_ns / 1e9,                    //
                     "silence_s", (double)result->silence_ns / 1e9,                  //
                     "window_unsent", (json_int_t)result->window_unsent,             //
                     "throughput_per_s", document_number(throughput_of(result)),     //
                     "latency_ns", document_histogram(&result->latency),             //
                     "service_ns", document_histogram(&result->service),             //
                     "slip_ns", document_histogram(&result->slip),                   //
                     "connect_ns", document_histogram(&result->connect),             //
                     "first_service_ns", document_histogram(&result->first_service), //
                     "generator", "engine", report->engine->name, "engine_by",
                     load_engine_chooser(plan), "cpu_us_per_request",
                     document_number(load_generator_cpu_us_per_request(result)), "server",
                     report->has_cost ? server_cost_describe(&report->cost) : NULL, "validity",
                     load_describe_validity(report->judgement.verdict, &report->judgement));
}

json_t *load_document(const struct load_report *report)
{
    json_t *document = document_new(SCHEMA_RUN);
    json_object_set_new(document, "plan",
                        json_pack("{s:s, s:f, s:f}", "command", "load",        //
                                  "warmup_s", (double)report->warmup_ns / 1e9, //
                                  "duration_s", (double)report->duration_ns / 1e9));
    json_object_set_new(document, "seed", json_integer((json_int_t)report->plan->seed));
    json_object_set_new(document, "results", json_pack("[o]", describe(report)));
    return document;
}
