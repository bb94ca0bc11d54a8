/* Theory of operation: a chart is a grid of HTML: the labels of the y axis, the picture, the labels
 * of the x axis, each an SVG of its own that is as wide as it can be. In the picture, marks and
 * lines of the grid stand at percentages; only a path cannot, so that paths are drawn into an inner
 * SVG of 1000 by 1000 that is stretched, with strokes that are not. */
#include "results/page/chart_lines.h"

#include "base/memory.h"
#include "results/page/chart_axis.h"
#include "results/page/html.h"
#include "text/json_field.h"

#include <math.h>
#include <stdlib.h>

struct chart_series *chart_add_series(struct line_chart *chart, const char *name, size_t style)
{
    chart->series = grow_by_one(chart->series, chart->count, sizeof chart->series[0]);
    struct chart_series *series = &chart->series[chart->count++];
    *series = (struct chart_series){.name = text_of("%s", name != NULL ? name : "–"),
                                    .style = style % SERIES_STYLES};
    return series;
}

void chart_add_point(struct chart_series *series, struct chart_point point)
{
    if (!isfinite(point.x) || !isfinite(point.y))
        return;
    series->points = grow_by_one(series->points, series->count, sizeof series->points[0]);
    series->points[series->count++] = point;
}

void chart_add_pair(struct chart_series *series, const json_t *pair)
{
    double x = value_number(json_array_get(pair, 0), NAN);
    double y = value_number(json_array_get(pair, 1), NAN);
    chart_add_point(series, (struct chart_point){x, y, NAN, NAN});
}

bool chart_is_empty(const struct line_chart *chart)
{
    for (size_t i = 0; i < chart->count; i++)
        if (chart->series[i].count > 0)
            return false;
    return true;
}

void chart_release(struct line_chart *chart)
{
    for (size_t i = 0; i < chart->count; i++) {
        free(chart->series[i].name);
        free(chart->series[i].points);
    }
    free(chart->series);
}

/*** Scales ***/

struct range {
    double least;
    double most;
};

static void widen(struct range *range, double value, enum scale_kind kind)
{
    if (!isfinite(value) || (kind == SCALE_LOG && value <= 0))
        return;
    range->least = fmin(range->least, value);
    range->most = fmax(range->most, value);
}

/* Round numbers of bytes are multiples of 1024. */
static double round_factor(enum unit unit, double most)
{
    double factor = 1;
    while (unit == UNIT_BYTES && factor * 1024 <= most)
        factor *= 1024;
    return factor;
}

static void make_scale(struct chart_axis *axis, struct range range)
{
    if (axis->has_zero)
        range.least = fmin(range.least, 0);
    double factor = axis->kind == SCALE_LINEAR ? round_factor(axis->unit, range.most) : 1;
    struct scale *scale = &axis->scale;
    scale_init(scale, axis->kind, range.least / factor, range.most / factor);
    if (axis->kind == SCALE_LINEAR) {
        scale->least *= factor;
        scale->most *= factor;
        for (size_t i = 0; i < scale->tick_count; i++)
            scale->ticks[i] *= factor;
    }
}

static void make_scales(struct line_chart *chart)
{
    struct range x = {INFINITY, -INFINITY};
    struct range y = {INFINITY, -INFINITY};
    for (size_t i = 0; i < chart->count; i++)
        for (size_t j = 0; j < chart->series[i].count; j++) {
            const struct chart_point *point = &chart->series[i].points[j];
            widen(&x, point->x, chart->x.kind);
            widen(&y, point->y, chart->y.kind);
            widen(&y, point->low, chart->y.kind);
            widen(&y, point->high, chart->y.kind);
        }
    make_scale(&chart->x, x);
    make_scale(&chart->y, y);
}

struct place {
    double x;
    double y;
    double low; /* all from 0 to 1 */
    double high;
};

/* False if it lies outside the picture. */
static bool place_point(const struct line_chart *chart, const struct chart_point *point,
                        struct place *place)
{
    place->x = scale_place(&chart->x.scale, point->x);
    place->y = scale_place(&chart->y.scale, point->y);
    place->low = scale_place(&chart->y.scale, point->low);
    place->high = scale_place(&chart->y.scale, point->high);
    return place->x > -1e-9 && place->x < 1 + 1e-9 && place->y > -1e-9 && place->y < 1 + 1e-9;
}

/*** The picture ***/

static void draw_grid(struct bytes *out, const struct line_chart *chart)
{
    for (size_t i = 0; i < chart->y.scale.tick_count; i++) {
        double y = 100 - 100 * scale_place(&chart->y.scale, chart->y.scale.ticks[i]);
        bytes_print(out, "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%.2f%%\" y2=\"%.2f%%\"/>",
                    y, y);
    }
    for (size_t i = 0; i < chart->x.scale.tick_count; i++) {
        double x = 100 * scale_place(&chart->x.scale, chart->x.scale.ticks[i]);
        bytes_print(out, "<line class=\"grid\" y1=\"0\" y2=\"100%%\" x1=\"%.2f%%\" x2=\"%.2f%%\"/>",
                    x, x);
    }
    bytes_print(out, "\n");
}

