/* What lasts is drawn first, and on it the arrows and all words. Labels are cut to the room that
 * they have, and left out where there is none: whoever points at a mark reads all of it, and it
 * stands in the table, to which each mark is a link. */
#include "results/sequence/sequence_marks.h"

#include "base/language.h"
#include "base/memory.h"
#include "results/page/html.h"
#include "text/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BAND_WIDTH   13.0
#define BAND_GAP     3.0
#define BAR_WIDTH    16.0
#define CROWD_WIDTH  120.0
#define LETTER_WIDTH 6.0
#define SMALL_WIDTH  5.6
#define LABEL_ROOM   11.0 /* between two labels, one below the other */
#define LEVEL_ROOM   60.0

static void begin_mark(struct bytes *out, const struct sequence_layout *layout, size_t number)
{
    const struct sequence_mark *mark = &layout->sequence->marks[number];
    if (number < SEQUENCE_ROWS_MAX && mark->kind != MARK_LEVEL)
        bytes_print(out, "<a href=\"#sequence-%zu-%zu\"", layout->number, number + 1);
    else
        bytes_print(out, "<g");
    bytes_print(out, " class=\"of-%zu\"><title>", mark->kind == MARK_ARROW ? mark->to : mark->lane);
    sequence_append_time(out, mark->t_ns);
    html_print(out, " ms: %s: %s</title>", layout->sequence->lanes[mark->lane].name, mark->detail);
}

static void end_mark(struct bytes *out, const struct sequence_layout *layout, size_t number)
{
    bool is_link = number < SEQUENCE_ROWS_MAX && layout->sequence->marks[number].kind != MARK_LEVEL;
    bytes_print(out, is_link ? "</a>\n" : "</g>\n");
}

/*** What lasts ***/

static void draw_band(struct bytes *out, const struct sequence_layout *layout, size_t number)
{
    const struct sequence_mark *mark = &layout->sequence->marks[number];
    double x = layout->centres[mark->lane];
    double left = mark->is_of_server ? x + BAND_GAP : x - BAND_GAP - BAND_WIDTH;
    double y = layout->axis.y[number];
    double height = fmax(layout->axis.until[number] - y, 2);
    size_t letters = (size_t)fmax((height - 6) / SMALL_WIDTH, 0);
    sequence_look_box(out, mark->look, &(struct sequence_box){left, y, BAND_WIDTH, height});
    if (letters < 4 || mark->label == NULL)
        return;
    bytes_print(out, "<text class=\"state\" transform=\"translate(%.1f %.1f) rotate(90)\">",
                left + BAND_WIDTH / 2 - 3.2, y + 4);
    html_cut_text(out, mark->label, letters);
    bytes_print(out, "</text>");
}

/* A label of two lines has a line end between them. */
static void draw_bar_label(struct bytes *out, const struct sequence_mark *mark, double x, double y,
                           double height, double width)
{
    char *first = text_of("%s", mark->label);
    char *second = strchr(first, '\n');
    size_t letters = (size_t)(width / SMALL_WIDTH);
    if (second != NULL)
        *second++ = '\0';
    bytes_print(out, "<text class=\"small first\" x=\"%.1f\" y=\"%.1f\">", x, y + 9.5);
    html_cut_text(out, first, letters);
    bytes_print(out, "</text>");
    if (second != NULL && height >= 23) {
        bytes_print(out, "<text class=\"small first\" x=\"%.1f\" y=\"%.1f\">", x, y + 20.5);
        html_cut_text(out, second, letters);
        bytes_print(out, "</text>");
    }
    free(first);
}

static void draw_bar(struct bytes *out, const struct sequence_layout *layout, size_t number)
{
    const struct sequence_mark *mark = &layout->sequence->marks[number];
    double x = layout->centres[mark->lane];
    double y = layout->axis.y[number];
    double height = fmax(layout->axis.until[number] - y, 2);
    double width = mark->look == LOOK_RUNS ? BAR_WIDTH / 2 : BAR_WIDTH;
    sequence_look_box(out, mark->look, &(struct sequence_box){x - width / 2, y, width, height});
    if (mark->label != NULL && height >= LABEL_ROOM)
        draw_bar_label(out, mark, x + BAR_WIDTH / 2 + 4, y, height,
                       layout->widths[mark->lane] - 32);
}

