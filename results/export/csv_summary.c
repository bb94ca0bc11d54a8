/* Comma-separated values with a row for each target under each load: each metric with its
 * quartiles, and whether the figures hold. Figures that are invalid stand here all the same, beside
 * the word. */
#include "results/export/csv.h"
#include "results/export/exporter.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static const char *const first_columns[] = {
    "time",   "command", "kernel",   "cell",       "target",   "side",    "clients",
    "served", "size",    "protocol", "rate_per_s", "validity", "trouble",
};

static void append_headings(struct csv_row *row)
{
    static const char *const suffixes[] = {"", "_low", "_high"};
    for (size_t i = 0; i < sizeof first_columns / sizeof first_columns[0]; i++)
        csv_text(row, first_columns[i]);
    run_each_metric (metric)
        for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
            char *name = text_of("%s%s", metric->name, suffixes[i]);
            csv_text(row, name);
            free(name);
        }
    csv_end(row);
}

static double rate_of(const struct run_result *result)
{
    double rate_per_s = run_number(result->json, "cell", "rate_per_s");
    return isnan(rate_per_s) ? run_number(result->json, "cell", "rate") : rate_per_s;
}

static void append_result(struct csv_row *row, const struct run_document *document,
                          const struct run_result *result)
{
    csv_text(row, run_text(document->json, NULL, "time"));
    csv_text(row, run_kind_names[document->kind]);
    csv_text(row, run_text(document->json, "machine", "kernel"));
    csv_text(row, result->cell);
    csv_text(row, result->target);
    csv_text(row, side_name(result->side));
    csv_number(row, run_number(result->json, "cell", "clients"));
    csv_number(row, run_number(result->json, "clients", "served"));
    csv_number(row, run_number(result->json, "cell", "size"));
    csv_text(row, run_text(result->json, "cell", "protocol"));
    csv_number(row, rate_of(result));
    csv_text(row, run_result_validity(result));
    csv_text(row, result->trouble);
    run_each_metric (metric) {
        struct run_value value = run_result_value(result, metric);
        csv_number(row, value.value);
        csv_number(row, value.low);
        csv_number(row, value.high);
    }
    csv_end(row);
}

static void render(const struct run_document *document, struct bytes *out)
{
    struct csv_row row = {.out = out};
    append_headings(&row);
    run_each_result (result, document)
        append_result(&row, document, result);
}

const struct exporter export_csv_summary = {
    .name = "csv-summary",
    .summary = "comma-separated values, a row for each server under each load",
    .files = {{NULL, render}},
};
