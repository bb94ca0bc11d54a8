/* Each event is a numbered disc on the lane of its actor; the number links to its row in the table.
 * A disc stands at its time, unless it would cover the disc before it on its lane or stand before
 * an earlier one: then it moves to the right as far as needed. So the order is always right, and
 * the distances as far as there is room; the table has the exact times.
 *
 * A wait is a bar on the lane of its task, from its beginning to when it was last seen, on the same
 * scale as the discs.
 *
 * The first clients of a crowd have lanes of their own; all others share the last lane.
 */
#include "grader/gradebook/timeline.h"

#include "base/language.h"
#include "grader/gradebook/graded_text.h"
#include "text/json_field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LANES_MAX     ((size_t)24) /* of those who act */
#define TASKS_MAX     ((size_t)12)
#define EVENTS_DRAWN  ((size_t)500)
#define EVENTS_LISTED ((size_t)2000)
#define LABEL_WIDTH   170.0
#define DRAWN_WIDTH   690.0
#define LANE_HEIGHT   36.0
#define DISC_RADIUS   11.0
#define DISC_GAP      25.0
#define ORDER_GAP     3.0
#define BAR_HEIGHT    22.0
#define BAR_WIDTH_MIN 3.0

struct lanes {
    const json_t *names[LANES_MAX]; /* NULL in the last: all others */
    size_t count;
    size_t most;
};

struct picture {
    size_t number; /* of the figure, on a page with several */
    const json_t *events;
    size_t drawn;
    struct lanes actors;
    struct lanes tasks; /* below them */
    double length_ms;
    double positions[EVENTS_DRAWN]; /* of discs */
    size_t lane_of[EVENTS_DRAWN];
    double width;
};

static double number_at(const json_t *event, const char *key)
{
    double number = field_number(event, key, 0);
    return isfinite(number) && number > 0 ? number : 0;
}

static double time_of(const json_t *event)
{
    return number_at(event, "t_ms");
}

static bool is_wait(const json_t *event)
{
    return json_is_number(json_object_get(event, "until_ms"));
}

static size_t find_lane(struct lanes *lanes, const json_t *name)
{
    for (size_t i = 0; i < lanes->count; i++)
        if (lanes->names[i] == NULL || json_equal(lanes->names[i], name))
            return i;
    lanes->names[lanes->count] = lanes->count + 1 < lanes->most ? name : NULL;
    return lanes->count++;
}

/* Where a time is if no disc had to move. */
static double place_of(const struct picture *picture, double time_ms)
{
    double share = picture->length_ms > 0 ? time_ms / picture->length_ms : 0;
    return LABEL_WIDTH + DISC_GAP + share * DRAWN_WIDTH;
}

static void place(struct picture *picture)
{
    double last_on[LANES_MAX] = {0};
    double last = 0;
    for (size_t i = 0; i < picture->drawn; i++) {
        const json_t *event = json_array_get(picture->events, i);
        const json_t *actor = json_object_get(event, "actor");
        size_t lane = find_lane(is_wait(event) ? &picture->tasks : &picture->actors, actor);
        picture->lane_of[i] = lane;
        if (is_wait(event))
            continue;
        double position = place_of(picture, time_of(event));
        position = fmax(position, last + ORDER_GAP);
        position = fmax(position, last_on[lane] + DISC_GAP);
        last = last_on[lane] = picture->positions[i] = position;
    }
    picture->width = fmax(last, LABEL_WIDTH + DISC_GAP + DRAWN_WIDTH) + DISC_GAP;
}

/* Where a time is among the discs, some of which have moved to the right. */
static double position_of(const struct picture *picture, double time_ms)
{
    double before_ms = 0;
    double before = place_of(picture, 0);
    for (size_t i = 0; i < picture->drawn; i++) {
        const json_t *event = json_array_get(picture->events, i);
        if (is_wait(event))
            continue;
        double after_ms = fmax(time_of(event), before_ms);
        if (after_ms > time_ms)
            return before + (picture->positions[i] - before) * (time_ms - before_ms) /
                                (after_ms - before_ms);
        before_ms = after_ms;
        before = picture->positions[i];
    }
    double end = picture->width - DISC_GAP;
    double rest_ms = picture->length_ms - before_ms;
    return rest_ms > 0 ? before + (end - before) * (time_ms - before_ms) / rest_ms : before;
}

