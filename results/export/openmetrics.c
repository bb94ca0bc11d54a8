/* OpenMetrics 1.0, text: for each family TYPE, UNIT and HELP, then its samples, never two families
 * interleaved; `# EOF` at the end. Base units: seconds and bytes. A reader throws the whole away if
 * any part is bad.
 *
 * The latency is a summary, as documents hold quantiles and no buckets. Only what is usable has
 * figures; whether it is stands in a family of its own. There are no timestamps: who scrapes or
 * pushes has one. */
#include "results/document/json_text.h"
#include "results/export/exporter.h"

#include <math.h>

static void begin_family(struct bytes *out, const char *name, const char *type, const char *unit,
                         const char *help)
{
    bytes_print(out, "# TYPE %s %s\n", name, type);
    if (unit[0] != '\0')
        bytes_print(out, "# UNIT %s %s\n", name, unit);
    bytes_print(out, "# HELP %s %s\n", name, help);
}

static void append_label(struct bytes *out, const char *name, const char *value, char before)
{
    bytes_print(out, "%c%s=", before, name);
    sanitise_print(out, SANITISE_OPENMETRICS, "%s", value != NULL ? value : "");
}

/* Name and labels, without the closing brace. */
static void begin_sample(struct bytes *out, const char *name, const struct run_result *result)
{
    bytes_print(out, "%s", name);
    append_label(out, "target", result->target, '{');
    append_label(out, "cell", result->cell, ',');
    if (result->side != SIDE_NONE)
        append_label(out, "side", side_name(result->side), ',');
}

static void end_sample(struct bytes *out, double value)
{
    bytes_print(out, "} %.17g\n", value);
}

/*** The run ***/

static void append_info(const struct run_document *document, struct bytes *out)
{
    const json_t *json = document->json;
    begin_family(out, "proctor_run", "info", "", "What was run, where and when.");
    bytes_print(out, "proctor_run_info");
    append_label(out, "command", run_kind_name(document->kind), '{');
    append_label(out, "version", run_text(json, "tool", "version"), ',');
    append_label(out, "commit", run_text(json, "tool", "commit"), ',');
    append_label(out, "cpu_model", run_text(json, "machine", "cpu_model"), ',');
    append_label(out, "kernel", run_text(json, "machine", "kernel"), ',');
    append_label(out, "time", run_text(json, NULL, "time"), ',');
    end_sample(out, 1);
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
    for (size_t i = 0; i < document->result_count; i++) {
        const struct run_result *result = &document->results[i];
        double value = run_result_value(result, metric).value;
        if (isnan(value) || !run_result_is_usable(result))
            continue;
        begin_sample(out, family->name, result);
        end_sample(out, value * family->scale);
    }
}

static void append_latency(const struct run_result *result, struct bytes *out)
{
    static const struct {
        const char *member;
        const char *quantile; /* as the format wants numbers in labels */
    } rows[] = {
        {"p50", "0.5"},  {"p90", "0.9"},     {"p95", "0.95"},
        {"p99", "0.99"}, {"p99.9", "0.999"}, {"p99.99", "0.9999"},
    };
    static const char *const name = "proctor_request_latency_seconds";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value_ns = run_number(result->json, "latency_ns", rows[i].member);
        if (isnan(value_ns))
            continue;
        begin_sample(out, name, result);
        append_label(out, "quantile", rows[i].quantile, ',');
        end_sample(out, value_ns * 1e-9);
    }
    double count = run_number(result->json, "latency_ns", "count");
    double mean_ns = run_number(result->json, "latency_ns", "mean");
    if (isnan(count) || isnan(mean_ns))
        return;
    begin_sample(out, "proctor_request_latency_seconds_sum", result);
    end_sample(out, count * mean_ns * 1e-9);
    begin_sample(out, "proctor_request_latency_seconds_count", result);
    bytes_print(out, "} %.0f\n", count);
}

static void append_latencies(const struct run_document *document, struct bytes *out)
{
    begin_family(out, "proctor_request_latency_seconds", "summary", "seconds",
                 "From when a request was due to when its reply was whole.");
    for (size_t i = 0; i < document->result_count; i++)
        if (run_result_is_usable(&document->results[i]))
            append_latency(&document->results[i], out);
}

static void append_count(const struct run_result *result, const char *state, double count,
                         struct bytes *out)
{
    if (isnan(count))
        return;
    begin_sample(out, "proctor_requests_total", result);
    append_label(out, "state", state, ',');
    bytes_print(out, "} %.0f\n", count);
}

static void append_requests(const struct run_document *document, struct bytes *out)
{
    begin_family(out, "proctor_requests", "counter", "",
                 "Requests of the run by what came of them.");
    for (size_t i = 0; i < document->result_count; i++) {
        const struct run_result *result = &document->results[i];
        const json_t *requests = json_object_get(result->json, "requests");
        if (!run_result_is_usable(result))
            continue;
        append_count(result, "sent", run_number(requests, NULL, "sent"), out);
        append_count(result, "answered", run_number(requests, NULL, "answered"), out);
        append_count(result, "failed", run_number(requests, "failed", "total"), out);
    }
}

static void append_usable(const struct run_document *document, struct bytes *out)
{
    begin_family(out, "proctor_result_usable", "gauge", "",
                 "1 if the server had no trouble and the figures are not invalid.");
    for (size_t i = 0; i < document->result_count; i++) {
        begin_sample(out, "proctor_result_usable", &document->results[i]);
        end_sample(out, run_result_is_usable(&document->results[i]) ? 1 : 0);
    }
}

/*** Comparisons ***/

static void append_bound(const struct run_comparison *comparison, const char *bound, double value,
                         struct bytes *out)
{
    if (isnan(value))
        return;
    bytes_print(out, "proctor_change_ratio");
    append_label(out, "metric", comparison->name, '{');
    append_label(out, "cell", comparison->cell, ',');
    append_label(out, "bound", bound, ',');
    end_sample(out, value);
}

static void append_changes(const struct run_document *document, struct bytes *out)
{
    begin_family(out, "proctor_change_ratio", "gauge", "ratio",
                 "Share by which the new server is worse than the base, with its 95 % interval.");
    for (size_t i = 0; i < document->comparisons.count; i++) {
        const struct run_comparison *comparison = &document->comparisons.entries[i];
        append_bound(comparison, "estimate", comparison->change, out);
        append_bound(comparison, "low", comparison->low, out);
        append_bound(comparison, "high", comparison->high, out);
        append_bound(comparison, "excluded", comparison->excluded, out);
    }
}

static void append_verdicts(const struct run_document *document, struct bytes *out)
{
    begin_family(out, "proctor_verdict", "stateset", "", "What the comparison has come to.");
    for (int verdict = DECISION_SAME; verdict <= DECISION_INCONCLUSIVE; verdict++) {
        bytes_print(out, "proctor_verdict");
        append_label(out, "proctor_verdict", decision_word((enum decision)verdict), '{');
        end_sample(out, (int)document->verdict == verdict ? 1 : 0);
    }
}

static void render(const struct run_document *document, struct bytes *out)
{
    append_info(document, out);
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        append_family(document, &families[i], out);
    append_latencies(document, out);
    append_requests(document, out);
    append_usable(document, out);
    if (document->kind == RUN_COMPARE) {
        append_changes(document, out);
        append_verdicts(document, out);
    }
    bytes_print(out, "# EOF\n");
}

const struct exporter export_openmetrics = {
    .name = "openmetrics",
    .summary = "OpenMetrics text, for Prometheus and those who read the same",
    .files = {{NULL, render}},
};
