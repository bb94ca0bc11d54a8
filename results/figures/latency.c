/* Latency by nines: how long the slowest of ten, of a hundred, of a thousand requests took. */
#include "results/figures/figure.h"

#include "base/memory.h"
#include "results/document/document.h"
#include "results/page/chart_lines.h"
#include "results/page/html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A quantile is shown only if at least so many requests were slower. */
#define SLOWER_LEAST 10

static double quantile_of(const json_t *result, const struct document_quantile *row)
{
    const json_t *latency = json_object_get(result, "latency_ns");
    double count = run_number(latency, NULL, "count");
    if (count * (1 - row->quantile) < SLOWER_LEAST - 1e-6)
        return NAN;
    return run_number(latency, NULL, row->name);
}

static bool applies(const struct run *run)
{
    run_each_result (result, run->document)
        if (isfinite(quantile_of(result->json, &document_quantiles[0])))
            return true;
    return false;
}

/*** Picture ***/

static void add_curve(struct chart_series *series, const json_t *result)
{
    const json_t *curve = json_object_get(result, "latency_curve");
    list_each (pair, curve)
        chart_add_pair(series, pair);
    if (json_array_size(curve) > 0)
        return;
    for (const struct document_quantile *row = document_quantiles; row->name != NULL; row++)
        chart_add_point(series,
                        (struct chart_point){row->quantile, quantile_of(result, row), NAN, NAN});
}

static void draw_picture(struct bytes *out, const struct run *run, size_t cell)
{
    struct line_chart chart = {
        .x = {.title = "share of requests", .kind = SCALE_NINES, .unit = UNIT_PARTS},
        .y = {.title = "latency", .kind = SCALE_LOG, .unit = UNIT_NANOSECONDS},
        .heading = run->cells.count > 1 ? run->cells.texts[cell] : NULL,
        .mark_stride = 4,
    };
    run_each_of_cell (place, run, cell)
        add_curve(chart_add_series(&chart, run->targets.texts[place->target], place->target),
                  place->result);
    if (!chart_is_empty(&chart))
        chart_draw(out, &chart);
    chart_release(&chart);
}

/*** Table ***/

static void append_row(struct bytes *out, const char *name, const json_t *result)
{
    html_row_begin(out, name);
    for (const struct document_quantile *row = document_quantiles; row->name != NULL; row++) {
        char metric[16]; /* some are metrics, of which the noise is known */
        snprintf(metric, sizeof metric, "%s_ns", row->name);
        html_cell_noisy(out, UNIT_NANOSECONDS, quantile_of(result, row),
                        run_value_noise(result_metric(result, metric)));
    }
    html_cell_number(out, UNIT_NANOSECONDS, run_number(result, "latency_ns", "max"), NAN);
    html_row_end(out);
}

static void draw_table(struct bytes *out, const struct run *run, size_t cell)
{
    static const char *const headings[] = {"of",     "50 %",    "90 %",    "95 %", "99 %",
                                           "99.9 %", "99.99 %", "slowest", NULL};
    char *summary = text_of("latency as a table: %s", run->cells.texts[cell]);
    html_table_begin(out, summary, headings);
    run_each_of_cell (place, run, cell)
        append_row(out, run->targets.texts[place->target], place->result);
    html_table_end(out);
    free(summary);
}

static void draw(struct bytes *out, const struct run *run)
{
    bytes_print(out,
                "<p>How long requests took, the slowest to the right: at 99 %% stands what "
                "one request in a hundred exceeded. A line ends where fewer than %d requests "
                "were slower.</p>\n",
                SLOWER_LEAST);
    for (size_t cell = 0; cell < run->cells.count; cell++) {
        if (run_cell_is_of_curve(run, cell))
            continue;
        draw_picture(out, run, cell);
        draw_table(out, run, cell);
    }
}

const struct figure figure_latency = {
    .name = "latency",
    .title = "Latency, down to the slowest",
    .applies = applies,
    .draw = draw,
};
