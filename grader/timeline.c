/* Each event is a numbered disc on the lane of its actor; the number leads to its row in the table.
 * A disc stands where its time is, unless it would cover the one before it on its lane, or stand
 * before one that was earlier: then it stands as far to the right as that needs. Order is thus
 * always true, and distance as far as there is room; the table has the times.
 *
 * A crowd of a thousand clients has no lanes of its own: the first have, and the others share the
 * last one. */
#include "grader/timeline.h"

#include "grader/graded.h"

#include <math.h>
#include <string.h>

#define LANES_MAX     ((size_t)24)
#define EVENTS_DRAWN  ((size_t)300)
#define EVENTS_LISTED ((size_t)2000)
#define LABEL_WIDTH   170.0
#define DRAWN_WIDTH   690.0
#define LANE_HEIGHT   36.0
#define DISC_RADIUS   11.0
#define DISC_GAP      25.0
#define ORDER_GAP     3.0

struct picture {
    size_t number; /* of the figure, on a page with several */
    const json_t *events;
    size_t drawn;
    const json_t *actors[LANES_MAX]; /* NULL in the last: all others */
    size_t lanes;
    double length_ms;
    double positions[EVENTS_DRAWN];
    size_t lane_of[EVENTS_DRAWN];
    double width;
};

static double time_of(const json_t *event)
{
    double time_ms = json_number_value(json_object_get(event, "t_ms"));
    return isfinite(time_ms) && time_ms > 0 ? time_ms : 0;
}

static size_t find_lane(struct picture *picture, const json_t *actor)
{
    for (size_t i = 0; i < picture->lanes; i++)
        if (picture->actors[i] == NULL || json_equal(picture->actors[i], actor))
            return i;
    picture->actors[picture->lanes] = picture->lanes + 1 < LANES_MAX ? actor : NULL;
    return picture->lanes++;
}

static double largest(double one, double other)
{
    return one > other ? one : other;
}

static void place(struct picture *picture)
{
    double last_on[LANES_MAX] = {0};
    double last = 0;
    for (size_t i = 0; i < picture->drawn; i++) {
        const json_t *event = json_array_get(picture->events, i);
        size_t lane = find_lane(picture, json_object_get(event, "actor"));
        double share = picture->length_ms > 0 ? time_of(event) / picture->length_ms : 0;
        double position = LABEL_WIDTH + DISC_GAP + share * DRAWN_WIDTH;
        position = largest(position, last + ORDER_GAP);
        position = largest(position, last_on[lane] + DISC_GAP);
        last = last_on[lane] = picture->positions[i] = position;
        picture->lane_of[i] = lane;
    }
    picture->width = largest(last, LABEL_WIDTH + DISC_GAP + DRAWN_WIDTH) + DISC_GAP;
}

static void measure(struct picture *picture, const json_t *events)
{
    size_t count = json_array_size(events);
    *picture = (struct picture){
        .events = events,
        .drawn = count < EVENTS_DRAWN ? count : EVENTS_DRAWN,
    };
    for (size_t i = 0; i < picture->drawn; i++)
        picture->length_ms = largest(picture->length_ms, time_of(json_array_get(events, i)));
    place(picture);
}

/*** The picture ***/

static double height_of(size_t lane)
{
    return LANE_HEIGHT * ((double)lane + 0.5);
}

/* A picture within the picture cuts a long name off. */
static void draw_lane(struct bytes *out, const struct picture *picture, size_t lane)
{
    double y = height_of(lane);
    bytes_print(out, "<svg y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><text x=\"4\" y=\"%.1f\">",
                y - LANE_HEIGHT / 2, LABEL_WIDTH, LANE_HEIGHT, LANE_HEIGHT / 2 + 4);
    if (picture->actors[lane] != NULL)
        graded_append(out, picture->actors[lane], SANITISE_HTML);
    else
        bytes_print(out, "all others");
    bytes_print(
        out,
        "</text></svg>\n<line class=\"lane\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
        LABEL_WIDTH, y, picture->width, y);
}

static void draw_event(struct bytes *out, const struct picture *picture, size_t index)
{
    const json_t *event = json_array_get(picture->events, index);
    double x = picture->positions[index];
    double y = height_of(picture->lane_of[index]);
    bytes_print(out, "<a href=\"#event-%zu-%zu\"><title>%.3f ms: ", picture->number, index + 1,
                time_of(event));
    graded_append(out, json_object_get(event, "action"), SANITISE_HTML);
    bytes_print(out, "</title><circle class=\"event\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", x, y,
                DISC_RADIUS);
    bytes_print(out, "<text class=\"event\" x=\"%.1f\" y=\"%.1f\">%zu</text></a>\n", x, y + 4,
                index + 1);
}

static void draw(struct bytes *out, const struct picture *picture)
{
    double height = LANE_HEIGHT * (double)picture->lanes + 18;
    bytes_print(out,
                "<div class=\"scrolls\"><svg xmlns=\"http://www.w3.org/2000/svg\" "
                "viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" role=\"group\" "
                "aria-label=\"timeline; the table below has the same\">\n",
                picture->width, height, picture->width);
    for (size_t lane = 0; lane < picture->lanes; lane++)
        draw_lane(out, picture, lane);
    for (size_t i = 0; i < picture->drawn; i++)
        draw_event(out, picture, i);
    bytes_print(out, "<text x=\"%.1f\" y=\"%.1f\">0 ms</text>", LABEL_WIDTH, height - 4);
    bytes_print(out, "<text class=\"last\" x=\"%.1f\" y=\"%.1f\">%.0f ms</text>\n",
                picture->width - 4, height - 4, picture->length_ms);
    bytes_print(out, "</svg></div>\n");
}

/*** The table ***/

static void append_cell(struct bytes *out, const json_t *event, const char *key)
{
    bytes_print(out, "<td>");
    graded_append(out, json_object_get(event, key), SANITISE_HTML);
    bytes_print(out, "</td>");
}

static void append_row(struct bytes *out, size_t figure, const json_t *event, size_t number)
{
    bytes_print(out, "<tr id=\"event-%zu-%zu\"><td>%zu</td><td>%.3f</td>", figure, number, number,
                time_of(event));
    append_cell(out, event, "actor");
    append_cell(out, event, "action");
    append_cell(out, event, "text");
    bytes_print(out, "</tr>\n");
}

static void append_table(struct bytes *out, size_t figure, const json_t *events)
{
    size_t count = json_array_size(events);
    size_t listed = count < EVENTS_LISTED ? count : EVENTS_LISTED;
    bytes_print(out, "<table>\n<thead><tr><th scope=\"col\">no.</th><th scope=\"col\">ms</th>"
                     "<th scope=\"col\">who</th><th scope=\"col\">does</th>"
                     "<th scope=\"col\">what</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < listed; i++)
        append_row(out, figure, json_array_get(events, i), i + 1);
    bytes_print(out, "</tbody></table>\n");
    if (listed < count)
        bytes_print(out, "<p>%zu more events are left out.</p>\n", count - listed);
}

void timeline(const json_t *events, size_t number, struct bytes *out)
{
    if (json_array_size(events) == 0)
        return;
    struct picture picture = {.number = number};
    measure(&picture, events);
    bytes_print(out, "<figure class=\"timeline\">\n<figcaption>What was played");
    if (picture.drawn < json_array_size(events))
        bytes_print(out, " (drawn: the first %zu events)", picture.drawn);
    bytes_print(out, "</figcaption>\n");
    draw(out, &picture);
    append_table(out, number, events);
    bytes_print(out, "</figure>\n");
}
