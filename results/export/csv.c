/* Comma-separated values in the long form that statistics programs like: a row for each slice and
 * metric, all columns the same for every kind of document.
 *
 * The metrics that slices hold stand with the slice's time and noise, dropped ones too, with the
 * reason. The others are kept per round only, so that their rows have a round (its place among
 * those that were kept) and no time. What has no rounds, as a load, has one row for each metric. */
#include "results/export/csv.h"

#include "results/document/json_text.h"
#include "results/export/exporter.h"

#include <math.h>
#include <stdlib.h>

/*** Cells ***/

static void begin_cell(struct csv_row *row)
{
    if (row->has_cells)
        bytes_print(row->out, ",");
    row->has_cells = true;
}

void csv_text(struct csv_row *row, const char *text)
{
    begin_cell(row);
    sanitise_print(row->out, SANITISE_CSV, "%s", text);
}

void csv_number(struct csv_row *row, double value)
{
    begin_cell(row);
    export_number(row->out, value);
}

void csv_end(struct csv_row *row)
{
    bytes_print(row->out, "\n");
    row->has_cells = false;
}

/*** Rows ***/

static const char *const columns[] = {
    "time",  "command", "cell",   "target", "side",         "repetition",    "round",
    "block", "start_s", "metric", "value",  "stolen_share", "foreign_share", "dropped",
};

struct observation {
    const char *cell;
    const char *target;
    const char *side;
    double round;
    const json_t *slice; /* or NULL */
    const struct run_metric *metric;
    double value;
};

static void append(struct csv_row *row, const struct run_document *document,
                   const struct observation *observation)
{
    const json_t *slice = observation->slice;
    if (isnan(observation->value))
        return;
    csv_text(row, run_text(document->json, NULL, "time"));
    csv_text(row, run_kind_names[document->kind]);
    csv_text(row, observation->cell);
    csv_text(row, observation->target);
    csv_text(row, observation->side);
    csv_number(row, run_number(slice, NULL, "repetition"));
    csv_number(row, observation->round);
    csv_number(row, run_number(slice, NULL, "block"));
    csv_number(row, run_number(slice, NULL, "start_s"));
    csv_text(row, observation->metric->name);
    csv_number(row, observation->value);
    csv_number(row, run_number(slice, NULL, "stolen_share"));
    csv_number(row, run_number(slice, NULL, "foreign_share"));
    csv_text(row, run_text(slice, NULL, "dropped"));
    csv_end(row);
}

static void append_slice(struct csv_row *row, const struct run_document *document,
                         const json_t *slice)
{
    char *cell = run_clean_name(run_text(slice, NULL, "cell"));
    char *target = run_clean_name(run_text(slice, NULL, "target"));
    run_each_metric (metric)
        append(row, document,
               &(struct observation){
                   .cell = cell,
                   .target = target,
                   .side = run_text(slice, NULL, "side"),
                   .round = run_number(slice, NULL, "round"),
                   .slice = slice,
                   .metric = metric,
                   .value = run_number(slice, NULL, metric->name),
               });
    free(target);
    free(cell);
}

/* In any of them: in some there was nothing to be measured. */
static bool is_in_slices(const struct run_document *document, const struct run_metric *metric)
{
    list_each (slice, json_object_get(document->json, "slices"))
        if (!isnan(run_number(slice, NULL, metric->name)))
            return true;
    return false;
}

static void append_rounds(struct csv_row *row, const struct run_document *document,
                          const struct run_result *result, const struct run_metric *metric)
{
    const json_t *rounds = run_field(result->json, "rounds", metric->name);
    const json_t *values = json_object_get(rounds, "values");
    struct observation observation = {
        .cell = result->cell,
        .target = result->target,
        .side = side_name(result->side),
        .round = NAN,
        .metric = metric,
        .value = run_result_value(result, metric).value,
    };
    if (json_array_size(values) == 0)
        append(row, document, &observation);
    for (size_t i = 0; i < json_array_size(values); i++) {
        observation.round = (double)i;
        observation.value = value_number(json_array_get(values, i), NAN);
        append(row, document, &observation);
    }
}

/* What no slice has. */
static void append_all_rounds(struct csv_row *row, const struct run_document *document)
{
    bool are_in_slices[METRICS] = {false};
    run_each_metric (metric)
        are_in_slices[metric - run_metrics] = is_in_slices(document, metric);
    run_each_result (result, document)
        run_each_metric (metric)
            if (!are_in_slices[metric - run_metrics])
                append_rounds(row, document, result, metric);
}

static void render(const struct run_document *document, struct bytes *out)
{
    struct csv_row row = {.out = out};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        csv_text(&row, columns[i]);
    csv_end(&row);
    list_each (slice, json_object_get(document->json, "slices"))
        append_slice(&row, document, slice);
    append_all_rounds(&row, document);
}

const struct exporter export_csv = {
    .name = "csv",
    .summary = "comma-separated values, a row for each slice and metric",
    .files = {{NULL, render}},
};
