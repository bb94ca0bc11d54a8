#include "bench/suite/campaign_text.h"

#include "bench/metric.h"
#include "bench/suite/campaign.h"
#include "results/document/run_document.h"
#include "text/sanitise.h"
#include "text/table.h"

#include <math.h>
#include <string.h>

static void add_spread(struct table *table, const json_t *result, enum metric metric)
{
    char text[NUMBER_TEXT_BYTES];
    const json_t *spread = run_field(result, "rounds", run_metrics[metric].name);
    double median = run_number(spread, NULL, "median");
    double width = run_number(spread, NULL, "high") - run_number(spread, NULL, "low");
    bench_metric_text(metric, median, text);
    double noise = 50 * width / median;
    if (isfinite(noise))
        table_add(table, "%s ±%4.1f%%", text, noise);
    else
        table_add(table, "%s", text);
}

/* Counted once per start: the spread is not worth a column. */
static void add_count(struct table *table, const json_t *result, enum metric metric)
{
    char text[NUMBER_TEXT_BYTES];
    double count = run_number(result, run_metrics[metric].group, run_metrics[metric].member);
    table_add(table, "%s", bench_metric_text(metric, count, text));
}

static void add_row(struct table *table, const json_t *result)
{
    bool has_trouble = !json_is_null(json_object_get(result, "trouble"));
    table_add(table, "%s%s", run_text(result, "target", "name"), has_trouble ? " (!)" : "");
    table_add(table, "%.0f/%.0f", run_number(result, "clients", "served"),
              run_number(result, "clients", "asked"));
    add_spread(table, result, METRIC_THROUGHPUT);
    add_spread(table, result, METRIC_P50);
    add_spread(table, result, METRIC_P99);
    add_spread(table, result, METRIC_SERVER_CPU);
    add_count(table, result, METRIC_SERVER_CALLS);
    add_count(table, result, METRIC_SERVER_SWITCHES);
    add_count(table, result, METRIC_MEMORY);
}

static void print_table(FILE *stream, const json_t *results)
{
    static const char *const headings[] = {
        "server",        "served",           "requests/s",      "p50", "p99", "CPU/request",
        "calls/request", "switches/request", "bytes/connection"};
    struct table table;
    table_init(&table, sizeof headings / sizeof headings[0], headings);
    size_t i = 0;
    json_t *result = NULL;
    json_array_foreach (results, i, result)
        add_row(&table, result);
    table_print(&table, stream);
    table_release(&table);
}

static void print_troubles(FILE *stream, const json_t *results)
{
    size_t i = 0;
    json_t *result = NULL;
    json_array_foreach (results, i, result) {
        const char *trouble = run_text(result, NULL, "trouble");
        if (trouble != NULL)
            sanitise_say(stream, SANITISE_LINE, "(!) %s: %s\n", run_text(result, "target", "name"),
                         trouble);
    }
}

static bool is_among(const json_t *texts, const char *text)
{
    size_t i = 0;
    json_t *entry = NULL;
    json_array_foreach (texts, i, entry)
        if (strcmp(json_string_value(entry), text) == 0)
            return true;
    return false;
}

/* Why columns are empty: each reason once, as it is mostly the machine's. */
static void print_uncounted(FILE *stream, const json_t *results)
{
    size_t i = 0;
    size_t j = 0;
    json_t *result = NULL;
    json_t *reason = NULL;
    json_t *said = json_array();
    json_array_foreach (results, i, result) {
        json_array_foreach (run_field(result, "server", "not_measured"), j, reason)
            if (!is_among(said, json_string_value(reason))) {
                json_array_append(said, reason);
                sanitise_say(stream, SANITISE_LINE, "no %s\n", json_string_value(reason));
            }
    }
    json_decref(said);
}

static bool has_row(const json_t *results, const char *target)
{
    size_t i = 0;
    json_t *result = NULL;
    json_array_foreach (results, i, result)
        if (strcmp(run_text(result, "target", "name"), target) == 0)
            return true;
    return false;
}

/* Who leaves clients unserved has more time for the others, and who is in trouble is no better. */
static bool is_ranked(const json_t *result)
{
    return run_text(result, NULL, "trouble") == NULL &&
           run_number(result, "clients", "served") >= run_number(result, "clients", "used");
}

static void print_unranked(FILE *stream, const json_t *results)
{
    size_t i = 0;
    json_t *result = NULL;
    const char *before = "not ranked, as it does not serve all clients or is in trouble: ";
    json_array_foreach (results, i, result) {
        if (is_ranked(result))
            continue;
        sanitise_say(stream, SANITISE_LINE, "%s%s", before, run_text(result, "target", "name"));
        before = ", ";
    }
    if (before[0] == ',')
        fputc('\n', stream);
}

/* Servers without a row were not loaded at this rate. */
static void print_left_out(FILE *stream, const json_t *targets, const json_t *results)
{
    size_t i = 0;
    json_t *target = NULL;
    const char *before = "left out, as they fell behind at a lower rate: ";
    json_array_foreach (targets, i, target) {
        if (has_row(results, json_string_value(target)))
            continue;
        sanitise_say(stream, SANITISE_LINE, "%s%s", before, json_string_value(target));
        before = ", ";
    }
    if (before[0] == ',')
        fputc('\n', stream);
}

/* "by throughput_per_s: epoll, io_uring" */
static void print_best(FILE *stream, const json_t *ranking)
{
    const json_t *best = json_object_get(ranking, "best");
    size_t place = 0;
    json_t *name = NULL;
    if (json_array_size(best) == 0)
        return;
    const struct run_metric *metric = run_metric_find(run_text(ranking, NULL, "metric"));
    sanitise_say(stream, SANITISE_LINE, "best by %s, or too noisy to be told from the best:",
                 metric != NULL ? metric->title : run_text(ranking, NULL, "metric"));
    json_array_foreach (best, place, name)
        sanitise_say(stream, SANITISE_LINE, "%s %s", place > 0 ? "," : "", json_string_value(name));
    if (!run_ranking_has_confidence(ranking))
        fprintf(stream, " (%.0f repetitions are too few to tell all of them apart)",
                run_number(ranking, NULL, "repetitions"));
    fputc('\n', stream);
}

void campaign_print_cell(FILE *stream, const json_t *document, const char *cell)
{
    json_t *results = campaign_entries(document, "results", cell);
    json_t *rankings = campaign_entries(document, "rankings", cell);
    size_t i = 0;
    json_t *ranking = NULL;
    sanitise_say(stream, SANITISE_LINE, "%s\n", cell);
    if (campaign_is_in_turn(document, cell))
        fputs("one server after the other: too few descriptors for all at once\n", stream);
    print_table(stream, results);
    print_troubles(stream, results);
    print_uncounted(stream, results);
    print_left_out(stream, run_field(document, "plan", "targets"), results);
    json_array_foreach (rankings, i, ranking)
        print_best(stream, ranking);
    if (json_array_size(rankings) > 0)
        print_unranked(stream, results);
    fputc('\n', stream);
    json_decref(results);
    json_decref(rankings);
}
