/* OpenMetrics 1.0, text: for each family TYPE, UNIT and HELP, then its samples, never two families
 * interleaved; `# EOF` at the end. Base units: seconds and bytes. A reader throws the whole away if
 * any part is bad.
 *
 * The latency is a summary, as documents hold quantiles and no buckets. Only what is usable has
 * figures; whether it is stands in a family of its own. There are no timestamps: whatever scrapes
 * or pushes adds one. */
#include "results/document/document.h"
#include "results/document/json_text.h"
#include "results/export/exporter.h"

#include <math.h>
#include <stdio.h>

static void begin_family(struct bytes *out, const char *name, const char *type, const char *unit,
                         const char *help)
{
    bytes_print(out, "# TYPE %s %s\n", name, type);
    if (unit[0] != '\0')
        bytes_print(out, "# UNIT %s %s\n", name, unit);
    bytes_print(out, "# HELP %s %s\n", name, help);
}

/* Nothing where there is no value; `label`, or NULL, and its word are our own. */
static void append_sample(struct bytes *out, const char *name, const struct run_result *result,
                          const char *label, const char *word, double value)
{
    if (isnan(value))
        return;
    bytes_print(out, "%s", name);
    sanitise_print(out, SANITISE_OPENMETRICS, "{target=%s,cell=%s", result->target, result->cell);
    if (result->side != SIDE_NONE)
        bytes_print(out, ",side=\"%s\"", side_name(result->side));
    if (label != NULL)
        bytes_print(out, ",%s=\"%s\"", label, word);
    bytes_print(out, "} %.17g\n", value);
}

/*** The run ***/

static void append_info(const struct run_document *document, struct bytes *out)
{
    const json_t *json = document->json;
    const char *const labels[][2] = {
        {"{command", run_kind_names[document->kind]},
        {",version", run_text(json, "tool", "version")},
        {",commit", run_text(json, "tool", "commit")},
        {",cpu_model", run_text(json, "machine", "cpu_model")},
        {",kernel", run_text(json, "machine", "kernel")},
        {",time", run_text(json, NULL, "time")},
    };
    begin_family(out, "proctor_run", "info", "", "What was run, where and when.");
    bytes_print(out, "proctor_run_info");
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        bytes_print(out, "%s=", labels[i][0]);
        sanitise_print(out, SANITISE_OPENMETRICS, "%s", labels[i][1] != NULL ? labels[i][1] : "");
    }
    bytes_print(out, "} 1\n");
}

/*** Results ***/

struct family {
    const char *metric;
    const char *name;
    const char *unit;
    double scale; /* from the document's unit to the base unit */
    const char *help;
};

static const struct family families[] = {
    {"throughput_per_s", "proctor_throughput_requests_per_second", "", 1,
     "Requests answered per second."},
    {"server_cpu_us_per_request", "proctor_server_cpu_per_request_seconds", "seconds", 1e-6,
     "Processor time of the server per request."},
    {"server_syscalls_per_request", "proctor_server_system_calls_per_request", "", 1,
     "System calls of the server per request."},
    {"server_switches_per_request", "proctor_server_context_switches_per_request", "", 1,
     "Context switches of the server per request."},
    {"bytes_per_connection", "proctor_server_memory_per_connection_bytes", "bytes", 1,
     "Memory of the server per connection."},
    {"generator_cpu_us_per_request", "proctor_generator_cpu_per_request_seconds", "seconds", 1e-6,
     "Processor time of the load generator per request."},
};

static void append_family(const struct run_document *document, const struct family *family,
                          struct bytes *out)
{
    const struct run_metric *metric = run_metric_find(family->metric);
    begin_family(out, family->name, "gauge", family->unit, family->help);
    run_each_result (result, document)
        if (run_result_is_usable(result))
            append_sample(out, family->name, result, NULL, NULL,
                          run_result_value(result, metric).value * family->scale);
}

