/* Every slice by time: the picture that lets a reader trust a run or not.
 *
 * Theory of operation: a lane for each target, in which a slice is as high as its throughput is,
 * against the best slice of that target in that cell: a machine that slows down bends all lanes at
 * once. Below, on the same axis, what others took of the machine meanwhile. A lane is an SVG that
 * is stretched to the width it gets. */
#include "results/figures/figure.h"

#include "base/memory.h"
#include "results/page/chart_axis.h"
#include "results/page/chart_scales.h"
#include "results/page/html.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define LANE_WIDTH  1000
#define LANE_HEIGHT 26

/* The least that the height of a noise lane stands for, so that little noise looks little. */
#define NOISE_LEAST 0.05

static const struct {
    const char *key;
    const char *title;
} noises[] = {{"stolen_share", "stolen"}, {"foreign_share", "others"}};

#define NOISES (sizeof noises / sizeof noises[0])

static const json_t *slices_of(const struct run *run)
{
    return json_object_get(run->document->json, "slices");
}

static bool applies(const struct run *run)
{
    return json_array_size(slices_of(run)) > 0;
}

/* The slices of each target, in their order. */
struct slices {
    size_t *first; /* of each target; SIZE_MAX: none */
    size_t *next;  /* of each slice, the next one of its target; SIZE_MAX: none */
    size_t *cells; /* of each slice; SIZE_MAX: a cell without results */
    const json_t *list;
};

static const json_t *slice_of(const struct slices *slices, size_t at)
{
    return json_array_get(slices->list, at);
}

static void slices_init(struct slices *slices, const struct run *run)
{
    const json_t *list = slices_of(run);
    size_t count = json_array_size(list);
    *slices = (struct slices){.first = allocate(run->targets.count + 1, sizeof(size_t)),
                              .next = allocate(count + 1, sizeof(size_t)),
                              .cells = allocate(count + 1, sizeof(size_t)),
                              .list = list};
    for (size_t target = 0; target < run->targets.count; target++)
        slices->first[target] = SIZE_MAX;
    for (size_t i = count; i-- > 0;) {
        const json_t *slice = json_array_get(list, i);
        size_t target = names_find(&run->targets, row_target(slice));
        slices->cells[i] = names_find(&run->cells, run_text(slice, NULL, "cell"));
        slices->next[i] = target != SIZE_MAX ? slices->first[target] : SIZE_MAX;
        if (target != SIZE_MAX)
            slices->first[target] = i;
    }
}

static void slices_release(struct slices *slices)
{
    free(slices->first);
    free(slices->next);
    free(slices->cells);
}

static bool is_dropped(const json_t *slice)
{
    return json_is_string(json_object_get(slice, "dropped"));
}

static double slice_length_s(const struct run *run)
{
    double length_s = run_number(run->document->json, "plan", "slice_s");
    return length_s > 0 ? length_s : 0.1;
}

static double end_of(const struct run *run)
{
    double end_s = 0;
    list_each (slice, slices_of(run))
        end_s = fmax(end_s, run_number(slice, NULL, "start_s"));
    return end_s + slice_length_s(run);
}

static double most_of_all(const struct run *run, const char *key)
{
    double most = NAN;
    list_each (slice, slices_of(run))
        most = fmax(most, run_number(slice, NULL, key));
    return most;
}

static double most_of(const struct slices *slices, size_t target, const char *key)
{
    double most = NAN;
    for (size_t at = slices->first[target]; at != SIZE_MAX; at = slices->next[at])
        most = fmax(most, run_number(slice_of(slices, at), NULL, key));
    return most;
}

/*** Lanes ***/

/* The greatest throughput of a target in each cell in which it has slices: of the others nothing is
 * written. */
