/* What connections that say nothing cost. */
#include "results/figures/figure.h"

#include "results/page/chart_lines_table.h"
#include "results/page/html.h"

#include <math.h>

static bool applies(const struct run *run)
{
    return json_array_size(run_curves(run, "memory")) > 0;
}

static void add_curve(struct line_chart *chart, const struct run *run, const json_t *curve)
{
    const char *name = run_text(curve, NULL, "target");
    struct chart_series *series = chart_add_series(chart, name, names_find(&run->targets, name));
    list_each (pair, json_object_get(curve, "points"))
        chart_add_pair(series, pair);
}

static void append_slopes(struct bytes *out, const struct run *run)
{
    bytes_print(out, "<ul>\n");
    list_each (curve, run_curves(run, "memory")) {
        html_print(out, "<li>%s: ", run_text(curve, NULL, "target"));
        number_append(out, UNIT_BYTES, run_number(curve, NULL, "bytes_per_connection"), NAN);
        bytes_print(out, " per connection</li>\n");
    }
    bytes_print(out, "</ul>\n");
}

static void draw(struct bytes *out, const struct run *run)
{
    struct line_chart chart = {
        .x = {.title = "connections", .kind = SCALE_LINEAR, .unit = UNIT_COUNT, .has_zero = true},
        .y = {.title = "memory", .kind = SCALE_LINEAR, .unit = UNIT_BYTES, .has_zero = true},
    };
    list_each (curve, run_curves(run, "memory"))
        add_curve(&chart, run, curve);
    bytes_print(out, "<p>The memory of the server's processes while so many clients are connected "
                     "and say nothing.</p>\n");
    append_slopes(out, run);
    if (!chart_is_empty(&chart))
        chart_draw(out, &chart);
    chart_table(out, &chart);
    chart_release(&chart);
}

const struct figure figure_memory = {
    .name = "memory",
    .title = "What a connection costs",
    .applies = applies,
    .draw = draw,
};