static void append_latency(const struct run_result *result, struct bytes *out)
{
    const json_t *latency = json_object_get(result->json, "latency_ns");
    double count = run_number(latency, NULL, "count");
    double mean_ns = run_number(latency, NULL, "mean");
    for (const struct document_quantile *row = document_quantiles; row->name != NULL; row++) {
        char quantile[16];
        snprintf(quantile, sizeof quantile, "%g", row->quantile);
        append_sample(out, "proctor_request_latency_seconds", result, "quantile", quantile,
                      run_number(latency, NULL, row->name) * 1e-9);
    }
    if (isnan(count) || isnan(mean_ns))
        return;
    append_sample(out, "proctor_request_latency_seconds_sum", result, NULL, NULL,
                  count * mean_ns * 1e-9);
    append_sample(out, "proctor_request_latency_seconds_count", result, NULL, NULL, count);
}

static void append_latencies(const struct run_document *document, struct bytes *out)
{
    begin_family(out, "proctor_request_latency_seconds", "summary", "seconds",
                 "From when a request was due to when its reply was whole.");
    run_each_result (result, document)
        if (run_result_is_usable(result))
            append_latency(result, out);
}

static void append_requests(const struct run_document *document, struct bytes *out)
{
    static const char *const name = "proctor_requests_total";
    begin_family(out, "proctor_requests", "counter", "", "Requests of the run by outcome.");
    run_each_result (result, document) {
        const json_t *requests = json_object_get(result->json, "requests");
        if (!run_result_is_usable(result))
            continue;
        append_sample(out, name, result, "state", "sent", run_number(requests, NULL, "sent"));
        append_sample(out, name, result, "state", "answered",
                      run_number(requests, NULL, "answered"));
        append_sample(out, name, result, "state", "failed",
                      run_number(requests, "failed", "total"));
    }
}

/* Of those in trouble, too: nobody served is the most that can be said of them. */
static void append_clients(const struct run_document *document, struct bytes *out)
{
    static const char *const states[] = {"asked", "connected", "served"};
    begin_family(out, "proctor_clients", "gauge", "", "Clients of the load by how far they came.");
    run_each_result (result, document)
        for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
            append_sample(out, "proctor_clients", result, "state", states[i],
                          run_number(result->json, "clients", states[i]));
}

static void append_usable(const struct run_document *document, struct bytes *out)
{
    begin_family(out, "proctor_result_usable", "gauge", "",
                 "1 if the server had no trouble and the figures are not invalid.");
    run_each_result (result, document)
        append_sample(out, "proctor_result_usable", result, NULL, NULL,
                      run_result_is_usable(result));
}

/*** Comparisons ***/

static void append_bound(const struct run_comparison *comparison, const char *bound, double value,
                         struct bytes *out)
{
    if (isnan(value))
        return;
    sanitise_print(out, SANITISE_OPENMETRICS, "proctor_change_ratio{metric=%s,cell=%s,bound=%s}",
                   comparison->name, comparison->cell, bound);
    bytes_print(out, " %.17g\n", value);
}

static void append_changes(const struct run_document *document, struct bytes *out)
{
    begin_family(out, "proctor_change_ratio", "gauge", "ratio",
                 "Share by which the new server is worse than the base, with its 95 % interval.");
    run_each_comparison (comparison, &document->comparisons) {
        append_bound(comparison, "estimate", comparison->change, out);
        append_bound(comparison, "low", comparison->low, out);
        append_bound(comparison, "high", comparison->high, out);
        append_bound(comparison, "excluded", comparison->excluded, out);
    }
}

static void append_verdicts(const struct run_document *document, struct bytes *out)
{
    begin_family(out, "proctor_verdict", "stateset", "", "The verdict of the comparison.");
    for (enum decision verdict = DECISION_SAME; verdict <= DECISION_INCONCLUSIVE; verdict++)
        bytes_print(out, "proctor_verdict{proctor_verdict=\"%s\"} %d\n", decision_word(verdict),
                    document->verdict == verdict);
}

static void render(const struct run_document *document, struct bytes *out)
{
    append_info(document, out);
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        append_family(document, &families[i], out);
    append_latencies(document, out);
    append_requests(document, out);
    append_clients(document, out);
    append_usable(document, out);
    if (document->kind == RUN_COMPARE) {
        append_changes(document, out);
        append_verdicts(document, out);
    }
    bytes_print(out, "# EOF\n");
}

const struct exporter export_openmetrics = {
    .name = "openmetrics",
    .summary = "OpenMetrics text, for Prometheus and compatible readers",
    .files = {{NULL, render}},
};