static void find_most(const struct slices *slices, size_t target, double most[])
{
    for (size_t at = slices->first[target]; at != SIZE_MAX; at = slices->next[at])
        if (slices->cells[at] != SIZE_MAX)
            most[slices->cells[at]] = NAN;
    for (size_t at = slices->first[target]; at != SIZE_MAX; at = slices->next[at]) {
        size_t cell = slices->cells[at];
        if (cell != SIZE_MAX)
            most[cell] =
                fmax(most[cell], run_number(slice_of(slices, at), NULL, "throughput_per_s"));
    }
}

struct lane {
    const char *key; /* of the slices: what their bars show */
    enum unit unit;
    const struct scale *scale;
    double slice_length_s;
};

/* What a bar stands for, said where one points at it. */
static void append_title(struct bytes *out, const struct lane *lane, const json_t *slice)
{
    char start[NUMBER_TEXT_BYTES];
    char value[NUMBER_TEXT_BYTES];
    html_print(out, "%s, at %s: %s", run_text(slice, NULL, "cell"),
               number_tick_text(start, UNIT_SECONDS, run_number(slice, NULL, "start_s")),
               number_text(value, lane->unit, run_number(slice, NULL, lane->key), NAN));
    if (lane->unit == UNIT_PER_SECOND && is_dropped(slice))
        html_print(out, ", dropped: %s", run_text(slice, NULL, "dropped"));
}

/* As high as the value of the slice against `most`; what was not measured has no bar. */
static void draw_bar(struct bytes *out, const struct lane *lane, const json_t *slice, double most)
{
    double start_s = run_number(slice, NULL, "start_s");
    double left = LANE_WIDTH * scale_place(lane->scale, start_s);
    double width = LANE_WIDTH * scale_place(lane->scale, start_s + lane->slice_length_s) - left;
    double height = LANE_HEIGHT * fmin(1, run_number(slice, NULL, lane->key) / most);
    bool is_hollow = lane->unit == UNIT_PER_SECOND && is_dropped(slice);
    if (!isfinite(left) || !(height > 0))
        return;
    bytes_print(out, "<path class=\"%s\" d=\"M%.1f %dv-%.1fh%.2fv%.1fz\"><title>",
                is_hollow ? "dropped" : "bar", left, LANE_HEIGHT, height, width, height);
    append_title(out, lane, slice);
    bytes_print(out, "</title></path>\n");
}

static void begin_lane(struct bytes *out, const char *class)
{
    bytes_print(out,
                "</span><svg class=\"%s\" width=\"100%%\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                "preserveAspectRatio=\"none\" aria-hidden=\"true\">\n",
                class, LANE_HEIGHT, LANE_WIDTH, LANE_HEIGHT);
}

static void draw_target(struct bytes *out, const struct run *run, const struct slices *slices,
                        struct lane lane, size_t target, double most[])
{
    char class[32];
    find_most(slices, target, most);
    bytes_print(out, "<div class=\"row\"><span class=\"label\">");
    html_mark(out, target);
    html_short_text(out, run->targets.texts[target], 24);
    snprintf(class, sizeof class, "s%zu", target % SERIES_STYLES);
    begin_lane(out, class);
    lane.key = "throughput_per_s";
    lane.unit = UNIT_PER_SECOND;
    for (size_t at = slices->first[target]; at != SIZE_MAX; at = slices->next[at])
        if (slices->cells[at] != SIZE_MAX)
            draw_bar(out, &lane, slice_of(slices, at), most[slices->cells[at]]);
    bytes_print(out, "</svg></div>\n");
}

static void draw_noise(struct bytes *out, const struct run *run, struct lane lane, size_t noise)
{
    double most = fmax(NOISE_LEAST, most_of_all(run, noises[noise].key));
    bytes_print(out, "<div class=\"row noise\"><span class=\"label\">%s <small>(up to ",
                noises[noise].title);
    number_append(out, UNIT_PARTS, most, most / 10);
    bytes_print(out, ")</small>");
    begin_lane(out, "others");
    lane.key = noises[noise].key;
    lane.unit = UNIT_PARTS;
    list_each (slice, slices_of(run))
        draw_bar(out, &lane, slice, most);
    bytes_print(out, "</svg></div>\n");
}