static void measure(struct picture *picture, const json_t *events, size_t number)
{
    size_t count = json_array_size(events);
    *picture = (struct picture){
        .number = number,
        .events = events,
        .drawn = count < EVENTS_DRAWN ? count : EVENTS_DRAWN,
        .actors.most = LANES_MAX,
        .tasks.most = TASKS_MAX + 1,
    };
    for (size_t i = 0; i < picture->drawn; i++) {
        const json_t *event = json_array_get(events, i);
        picture->length_ms = fmax(picture->length_ms, time_of(event));
        picture->length_ms = fmax(picture->length_ms, number_at(event, "until_ms"));
    }
    place(picture);
}

/*** The picture ***/

static double height_of(size_t lane)
{
    return LANE_HEIGHT * ((double)lane + 0.5);
}

/* A picture within the picture cuts a long name off. */
static void draw_lane(struct bytes *out, const struct picture *picture, const json_t *name,
                      size_t lane)
{
    double y = height_of(lane);
    bytes_print(out, "<svg y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><text x=\"4\" y=\"%.1f\">",
                y - LANE_HEIGHT / 2, LABEL_WIDTH, LANE_HEIGHT, LANE_HEIGHT / 2 + 4);
    if (name != NULL)
        graded_append(out, name, SANITISE_HTML);
    else
        bytes_print(out, "%s", _("all others"));
    bytes_print(
        out,
        "</text></svg>\n<line class=\"lane\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
        LABEL_WIDTH, y, picture->width, y);
}

static void begin_event(struct bytes *out, const struct picture *picture, size_t index)
{
    const json_t *event = json_array_get(picture->events, index);
    bytes_print(out, "<a href=\"#event-%zu-%zu\"><title>%.3f ms%s", picture->number, index + 1,
                time_of(event), _(": "));
    graded_append(out, json_object_get(event, "action"), SANITISE_HTML);
}

static void draw_event(struct bytes *out, const struct picture *picture, size_t index)
{
    double x = picture->positions[index];
    double y = height_of(picture->lane_of[index]);
    begin_event(out, picture, index);
    bytes_print(out, "</title><circle class=\"event\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", x, y,
                DISC_RADIUS);
    bytes_print(out, "<text class=\"event\" x=\"%.1f\" y=\"%.1f\">%zu</text></a>\n", x, y + 4,
                index + 1);
}

static void draw_wait(struct bytes *out, const struct picture *picture, size_t index)
{
    const json_t *event = json_array_get(picture->events, index);
    const json_t *text = json_object_get(event, "text");
    double x = position_of(picture, time_of(event));
    double end = position_of(picture, number_at(event, "until_ms"));
    double y = height_of(picture->actors.count + picture->lane_of[index]) - BAR_HEIGHT / 2;
    double width = fmax(end - x, BAR_WIDTH_MIN);
    begin_event(out, picture, index);
    char *call = graded_text(text, SANITISE_HTML);
    bytes_print(out, _(" in %s"), call);
    free(call);
    bytes_print(out,
                "</title><rect class=\"wait\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                "height=\"%.1f\"/><svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                "<text x=\"4\" y=\"15\">",
                x, y, width, BAR_HEIGHT, x, y, width, BAR_HEIGHT);
    graded_append(out, text, SANITISE_HTML);
    bytes_print(out, "</text></svg></a>\n");
}

static void draw_scale(struct bytes *out, const struct picture *picture, double height)
{
    bytes_print(out, "<text x=\"%.1f\" y=\"%.1f\">0 ms</text>", LABEL_WIDTH, height - 4);
    bytes_print(out, "<text class=\"last\" x=\"%.1f\" y=\"%.1f\">%.0f ms</text>\n",
                picture->width - 4, height - 4, picture->length_ms);
}