/* How many of a crowd are in each part, side by side. */
static void draw_level(struct bytes *out, const struct sequence_layout *layout, size_t number)
{
    const struct sequence_mark *mark = &layout->sequence->marks[number];
    const struct sequence_lane *lane = &layout->sequence->lanes[mark->lane];
    double y = layout->axis.y[number];
    double height = layout->axis.until[number] - y;
    double x = layout->centres[mark->lane] - CROWD_WIDTH / 2;
    if (height < 0.3)
        return;
    begin_mark(out, layout, number);
    bytes_print(out, "<g class=\"level\">");
    for (size_t i = 0; i < SEQUENCE_PARTS && lane->total > 0; i++) {
        double width = CROWD_WIDTH * (double)mark->counts[i] / (double)lane->total;
        if (mark->counts[i] > 0)
            sequence_look_box(out, lane->parts[i], &(struct sequence_box){x, y, width, height});
        x += width;
    }
    bytes_print(out, "</g>");
    end_mark(out, layout, number);
}

/* The same in words, not too often, and not below the next level. */
static void draw_level_label(struct bytes *out, const struct sequence_layout *layout, size_t number,
                             double *label_y)
{
    const struct sequence_mark *mark = &layout->sequence->marks[number];
    double y = layout->axis.y[number];
    if (mark->label == NULL || layout->axis.until[number] - y < 0.3 || y - *label_y < LEVEL_ROOM)
        return;
    bytes_print(out, "<text class=\"small\" x=\"%.1f\" y=\"%.1f\">", layout->centres[mark->lane],
                y + 9.5);
    html_cut_text(out, mark->label, (size_t)(CROWD_WIDTH / SMALL_WIDTH) + 3);
    bytes_print(out, "</text>\n");
    *label_y = y;
}

static void draw_lasting(struct bytes *out, const struct sequence_layout *layout, size_t number)
{
    const struct sequence_mark *mark = &layout->sequence->marks[number];
    if (mark->kind == MARK_LEVEL) {
        draw_level(out, layout, number);
        return;
    }
    begin_mark(out, layout, number);
    if (mark->kind == MARK_STATE)
        draw_band(out, layout, number);
    else
        draw_bar(out, layout, number);
    end_mark(out, layout, number);
}

/*** What happens at once ***/

/* How far from the middle of its lane an arrow ends. */
static double reach_of(const struct sequence_lane *lane)
{
    switch (lane->kind) {
    case LANE_CLIENT:
        return BAND_GAP + BAND_WIDTH + 1;
    case LANE_TASK:
        return BAR_WIDTH / 2 + 1;
    case LANE_CROWD:
        return CROWD_WIDTH / 2;
    case LANE_DOOR:
        break;
    }
    return 1;
}

static void draw_arrow(struct bytes *out, const struct sequence_layout *layout, size_t number,
                       bool has_label)
{
    const struct sequence_mark *mark = &layout->sequence->marks[number];
    const struct sequence_lane *lanes = layout->sequence->lanes;
    double way = layout->centres[mark->to] > layout->centres[mark->lane] ? 1 : -1;
    double from = layout->centres[mark->lane] + way * reach_of(&lanes[mark->lane]);
    double to = layout->centres[mark->to] - way * reach_of(&lanes[mark->to]);
    double y = layout->axis.y[number];
    bytes_print(out,
                "<path class=\"arrow %s\" d=\"M%.1f %.1fH%.1f\"/>"
                "<path class=\"tip\" d=\"M%.1f %.1fl%.0f -4v8Z\"/>",
                sequence_look_class(mark->look), from, y, to - way * 6, to, y, -7 * way);
    if (!has_label || mark->label == NULL)
        return;
    bytes_print(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", way > 0 ? "first" : "last",
                from + way * 4, y - 3.5);
    html_cut_text(out, mark->label, (size_t)fmax((fabs(to - from) - 12) / LETTER_WIDTH, 3));
    bytes_print(out, "</text>");
}

static void draw_deed(struct bytes *out, const struct sequence_layout *layout, size_t number,
                      bool has_label)
{
    const struct sequence_mark *mark = &layout->sequence->marks[number];
    const struct sequence_lane *lane = &layout->sequence->lanes[mark->lane];
    double x = layout->centres[mark->lane];
    double y = layout->axis.y[number];
    bytes_print(out, "<circle class=\"deed\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", x, y);
    if (!has_label || mark->label == NULL)
        return;
    x += reach_of(lane) + 5;
    bytes_print(out, "<text class=\"first\" x=\"%.1f\" y=\"%.1f\">", x, y + 4);
    html_cut_text(out, mark->label, (size_t)fmax((layout->width - x) / LETTER_WIDTH, 8));
    bytes_print(out, "</text>");
}