static void draw_picture(struct bytes *out, const struct run *run, const struct slices *slices)
{
    double *most = allocate(run->cells.count + 1, sizeof most[0]);
    struct scale scale;
    const struct lane lane = {.scale = &scale, .slice_length_s = slice_length_s(run)};
    scale_init(&scale, SCALE_LINEAR, 0, end_of(run));
    bytes_print(out, "<div class=\"order\" role=\"img\" aria-label=\"slices by time; the tables "
                     "below say how many of them were dropped, and why\">\n");
    for (size_t target = 0; target < run->targets.count; target++)
        if (isfinite(most_of(slices, target, "start_s")))
            draw_target(out, run, slices, lane, target, most);
    free(most);
    for (size_t noise = 0; noise < NOISES; noise++)
        if (isfinite(most_of_all(run, noises[noise].key)))
            draw_noise(out, run, lane, noise);
    bytes_print(out, "<div class=\"row axis\"><svg class=\"x\" width=\"100%%\" height=\"20\">");
    axis_labels_below(out, &scale, UNIT_SECONDS);
    bytes_print(out, "</svg></div>\n</div>\n");
}

/*** Tables ***/

static void append_target(struct bytes *out, const struct run *run, const struct slices *slices,
                          size_t target)
{
    size_t count = 0;
    size_t dropped = 0;
    for (size_t at = slices->first[target]; at != SIZE_MAX; at = slices->next[at]) {
        count++;
        dropped += is_dropped(slice_of(slices, at));
    }
    html_row_begin(out, run->targets.texts[target]);
    bytes_print(out, "<td>%zu</td><td>%zu</td>", count, dropped);
    for (size_t noise = 0; noise < NOISES; noise++)
        html_cell_number(out, UNIT_PARTS, most_of(slices, target, noises[noise].key), 0.001);
    html_row_end(out);
}

static void draw_summary(struct bytes *out, const struct run *run, const struct slices *slices)
{
    static const char *const headings[] = {
        "of", "slices", "dropped", "stolen, at most", "used by others, at most", NULL};
    html_table_begin(out, "Slices as a table", headings);
    for (size_t target = 0; target < run->targets.count; target++)
        append_target(out, run, slices, target);
    html_table_end(out);
}

static void draw_drops(struct bytes *out, const struct run *run)
{
    static const char *const headings[] = {"begun at", "of", "cell", "why", NULL};
    size_t count = 0;
    list_each (slice, slices_of(run)) {
        if (!is_dropped(slice))
            continue;
        if (count++ == 0)
            html_table_begin(out, "Dropped slices", headings);
        char text[NUMBER_TEXT_BYTES];
        html_row_begin(out, number_text(text, UNIT_SECONDS, run_number(slice, NULL, "start_s"),
                                        slice_length_s(run)));
        html_cell_text(out, row_target(slice));
        html_cell_text(out, run_text(slice, NULL, "cell"));
        html_cell_text(out, run_text(slice, NULL, "dropped"));
        html_row_end(out);
    }
    if (count > 0)
        html_table_end(out);
}

static void draw(struct bytes *out, const struct run *run)
{
    bytes_print(out, "<p>Each slice at its time, as high as its throughput against the best slice "
                     "of the same target in the same cell; hollow ones were dropped, whatever "
                     "their figures. Below, which "
                     "share of the machine its host and other processes took meanwhile.</p>\n");
    struct slices slices;
    slices_init(&slices, run);
    draw_picture(out, run, &slices);
    draw_summary(out, run, &slices);
    draw_drops(out, run);
    slices_release(&slices);
}

const struct figure figure_order = {
    .name = "order",
    .title = "The order of measurement",
    .applies = applies,
    .draw = draw,
};
