/* A look is two rectangles, one on the other: the ground in its colour, which the style gives it
 * (light, dark, printed), and the pattern in the colour of ink. */
#include "results/sequence/sequence_look.h"

#include "base/language.h"
#include "results/page/html.h"

#include <stddef.h>
#include <string.h>

struct look {
    const char *class;
    const char *pattern; /* what is in a tile of 6 by 6; NULL: nothing */
    const char *words;   /* in the legend; NULL: it is not in it */
};

static const struct look looks[LOOKS] = {
    [LOOK_PLAIN] = {"plain", NULL, NULL},
    [LOOK_OPENING] = {"opening", "<circle cx=\"3\" cy=\"3\" r=\"1\"/>", N_("is connecting")},
    [LOOK_ESTABLISHED] = {"established", NULL, N_("connected")},
    [LOOK_QUEUED] = {"queued", "<path d=\"M-1 1L1-1M0 6L6 0M5 7L7 5\"/>",
                     N_("connected, but not accepted: waits in the queue")},
    [LOOK_ENDING] = {"ending", "<path d=\"M0 3H6\"/>", N_("this end is closed")},
    [LOOK_HALF] = {"half", "<path d=\"M0 0L6 6M6 0L0 6\"/>", N_("only the other end is closed")},
    [LOOK_OVER] = {"over", NULL, N_("over")},
    [LOOK_RUNS] = {"runs", NULL, N_("runs")},
    [LOOK_ON_CLIENT] = {"on-client", "<path d=\"M3 0V6\"/>", N_("waits for one client")},
    [LOOK_ON_CLIENTS] = {"on-clients", "<path d=\"M1.5 0V6M4.5 0V6\"/>",
                         N_("waits for any of several clients")},
    [LOOK_ON_DOOR] = {"on-door", "<circle cx=\"3\" cy=\"3\" r=\"1.3\"/>",
                      N_("waits for somebody to connect")},
    [LOOK_ON_OTHER] = {"on-other", "<path d=\"M0 0L6 6M-1 5L1 7M5-1L7 1\"/>",
                       N_("waits for something else")},
    [LOOK_ENDED] = {"ended", NULL, N_("has ended")},
};

const char *sequence_look_class(enum sequence_look look)
{
    return looks[look].class;
}

enum sequence_look sequence_look_of_state(const char *state)
{
    static const struct {
        const char *state;
        enum sequence_look look;
    } rows[] = {
        {"ESTABLISHED", LOOK_ESTABLISHED}, {"SYN_SENT", LOOK_OPENING},
        {"SYN_RECV", LOOK_OPENING},        {"FIN_WAIT1", LOOK_ENDING},
        {"FIN_WAIT2", LOOK_ENDING},        {"CLOSING", LOOK_ENDING},
        {"LAST_ACK", LOOK_ENDING},         {"CLOSE_WAIT", LOOK_HALF},
        {"TIME_WAIT", LOOK_OVER},          {"CLOSE", LOOK_OVER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && state != NULL; i++)
        if (strcmp(rows[i].state, state) == 0)
            return rows[i].look;
    return LOOK_PLAIN;
}

void sequence_patterns(struct bytes *out)
{
    bytes_print(out, "<svg class=\"shapes\" xmlns=\"http://www.w3.org/2000/svg\" "
                     "aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>");
    for (size_t i = 0; i < LOOKS; i++)
        if (looks[i].pattern != NULL)
            bytes_print(out,
                        "<pattern id=\"look-%s\" class=\"look\" width=\"6\" height=\"6\" "
                        "patternUnits=\"userSpaceOnUse\">%s</pattern>",
                        looks[i].class, looks[i].pattern);
    bytes_print(out, "</defs></svg>\n");
}

static void append_box(struct bytes *out, const char *attributes, const struct sequence_box *box)
{
    bytes_print(out, "<rect %s x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", attributes,
                box->x, box->y, box->width, box->height);
}

void sequence_look_box(struct bytes *out, enum sequence_look look, const struct sequence_box *box)
{
    struct bytes attributes = {0};
    bytes_print(&attributes, "class=\"box %s\"%c", looks[look].class, '\0');
    append_box(out, bytes_front(&attributes), box);
    bytes_release(&attributes);
    if (looks[look].pattern == NULL)
        return;
    bytes_print(&attributes, "fill=\"url(#look-%s)\"%c", looks[look].class, '\0');
    append_box(out, bytes_front(&attributes), box);
    bytes_release(&attributes);
}

void sequence_legend(struct bytes *out, const bool is_used[LOOKS])
{
    static const struct sequence_box box = {1, 1, 18, 12};
    bytes_print(out, "<ul class=\"legend\">");
    for (size_t i = 0; i < LOOKS; i++) {
        if (!is_used[i] || looks[i].words == NULL)
            continue;
        bytes_print(out, "<li><svg class=\"mark\" xmlns=\"http://www.w3.org/2000/svg\" "
                         "aria-hidden=\"true\" width=\"20\" height=\"14\">");
        sequence_look_box(out, (enum sequence_look)i, &box);
        html_print(out, "</svg>%s</li>", _(looks[i].words));
    }
    bytes_print(out, "</ul>\n");
}
