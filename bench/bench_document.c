#include "bench/bench_document.h"

#include "base/quantity.h"
#include "loadgen/load_document.h"
#include "results/document.h"
#include "results/table.h"

/*** JSON ***/

static json_t *describe_rounds(const struct bench_row *row)
{
    json_t *metrics = json_object();
    for (enum bench_metric metric = 0; metric < METRICS; metric++) {
        struct spread spread = bench_spread(row, metric);
        json_t *described = document_spread(&spread);
        json_t *values = json_array();
        for (unsigned round = 0; round < row->rounds; round++)
            json_array_append_new(values, json_real(row->values[metric][round]));
        json_object_set_new(described, "values", values);
        json_object_set_new(metrics, bench_metric_name(metric), described);
    }
    return metrics;
}

static json_t *describe_target(const struct bench_row *row)
{
    const struct contender *contender = row->contender;
    const char *model = contender->command == NULL ? contender->name : NULL;
    return json_pack("{s:s, s:s?, s:o}", "name", contender->name, "model", model, "command",
                     document_command(row->command));
}

/* What could not be counted is null. */
static json_t *describe_server(const struct bench_row *row)
{
    json_t *calls =
        row->has_calls ? json_real(bench_spread(row, METRIC_SERVER_CALLS).median) : json_null();
    return json_pack("{s:f, s:o, s:b}", "cpu_us_per_request",
                     bench_spread(row, METRIC_SERVER_CPU).median, "syscalls_per_request", calls,
                     "has_ended", row->has_ended);
}

static json_t *describe_row(const struct bench_row *row, const struct load_plan *load)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:{s:f}, s:o, s:o}",        //
                     "target", describe_target(row),                                  //
                     "cell", load_describe_cell(load),                                //
                     "clients", load_describe_clients(load, &row->total.totals),      //
                     "requests", load_describe_requests(&row->total.totals),          //
                     "throughput_per_s", bench_spread(row, METRIC_THROUGHPUT).median, //
                     "latency_ns", document_histogram(&row->total.latency),           //
                     "connect_ns", document_histogram(&row->total.connect),           //
                     "generator", "cpu_us_per_request",
                     bench_spread(row, METRIC_GENERATOR_CPU).median, //
                     "server", describe_server(row),                 //
                     "rounds", describe_rounds(row));
}

json_t *bench_describe(const struct bench *bench, const struct bench_plan *plan)
{
    json_t *results = json_array();
    for (size_t i = 0; i < bench->count; i++)
        json_array_append_new(results, describe_row(&bench->rows[i], &plan->load));
    json_t *document = document_new(SCHEMA_RUN);
    json_object_set_new(document, "plan",
                        json_pack("{s:s, s:s, s:i, s:f, s:f}", "command", "bench", //
                                  "engine", load_engine_name(&plan->load),         //
                                  "rounds", (int)plan->rounds,                     //
                                  "lead_in_s", (double)plan->lead_in_ns / 1e9,     //
                                  "slice_s", (double)plan->slice_ns / 1e9));
    json_object_set_new(document, "seed", json_integer((json_int_t)plan->seed));
    json_object_set_new(document, "results", results);
    return document;
}

/*** Text ***/

typedef const char *quantity_text_function(double quantity, char text[QUANTITY_TEXT_BYTES]);

static void add_metric(struct table *table, const struct bench_row *row, enum bench_metric metric,
                       double scale, quantity_text_function *text_of_quantity)
{
    char text[QUANTITY_TEXT_BYTES];
    struct spread spread = bench_spread(row, metric);
    if (row->rounds == 0)
        table_add(table, "-");
    else
        table_add(table, "%s ±%4.1f%%", text_of_quantity(spread.median * scale, text),
                  100 * spread_relative(&spread));
}

static void add_row(struct table *table, const struct bench_row *row, unsigned clients)
{
    table_add(table, "%s%s", row->contender->name, row->has_ended ? " (ended!)" : "");
    table_add(table, "%u/%u", row->total.totals.clients_served, clients);
    add_metric(table, row, METRIC_THROUGHPUT, 1, quantity_count_text);
    add_metric(table, row, METRIC_P50, 1, quantity_duration_text);
    add_metric(table, row, METRIC_P99, 1, quantity_duration_text);
    add_metric(table, row, METRIC_P999, 1, quantity_duration_text);
    add_metric(table, row, METRIC_SERVER_CPU, 1e3, quantity_duration_text);
    if (row->has_calls)
        table_add(table, "%.3f", bench_spread(row, METRIC_SERVER_CALLS).median);
    else
        table_add(table, "-");
}

void bench_print(FILE *stream, const struct bench *bench, const struct bench_plan *plan)
{
    static const char *const headings[] = {"model", "served", "requests/s",  "p50",
                                           "p99",   "p99.9",  "CPU/request", "calls/request"};
    struct table table;
    table_init(&table, sizeof headings / sizeof headings[0], headings);
    for (size_t i = 0; i < bench->count; i++)
        add_row(&table, &bench->rows[i], plan->load.clients);
    table_print(&table, stream);
    table_release(&table);
    char text[QUANTITY_TEXT_BYTES];
    fprintf(
        stream,
        "\n%u clients, echo of %zu bytes, closed loop; medians over %u slices of %s taken in "
        "turns,\n± half the distance between the quartiles. CPU/request and calls/request (system "
        "calls)\nare the server's.\n",
        plan->load.clients, plan->load.size_bytes, plan->rounds,
        quantity_duration_text((double)plan->slice_ns, text));
    for (size_t i = 0; i < bench->count; i++) {
        const struct load_totals *totals = &bench->rows[i].total.totals;
        if (failures_total(&totals->failures) == 0)
            continue;
        fprintf(stream, "%s:\n", bench->rows[i].contender->name);
        load_print_failures(stream, "  ", &totals->failures);
    }
}