static void draw_note(struct bytes *out, const struct sequence_layout *layout, size_t number)
{
    const struct sequence_mark *mark = &layout->sequence->marks[number];
    double lines = (double)sequence_note_lines(NULL, layout, mark->label, 0);
    double height = 14 * lines + 5;
    double y = layout->axis.y[number] - height;
    bytes_print(out, "<rect class=\"note\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                SEQUENCE_TIMES_WIDTH, y, layout->width - SEQUENCE_TIMES_WIDTH, height);
    bytes_print(out, "<g class=\"words\">");
    sequence_note_lines(out, layout, mark->label, y + 13);
    bytes_print(out, "</g>");
}

static void draw_moment(struct bytes *out, const struct sequence_layout *layout, size_t number,
                        double *label_y)
{
    const struct sequence_mark *mark = &layout->sequence->marks[number];
    bool has_label = layout->axis.y[number] - *label_y >= LABEL_ROOM;
    begin_mark(out, layout, number);
    if (mark->kind == MARK_ARROW)
        draw_arrow(out, layout, number, has_label);
    else if (mark->kind == MARK_DEED)
        draw_deed(out, layout, number, has_label);
    else
        draw_note(out, layout, number);
    end_mark(out, layout, number);
    if (has_label)
        *label_y = layout->axis.y[number];
}

static void draw_level_labels(struct bytes *out, const struct sequence_layout *layout)
{
    const struct sequence *sequence = layout->sequence;
    double *label_y = allocate(sequence->lane_count + 1, sizeof label_y[0]);
    for (size_t i = 0; i < sequence->lane_count; i++)
        label_y[i] = -LEVEL_ROOM;
    for (size_t i = 0; i < sequence->count; i++)
        if (sequence->marks[i].kind == MARK_LEVEL)
            draw_level_label(out, layout, i, &label_y[sequence->marks[i].lane]);
    free(label_y);
}

void sequence_draw_marks(struct bytes *out, const struct sequence_layout *layout)
{
    const struct sequence *sequence = layout->sequence;
    double label_y = 0;
    for (size_t i = 0; i < sequence->count; i++)
        if (sequence_mark_lasts(&sequence->marks[i]))
            draw_lasting(out, layout, i);
    draw_level_labels(out, layout);
    for (size_t i = 0; i < sequence->count; i++)
        if (!sequence_mark_lasts(&sequence->marks[i]))
            draw_moment(out, layout, i, &label_y);
}

/*** Times ***/

void sequence_append_time(struct bytes *out, int64_t t_ns)
{
    double t_ms = (double)t_ns / 1e6;
    bytes_print(out, t_ms < 100 ? "%.2f" : "%.1f", t_ms);
}

static void draw_cut(struct bytes *out, const struct sequence_layout *layout,
                     const struct sequence_cut *cut)
{
    char length[NUMBER_TEXT_BYTES];
    bytes_print(out, "<path class=\"cut\" d=\"M%.0f %.1f", SEQUENCE_TIMES_WIDTH - 8, cut->y);
    size_t teeth = (size_t)ceil((layout->width - SEQUENCE_TIMES_WIDTH) / 12);
    for (size_t i = 0; i < teeth; i++)
        bytes_print(out, "l3 -4l6 8l3 -4");
    bytes_print(out, "\"/><text class=\"last cut\" x=\"%.0f\" y=\"%.1f\">%s</text>\n",
                SEQUENCE_TIMES_WIDTH - 12, cut->y + 4,
                number_text(length, UNIT_NANOSECONDS, (double)cut->length_ns, NAN));
}

static bool is_near_cut(const struct sequence_axis *axis, double y)
{
    for (size_t i = 0; i < axis->cut_count; i++)
        if (fabs(axis->cuts[i].y - y) < 14)
            return true;
    return false;
}

void sequence_draw_times(struct bytes *out, const struct sequence_layout *layout)
{
    double last = 0;
    bytes_print(out, "<text class=\"last\" x=\"%.0f\" y=\"14\">ms</text>\n",
                SEQUENCE_TIMES_WIDTH - 12);
    for (size_t i = 0; i < layout->axis.cut_count; i++)
        draw_cut(out, layout, &layout->axis.cuts[i]);
    for (size_t i = 0; i < layout->sequence->count; i++) {
        double y = layout->axis.y[i];
        if (y - last < 15 || is_near_cut(&layout->axis, y))
            continue;
        bytes_print(out, "<text class=\"last\" x=\"%.0f\" y=\"%.1f\">", SEQUENCE_TIMES_WIDTH - 12,
                    y + 4);
        sequence_append_time(out, layout->sequence->marks[i].t_ns);
        bytes_print(out, "</text>");
        last = y;
    }
    bytes_print(out, "\n");
}
