#include "results/sequence/sequence_picture.h"

#include "base/embed.h"
#include "base/language.h"
#include "results/page/html.h"
#include "results/sequence/sequence_lanes.h"
#include "results/sequence/sequence_marks.h"
#include "results/sequence/sequence_table.h"

#include <math.h>

EMBED(sequence_css, PROCTOR_SOURCES "/results/sequence/sequence.css");
EMBED(sequence_js, PROCTOR_SOURCES "/results/sequence/sequence.js");

const char *sequence_style(void)
{
    return sequence_css;
}

const char *sequence_script(void)
{
    return sequence_js;
}

static void mark_used(const struct sequence *sequence, bool is_used[LOOKS])
{
    for (size_t i = 0; i < sequence->count; i++) {
        const struct sequence_mark *mark = &sequence->marks[i];
        const enum sequence_look *parts = sequence->lanes[mark->lane].parts;
        if (mark->kind == MARK_STATE || mark->kind == MARK_DOES)
            is_used[mark->look] = true;
        for (size_t part = 0; mark->kind == MARK_LEVEL && part < SEQUENCE_PARTS; part++)
            is_used[parts[part]] |= mark->counts[part] > 0;
    }
}

#define WIDE 860.0 /* more than the column of text has room for */

/* It shrinks with the screen until nobody could read it any more (the style has a least width for
 * each room, in hundreds of pixels), and scrolls from there on. */
static void draw(struct bytes *out, const struct sequence_layout *layout)
{
    double height = layout->axis.bottom + 12;
    double room = fmax(3, fmin(20, ceil(layout->width * 0.72 / 100)));
    bytes_print(out,
                "<div class=\"scrolls sequence%s\" data-larger=\"%s\" data-smaller=\"%s\" "
                "data-first=\"%s\"><svg xmlns=\"http://www.w3.org/2000/svg\" "
                "class=\"room-%.0f\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" role=\"group\" "
                "aria-label=\"%s\">\n",
                layout->width > WIDE ? " wide" : "", _("larger"), _("smaller"), _("as it was"),
                room, layout->width, height, layout->width * 1.3,
                _("sequence diagram; the table below has the same"));
    sequence_draw_lanes(out, layout);
    sequence_draw_times(out, layout);
    sequence_draw_marks(out, layout);
    bytes_print(out, "</svg></div>\n");
}

/* Of one end of clients' connections: are there any? */
static bool has_bands(const struct sequence *sequence, bool are_of_server)
{
    for (size_t i = 0; i < sequence->count; i++)
        if (sequence->marks[i].kind == MARK_STATE &&
            sequence->marks[i].is_of_server == are_of_server)
            return true;
    return false;
}

static void append_about(struct bytes *out, const struct sequence_layout *layout)
{
    bool has_client_ends = has_bands(layout->sequence, false);
    bool has_server_ends = has_bands(layout->sequence, true);
    bytes_print(out, "<p class=\"about\">");
    if (has_client_ends && !has_server_ends)
        html_print(out, "%s ", _("A client's band is the state of its own end of the connection."));
    if (has_server_ends)
        html_print(out, "%s ",
                   _("Of a client's two bands the left one is its own end of the connection, and "
                     "the right one is the server's."));
    html_print(out, "%s", _("Time goes downwards."));
    if (layout->axis.cut_count > 0)
        html_print(out, " %s",
                   _("Where a zigzag crosses the picture, time is cut out, as much as stands "
                     "beside it."));
    if (layout->axis.is_dense)
        html_print(out, " %s",
                   _("There is more than can be labelled: point at a mark, or read the table."));
    bytes_print(out, "</p>\n");
}

void sequence_picture(struct bytes *out, const struct sequence *sequence, size_t number)
{
    struct sequence_layout layout;
    bool is_used[LOOKS] = {false};
    sequence_layout_init(&layout, sequence, number);
    mark_used(sequence, is_used);
    append_about(out, &layout);
    sequence_legend(out, is_used);
    draw(out, &layout);
    sequence_table(out, sequence, number);
    sequence_layout_release(&layout);
}
