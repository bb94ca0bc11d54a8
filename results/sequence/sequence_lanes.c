#include "results/sequence/sequence_lanes.h"

#include "base/memory.h"
#include "results/page/html.h"
#include "text/printable.h"
#include "text/sanitise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SCREEN_HEIGHT 720.0
#define LETTER_WIDTH  6.3 /* of 11 pixels' height, on average */
#define HEAD_WIDTH    7.2 /* of 12, bold */
#define SMALL_WIDTH   5.3 /* of 9 */
#define NOTE_LINE     14.0
#define NOTE_LINES    4
#define NOTE_SPACE    26.0 /* the words of a bar above it need some */

static double width_of(const struct sequence_lane *lane)
{
    switch (lane->kind) {
    case LANE_CLIENT:
        return 86;
    case LANE_DOOR:
        return 96;
    case LANE_TASK:
        return 122;
    case LANE_CROWD:
        return 150;
    }
    return 0;
}

/* The bars of a task stand to the left in its lane, and what they are to the right. */
static double centre_of(const struct sequence_lane *lane)
{
    return lane->kind == LANE_TASK ? 18 : width_of(lane) / 2;
}

/*** Notes ***/

/* How much of a text goes onto one line: whole words, if there is a blank. */
static size_t line_bytes(const char *text, size_t count, size_t letters)
{
    size_t room = printable_prefix_bytes(text, count, letters);
    if (room == count)
        return count;
    size_t blank = room;
    while (blank > room / 2 && text[blank] != ' ')
        blank--;
    return text[blank] == ' ' ? blank : room;
}

size_t sequence_note_lines(struct bytes *out, const struct sequence_layout *layout,
                           const char *text, double y)
{
    size_t letters = (size_t)((layout->width - SEQUENCE_TIMES_WIDTH - 16) / LETTER_WIDTH);
    struct bytes clean = {0};
    sanitise(&clean, text != NULL ? text : "", text != NULL ? strlen(text) : 0, SANITISE_STRING);
    size_t lines = 0;
    for (size_t at = 0; at < clean.length && lines < NOTE_LINES; lines++) {
        const char *line = bytes_front(&clean) + at;
        size_t count = line_bytes(line, clean.length - at, letters);
        if (out != NULL) {
            bytes_print(out, "<text x=\"%.0f\" y=\"%.1f\">", SEQUENCE_TIMES_WIDTH + 8,
                        y + NOTE_LINE * (double)lines);
            sanitise(out, line, count, SANITISE_HTML);
            bool is_cut = lines + 1 == NOTE_LINES && at + count < clean.length;
            bytes_print(out, "%s</text>", is_cut ? " …" : "");
        }
        at += count;
        at += at < clean.length && bytes_front(&clean)[at] == ' ';
    }
    bytes_release(&clean);
    return lines;
}

static double note_height(const struct sequence_mark *note, const void *context)
{
    return NOTE_LINE * (double)sequence_note_lines(NULL, context, note->label, 0) + NOTE_SPACE;
}

/*** Lanes ***/

void sequence_layout_init(struct sequence_layout *layout, const struct sequence *sequence,
                          size_t number)
{
    *layout = (struct sequence_layout){
        .sequence = sequence,
        .number = number,
        .centres = allocate(sequence->lane_count + 1, sizeof layout->centres[0]),
        .widths = allocate(sequence->lane_count + 1, sizeof layout->widths[0]),
        .width = SEQUENCE_TIMES_WIDTH,
    };
    for (size_t i = 0; i < sequence->lane_count; i++) {
        layout->centres[i] = layout->width + centre_of(&sequence->lanes[i]);
        layout->widths[i] = width_of(&sequence->lanes[i]);
        layout->width += layout->widths[i];
    }
    layout->width = fmax(layout->width, SEQUENCE_TIMES_WIDTH + 240);
    sequence_axis_init(&layout->axis, sequence, SEQUENCE_HEAD_HEIGHT + 8, note_height, layout);
}

void sequence_layout_release(struct sequence_layout *layout)
{
    free(layout->centres);
    free(layout->widths);
    sequence_axis_release(&layout->axis);
}

static void draw_head(struct bytes *out, const struct sequence_layout *layout, size_t number,
                      double y)
{
    const struct sequence_lane *lane = &layout->sequence->lanes[number];
    bool is_task = lane->kind == LANE_TASK;
    double x = is_task ? layout->centres[number] - 8 : layout->centres[number];
    double width = layout->widths[number] - 6;
    const char *class = is_task ? "head first" : "head";
    bytes_print(out, "<g class=\"lane-head\"><title>");
    html_print(out, lane->detail != NULL ? "%s, %s" : "%s", lane->name, lane->detail);
    bytes_print(out, "</title><text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", class, x, y + 14);
    html_cut_text(out, lane->name, (size_t)(width / HEAD_WIDTH));
    bytes_print(out, "</text>");
    if (lane->detail != NULL) {
        bytes_print(out, "<text class=\"%s small\" x=\"%.1f\" y=\"%.1f\">", class, x, y + 28);
        html_cut_text(out, lane->detail, (size_t)(width / SMALL_WIDTH));
        bytes_print(out, "</text>");
    }
    bytes_print(out, "</g>");
}

static void draw_heads(struct bytes *out, const struct sequence_layout *layout, double y)
{
    for (size_t i = 0; i < layout->sequence->lane_count; i++)
        draw_head(out, layout, i, y);
    bytes_print(out, "\n");
}

void sequence_draw_lanes(struct bytes *out, const struct sequence_layout *layout)
{
    for (size_t i = 0; i < layout->sequence->lane_count; i++)
        bytes_print(out, "<line class=\"lane%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                    layout->sequence->lanes[i].kind == LANE_DOOR ? " door" : "", layout->centres[i],
                    SEQUENCE_HEAD_HEIGHT - 4, layout->centres[i], layout->axis.bottom + 6);
    draw_heads(out, layout, 0);
}