static void draw(struct bytes *out, const struct picture *picture)
{
    size_t actors = picture->actors.count;
    double height = LANE_HEIGHT * (double)(actors + picture->tasks.count) + 18;
    bytes_print(out,
                "<div class=\"scrolls\"><svg xmlns=\"http://www.w3.org/2000/svg\" "
                "viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" role=\"group\" "
                "aria-label=\"%s\">\n",
                picture->width, height, picture->width,
                _("timeline; the table below has the same"));
    for (size_t lane = 0; lane < actors; lane++)
        draw_lane(out, picture, picture->actors.names[lane], lane);
    for (size_t lane = 0; lane < picture->tasks.count; lane++)
        draw_lane(out, picture, picture->tasks.names[lane], actors + lane);
    for (size_t i = 0; i < picture->drawn; i++)
        if (is_wait(json_array_get(picture->events, i)))
            draw_wait(out, picture, i);
        else
            draw_event(out, picture, i);
    draw_scale(out, picture, height);
    bytes_print(out, "</svg></div>\n");
}

/*** The table ***/

static void append_cell(struct bytes *out, const json_t *event, const char *key)
{
    bytes_print(out, "<td class=\"short\">");
    graded_append(out, json_object_get(event, key), SANITISE_HTML);
    bytes_print(out, "</td>");
}

static void append_row(struct bytes *out, size_t figure, const json_t *event, size_t number)
{
    bytes_print(out, "<tr id=\"event-%zu-%zu\"><td>%zu</td><td class=\"time\">%.3f</td>", figure,
                number, number, time_of(event));
    append_cell(out, event, "actor");
    append_cell(out, event, "action");
    bytes_print(out, "<td>");
    graded_append(out, json_object_get(event, "text"), SANITISE_HTML);
    if (is_wait(event))
        bytes_print(out, _(", until %.3f ms"), number_at(event, "until_ms"));
    bytes_print(out, "</td></tr>\n");
}

static void append_table(struct bytes *out, size_t figure, const json_t *events)
{
    size_t count = json_array_size(events);
    size_t listed = count < EVENTS_LISTED ? count : EVENTS_LISTED;
    bytes_print(out,
                "<div class=\"scrolls\"><table>\n<thead><tr><th scope=\"col\">%s</th><th "
                "scope=\"col\" class=\"time\">ms</th>"
                "<th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
                "<th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
                _("no."), _("who"), _("does"), _("what"));
    for (size_t i = 0; i < listed; i++)
        append_row(out, figure, json_array_get(events, i), i + 1);
    bytes_print(out, "</tbody></table></div>\n");
    if (listed < count) {
        bytes_print(out, "<p>");
        bytes_print(out, _("%zu more events are omitted."), count - listed);
        bytes_print(out, "</p>\n");
    }
}

static void append_left_out(struct bytes *out, const json_t *left_out)
{
    json_int_t tasks = json_integer_value(json_object_get(left_out, "tasks"));
    json_int_t waits = json_integer_value(json_object_get(left_out, "waits"));
    if (tasks > 0) {
        bytes_print(out, "<p>");
        bytes_print(out, _("%lld more threads or processes are omitted."), (long long)tasks);
        bytes_print(out, "</p>\n");
    }
    if (waits > 0) {
        bytes_print(out, "<p>");
        bytes_print(out, _("%lld more waits are omitted."), (long long)waits);
        bytes_print(out, "</p>\n");
    }
}

void timeline(const json_t *events, const json_t *left_out, size_t number, struct bytes *out)
{
    if (json_array_size(events) == 0)
        return;
    struct picture picture;
    measure(&picture, events, number);
    bytes_print(out, "<figure class=\"timeline\">\n<figcaption>%s",
                picture.tasks.count > 0 ? _("What was played, and where the program waited")
                                        : _("What was played"));
    if (picture.drawn < json_array_size(events))
        bytes_print(out, _(" (drawn: the first %zu events)"), picture.drawn);
    bytes_print(out, "</figcaption>\n");
    draw(out, &picture);
    append_table(out, number, events);
    append_left_out(out, left_out);
    bytes_print(out, "</figure>\n");
}