/* Adds to a path, in thousandths, what has a place. */
static void append_place(struct bytes *path, double x, double y)
{
    if (isfinite(y))
        bytes_print(path, "%c%.0f %.0f", path->length > 0 ? 'L' : 'M', 1000 * x, 1000 - 1000 * y);
}

/* Along the upper ends, and back along the lower ones. */
static void draw_band(struct bytes *out, const struct line_chart *chart,
                      const struct chart_series *series)
{
    struct place place;
    struct bytes path = {0};
    for (size_t i = 0; i < series->count; i++)
        if (place_point(chart, &series->points[i], &place))
            append_place(&path, place.x, place.high);
    bool has_two = bytes_contain(&path, "L", 1);
    for (size_t i = series->count; i-- > 0;)
        if (place_point(chart, &series->points[i], &place))
            append_place(&path, place.x, place.low);
    if (has_two)
        bytes_print(out, "<path class=\"band s%zu\" d=\"%.*sZ\"/>", series->style, (int)path.length,
                    bytes_front(&path));
    bytes_release(&path);
}

static void draw_line(struct bytes *out, const struct line_chart *chart,
                      const struct chart_series *series)
{
    struct place place;
    struct bytes path = {0};
    for (size_t i = 0; i < series->count; i++)
        if (place_point(chart, &series->points[i], &place))
            append_place(&path, place.x, place.y);
    if (bytes_contain(&path, "L", 1))
        bytes_print(out,
                    "<path class=\"line s%zu%s\" vector-effect=\"non-scaling-stroke\" "
                    "d=\"%.*s\"/>",
                    series->style, series->is_dashed ? " dashed" : "", (int)path.length,
                    bytes_front(&path));
    bytes_release(&path);
}

static void draw_mark(struct bytes *out, const struct line_chart *chart,
                      const struct chart_series *series, const struct chart_point *point)
{
    struct place place;
    char x[NUMBER_TEXT_BYTES];
    char y[NUMBER_TEXT_BYTES];
    if (!place_point(chart, point, &place))
        return;
    bytes_print(out, "<use href=\"#mark-%zu\" class=\"s%zu\" x=\"%.2f%%\" y=\"%.2f%%\"><title>",
                series->style, series->style, 100 * place.x, 100 - 100 * place.y);
    html_print(out, "%s: %s at %s</title></use>", series->name,
               number_text(y, chart->y.unit, point->y, (point->high - point->low) / 2),
               number_tick_text(x, chart->x.unit, point->x));
}

static void draw_marks(struct bytes *out, const struct line_chart *chart,
                       const struct chart_series *series)
{
    size_t stride = chart->mark_stride > 0 ? chart->mark_stride : 1;
    for (size_t i = 0; i < series->count; i++)
        if ((i + series->style) % stride == 0 || i + 1 == series->count)
            draw_mark(out, chart, series, &series->points[i]);
    bytes_print(out, "\n");
}

static void draw_plot(struct bytes *out, const struct line_chart *chart)
{
    bytes_print(out, "<svg class=\"plot\" width=\"100%%\" height=\"100%%\">\n");
    draw_grid(out, chart);
    bytes_print(out, "<svg width=\"100%%\" height=\"100%%\" viewBox=\"0 0 1000 1000\" "
                     "preserveAspectRatio=\"none\">\n");
    for (size_t i = 0; i < chart->count; i++)
        draw_band(out, chart, &chart->series[i]);
    for (size_t i = 0; i < chart->count; i++)
        draw_line(out, chart, &chart->series[i]);
    bytes_print(out, "</svg>\n");
    for (size_t i = 0; i < chart->count; i++)
        draw_marks(out, chart, &chart->series[i]);
    bytes_print(out, "</svg>\n");
}

static void draw_legend(struct bytes *out, const struct line_chart *chart)
{
    bytes_print(out, "<ul class=\"legend\">");
    for (size_t i = 0; i < chart->count; i++) {
        if (chart->series[i].count == 0)
            continue;
        bytes_print(out, "<li>");
        html_mark(out, chart->series[i].style);
        html_short_text(out, chart->series[i].name, 32);
        bytes_print(out, "</li>");
    }
    bytes_print(out, "</ul>\n");
}

void chart_draw(struct bytes *out, struct line_chart *chart)
{
    make_scales(chart);
    if (chart->heading != NULL)
        html_print(out, "<h4>%s</h4>\n", chart->heading);
    draw_legend(out, chart);
    bytes_print(out,
                "<div class=\"chart\" role=\"img\" aria-label=\"%s against %s; "
                "the table below has the same\">\n<p class=\"y-title\">%s</p>\n",
                chart->y.title, chart->x.title, chart->y.title);
    bytes_print(out, "<svg class=\"y\" width=\"100%%\" height=\"100%%\">");
    axis_labels_beside(out, &chart->y.scale, chart->y.unit);
    bytes_print(out, "</svg>\n");
    draw_plot(out, chart);
    bytes_print(out, "<svg class=\"x\" width=\"100%%\" height=\"100%%\">");
    axis_labels_below(out, &chart->x.scale, chart->x.unit);
    bytes_print(out, "</svg>\n<p class=\"x-title\">%s</p>\n</div>\n", chart->x.title);
}
