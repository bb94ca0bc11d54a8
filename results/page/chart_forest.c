/* Theory of operation: each row is a line of a grid: label, picture, figures; on narrow screens the
 * picture goes below. The pictures have no gaps between them, so that bands and grid run through
 * all rows. */
#include "results/page/chart_forest.h"

#include "results/page/chart_axis.h"
#include "results/page/chart_scales.h"
#include "results/page/html.h"
#include "text/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A larger change is an arrow: drawn to scale it would squeeze the others together. */
#define CHANGE_MOST 2.0

/* What was not measured counts as 0, which does not widen the scale. */
static double clipped(double change)
{
    if (isnan(change))
        return 0;
    return fmax(-CHANGE_MOST, fmin(CHANGE_MOST, change));
}

static void make_scale(struct scale *scale, const struct forest *forest)
{
    double most = fmax(0.01, forest->outer_band);
    double least = -most;
    for (size_t i = 0; i < forest->count; i++) {
        const struct forest_row *row = &forest->rows[i];
        least = fmin(least, clipped(fmin(row->change, row->low)));
        most = fmax(most, clipped(fmax(row->change, row->high)));
    }
    scale_init(scale, SCALE_LINEAR, least, most);
}

static double percent_at(const struct scale *scale, double change)
{
    return 100 * fmax(0, fmin(1, scale_place(scale, change)));
}

static void draw_band(struct bytes *out, const struct scale *scale, double band, const char *class)
{
    double left = percent_at(scale, -band);
    if (band > 0)
        bytes_print(out, "<rect class=\"%s\" x=\"%.2f%%\" width=\"%.2f%%\" height=\"100%%\"/>",
                    class, left, percent_at(scale, band) - left);
}

static void draw_ground(struct bytes *out, const struct scale *scale, const struct forest *forest)
{
    draw_band(out, scale, forest->outer_band, "outer");
    draw_band(out, scale, forest->inner_band, "inner");
    for (size_t i = 0; i < scale->tick_count; i++) {
        double x = percent_at(scale, scale->ticks[i]);
        bytes_print(out, "<line class=\"%s\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"0\" y2=\"100%%\"/>",
                    fabs(scale->ticks[i]) < 1e-9 ? "zero" : "grid", x, x);
    }
}

/*** A row ***/

/* A verdict has a shape and a colour. */
static void draw_mark(struct bytes *out, const struct forest_row *row, double x)
{
    static const struct {
        const char *verdict;
        size_t shape;
    } marks[] = {{"same", 0}, {"worse", 2}, {"better", 4}, {"inconclusive", 0}};
    char class[24];
    char change[NUMBER_TEXT_BYTES];
    size_t shape = row->series % SERIES_STYLES;
    snprintf(class, sizeof class, "s%zu", shape);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0] && row->verdict != NULL; i++)
        if (strcmp(row->verdict, marks[i].verdict) == 0) {
            shape = marks[i].shape;
            snprintf(class, sizeof class, "%s", marks[i].verdict);
        }
    bytes_print(out, "<use href=\"#mark-%zu\" class=\"%s\" x=\"%.2f%%\" y=\"50%%\"><title>", shape,
                class, x);
    html_print(out, "%s: %s</title></use>", row->label,
               number_change_text(change, row->change, (row->high - row->low) / 2));
}

static void draw_interval(struct bytes *out, const struct scale *scale,
                          const struct forest_row *row)
{
    if (isfinite(row->low) && isfinite(row->high))
        bytes_print(out,
                    "<line class=\"interval\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"50%%\" "
                    "y2=\"50%%\"/>",
                    percent_at(scale, row->low), percent_at(scale, row->high));
    if (!isfinite(row->change))
        return;
    if (fabs(row->change) > CHANGE_MOST)
        bytes_print(out, "<text class=\"%s\" x=\"%s\" y=\"50%%\" dy=\".35em\">%s</text>",
                    row->change > 0 ? "last" : "first", row->change > 0 ? "100%" : "0",
                    row->change > 0 ? "▶" : "◀");
    else
        draw_mark(out, row, percent_at(scale, row->change));
}

static void append_figures(struct bytes *out, const struct forest_row *row)
{
    const char *word = row->verdict != NULL ? row->verdict : row->note;
    double noise = (row->high - row->low) / 2;
    char change[NUMBER_TEXT_BYTES];
    bytes_print(out, "<span class=\"change\"><b>%s</b>",
                number_change_text(change, row->change, noise));
    if (noise > 0) {
        bytes_print(out, " <small>");
        number_append_interval(out, row->low, row->high);
        bytes_print(out, "</small>");
    }
    bytes_print(out, "</span><span class=\"word\">");
    if (word != NULL)
        html_print(out, "%s", word);
    bytes_print(out, "</span>");
}

static void draw_row(struct bytes *out, const struct scale *scale, const struct forest *forest,
                     const struct forest_row *row)
{
    bytes_print(out, "<div class=\"row\"><span class=\"label\">");
    html_short_text(out, row->label, 34);
    bytes_print(out, "</span>");
    append_figures(out, row);
    bytes_print(
        out, "<div class=\"picture\"><svg width=\"100%%\" height=\"100%%\" aria-hidden=\"true\">");
    draw_ground(out, scale, forest);
    draw_interval(out, scale, row);
    bytes_print(out, "</svg></div></div>\n");
}

static void draw_axis(struct bytes *out, const struct scale *scale)
{
    bytes_print(out, "<div class=\"row axis\" aria-hidden=\"true\"><div class=\"picture\">"
                     "<svg class=\"x\" width=\"100%%\" height=\"100%%\">");
    axis_labels_below(out, scale, UNIT_PARTS);
    bytes_print(out, "<text class=\"first\" x=\"0\" y=\"2.6em\">◀ better</text>"
                     "<text class=\"last\" x=\"100%%\" y=\"2.6em\">worse ▶</text>"
                     "</svg></div></div>\n");
}

void forest_draw(struct bytes *out, const struct forest *forest)
{
    struct scale scale;
    make_scale(&scale, forest);
    html_print(out, "<div class=\"forest\" role=\"group\" aria-label=\"%s\">\n", forest->name);
    for (size_t i = 0; i < forest->count; i++)
        draw_row(out, &scale, forest, &forest->rows[i]);
    draw_axis(out, &scale);
    bytes_print(out, "</div>\n");
}
