/* What happens to latency as more is asked for: flat, flat, and then the knee. */
#include "results/figures/figure.h"

#include "base/memory.h"
#include "results/page/chart_lines.h"
#include "results/page/html.h"

#include <math.h>
#include <stdlib.h>

static bool applies(const struct run *run)
{
    return json_array_size(run_curves(run, "rate")) > 0;
}

/*** Picture ***/

static void add_curve(struct line_chart *chart, const struct run *run, const json_t *curve,
                      bool is_median)
{
    const char *target = run_text(curve, NULL, "target");
    char *name = text_of("%s: %s", target != NULL ? target : "–", is_median ? "median" : "99 %");
    struct chart_series *series = chart_add_series(chart, name, names_find(&run->targets, target));
    series->is_dashed = is_median;
    list_each (point, json_object_get(curve, "points"))
        chart_add_point(
            series, (struct chart_point){run_number(point, NULL, "offered_per_s"),
                                         run_number(point, NULL, is_median ? "p50_ns" : "p99_ns"),
                                         NAN, NAN});
    free(name);
}

static void draw_picture(struct bytes *out, const struct run *run)
{
    struct line_chart chart = {
        .x = {.title = "requests offered per second",
              .kind = SCALE_LINEAR,
              .unit = UNIT_PER_SECOND,
              .has_zero = true},
        .y = {.title = "latency", .kind = SCALE_LOG, .unit = UNIT_NANOSECONDS},
    };
    list_each (curve, run_curves(run, "rate")) {
        add_curve(&chart, run, curve, false);
        add_curve(&chart, run, curve, true);
    }
    if (!chart_is_empty(&chart))
        chart_draw(out, &chart);
    chart_release(&chart);
}

/*** Table ***/

static void append_rows(struct bytes *out, const json_t *curve)
{
    static const struct {
        const char *key;
        enum unit unit;
    } columns[] = {{"offered_per_s", UNIT_PER_SECOND},
                   {"achieved_per_s", UNIT_PER_SECOND},
                   {"p50_ns", UNIT_NANOSECONDS},
                   {"p99_ns", UNIT_NANOSECONDS}};
    list_each (point, json_object_get(curve, "points")) {
        html_row_begin(out, run_text(curve, NULL, "target"));
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
            html_cell_number(out, columns[i].unit, run_number(point, NULL, columns[i].key), NAN);
        html_row_end(out);
    }
}

static void draw_table(struct bytes *out, const struct run *run)
{
    static const char *const headings[] = {"target", "offered", "achieved", "median", "99 %", NULL};
    html_table_begin(out, "latency by offered rate as a table", headings);
    list_each (curve, run_curves(run, "rate"))
        append_rows(out, curve);
    html_table_end(out);
}

static void append_knees(struct bytes *out, const struct run *run)
{
    bytes_print(out, "<ul>\n");
    list_each (curve, run_curves(run, "rate")) {
        double knee = run_number(curve, NULL, "knee_per_s");
        html_print(out, isfinite(knee) ? "<li>%s: up to " : "<li>%s: no knee was found",
                   run_text(curve, NULL, "target"));
        if (isfinite(knee))
            number_append(out, UNIT_PER_SECOND, knee, NAN);
        bytes_print(out, "</li>\n");
    }
    bytes_print(out, "</ul>\n");
}

static void draw(struct bytes *out, const struct run *run)
{
    bytes_print(out, "<p>Latency, from when a request was due, while requests are due at a fixed "
                     "rate: the 99 %% latency as a line, the median dashed. How far each "
                     "keeps up:</p>\n");
    append_knees(out, run);
    draw_picture(out, run);
    draw_table(out, run);
}

const struct figure figure_rate = {
    .name = "rate",
    .title = "How much load it can take",
    .applies = applies,
    .draw = draw,
};
