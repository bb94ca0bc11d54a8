/* Latency by nines: how long the slowest of ten, of a hundred, of a thousand requests took. */
#include "results/figures/figure.h"

#include "base/memory.h"
#include "results/page/chart_lines.h"
#include "results/page/html.h"

#include <math.h>
#include <stdlib.h>

/* A quantile says something where so many requests were slower. */
#define SLOWER_LEAST 10

static const struct {
    const char *key;
    const char *title;
    double quantile;
    const char *metric; /* of the rounds, or NULL */
} quantiles[] = {
    {"p50", "50 %", 0.5, "p50_ns"},
    {"p90", "90 %", 0.9, NULL},
    {"p95", "95 %", 0.95, NULL},
    {"p99", "99 %", 0.99, "p99_ns"},
    {"p99.9", "99.9 %", 0.999, "p99.9_ns"},
    {"p99.99", "99.99 %", 0.9999, NULL},
};

#define QUANTILES (sizeof quantiles / sizeof quantiles[0])

static double quantile_of(const json_t *result, size_t i)
{
    const json_t *latency = json_object_get(result, "latency_ns");
    double count = run_number(latency, NULL, "count");
    if (count * (1 - quantiles[i].quantile) < SLOWER_LEAST - 1e-6)
        return NAN;
    return run_number(latency, NULL, quantiles[i].key);
}

static bool applies(const struct run *run)
{
    size_t i = 0;
    const json_t *result = NULL;
    json_array_foreach (json_object_get(run->document, "results"), i, result)
        if (isfinite(quantile_of(result, 0)))
            return true;
    return false;
}

/*** Picture ***/

static double item_of(const json_t *pair, size_t i)
{
    const json_t *item = json_array_get(pair, i);
    return json_is_number(item) ? json_number_value(item) : NAN;
}

static void add_curve(struct chart_series *series, const json_t *result)
{
    size_t i = 0;
    const json_t *pair = NULL;
    const json_t *curve = json_object_get(result, "latency_curve");
    json_array_foreach (curve, i, pair)
        chart_add_point(series, (struct chart_point){item_of(pair, 0), item_of(pair, 1), NAN, NAN});
    for (i = 0; i < QUANTILES && json_array_size(curve) == 0; i++)
        chart_add_point(
            series, (struct chart_point){quantiles[i].quantile, quantile_of(result, i), NAN, NAN});
}

static void draw_picture(struct bytes *out, const struct run *run, size_t cell)
{
    struct line_chart chart = {
        .x = {.title = "share of requests", .kind = SCALE_NINES, .unit = UNIT_PARTS},
        .y = {.title = "latency", .kind = SCALE_LOG, .unit = UNIT_NANOSECONDS},
        .heading = run->cells.count > 1 ? run->cells.texts[cell] : NULL,
        .mark_stride = 4,
    };
    for (size_t target = 0; target < run->targets.count; target++)
        add_curve(chart_add_series(&chart, run->targets.texts[target], target),
                  run_find_result(run, target, cell));
    if (!chart_is_empty(&chart))
        chart_draw(out, &chart);
    chart_release(&chart);
}

/*** Table ***/

static void append_row(struct bytes *out, const char *name, const json_t *result)
{
    html_row_begin(out, name);
    for (size_t i = 0; i < QUANTILES; i++) {
        struct measured measured = {.noise = NAN};
        if (quantiles[i].metric != NULL)
            measured = result_metric(result, quantiles[i].metric);
        html_cell_noisy(out, UNIT_NANOSECONDS, quantile_of(result, i), measured.noise);
    }
    html_cell_number(out, UNIT_NANOSECONDS, run_number(result, "latency_ns", "max"), NAN);
    html_row_end(out);
}

static void draw_table(struct bytes *out, const struct run *run, size_t cell)
{
    const char *headings[QUANTILES + 2] = {"of"};
    for (size_t i = 0; i < QUANTILES; i++)
        headings[i + 1] = quantiles[i].title;
    headings[QUANTILES + 1] = "slowest";
    char *summary = text_of("latency as a table: %s", run->cells.texts[cell]);
    html_table_begin(out, summary, headings, QUANTILES + 2);
    for (size_t target = 0; target < run->targets.count; target++)
        append_row(out, run->targets.texts[target], run_find_result(run, target, cell));
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
