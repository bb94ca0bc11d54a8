/* Every target in every cell at one glance; the fuller the colour, the nearer to the best of its
 * column. */
#include "results/figures/figure.h"

#include "base/memory.h"
#include "results/page/html.h"

#include <math.h>
#include <stdlib.h>

/* Steps of the colour: classes heat-0 to heat-9 of the style. */
#define HEAT_STEPS 10

struct heat {
    const char *metric;
    bool more_is_better;
};

static const struct heat heats[] = {{"throughput_per_s", true}, {"p99_ns", false}};

static size_t columns_of(const struct run *run)
{
    size_t columns = 0;
    for (size_t cell = 0; cell < run->cells.count; cell++)
        columns += !run_cell_is_of_curve(run, cell);
    return columns;
}

static bool applies(const struct run *run)
{
    return run->targets.count > 1 && columns_of(run) > 1 && !run->is_sparse;
}

/* Who leaves clients without an answer is quick to answer the others. */
static bool serves_all(const json_t *result)
{
    double asked = run_number(result, "clients", "asked");
    double served = run_number(result, "clients", "served");
    return !(served < asked);
}

/* In each cell. The caller frees. */
static double *find_best(const struct run *run, const struct heat *heat)
{
    double *best = allocate(run->cells.count + 1, sizeof best[0]);
    for (size_t cell = 0; cell < run->cells.count; cell++) {
        best[cell] = NAN;
        run_each_of_cell (place, run, cell) {
            double value = result_metric(place->result, heat->metric).value;
            if (serves_all(place->result))
                best[cell] =
                    heat->more_is_better ? fmax(best[cell], value) : fmin(best[cell], value);
        }
    }
    return best;
}

/* A cell of a wide table is far from its headings, so it says what it shows. */
static void append_title(struct bytes *out, const struct run *run, size_t target, size_t cell,
                         const struct heat *heat)
{
    html_print(out, " title=\"%s, %s: %s\"", run->targets.texts[target], run->cells.texts[cell],
               metric_title(heat->metric));
}

static void append_cell(struct bytes *out, const struct run *run, const struct heat *heat,
                        size_t target, size_t cell, double best)
{
    const json_t *result = run->places[run->begins[cell] + target].result;
    struct run_value value = result_metric(result, heat->metric);
    double ratio = heat->more_is_better ? value.value / best : best / value.value;
    bool is_compared = serves_all(result) && ratio >= 0 && ratio <= 1;
    bytes_print(out, "<td class=\"heat");
    if (is_compared)
        bytes_print(out, " heat-%d", (int)fmin(HEAT_STEPS - 1, ratio * HEAT_STEPS));
    bytes_print(out, "\"");
    append_title(out, run, target, cell, heat);
    bytes_print(out, ">");
    number_append(out, metric_unit(heat->metric), value.value, run_value_noise(value));
    if (!serves_all(result))
        bytes_print(out, "<br/><small>%.0f of %.0f served</small>",
                    run_number(result, "clients", "served"),
                    run_number(result, "clients", "asked"));
    bytes_print(out, "</td>");
}

static void append_row(struct bytes *out, const struct run *run, const struct heat *heat,
                       size_t target, const double best[])
{
    html_row_begin(out, run->targets.texts[target]);
    for (size_t cell = 0; cell < run->cells.count; cell++)
        if (!run_cell_is_of_curve(run, cell))
            append_cell(out, run, heat, target, cell, best[cell]);
    html_row_end(out);
}

static void draw_heat(struct bytes *out, const struct run *run, const struct heat *heat)
{
    const char **headings = allocate(run->cells.count + 2, sizeof headings[0]);
    double *best = find_best(run, heat);
    size_t count = 0;
    headings[count++] = metric_title(heat->metric);
    for (size_t cell = 0; cell < run->cells.count; cell++)
        if (!run_cell_is_of_curve(run, cell))
            headings[count++] = run->cells.texts[cell];
    html_table_begin(out, metric_title(heat->metric), headings);
    for (size_t target = 0; target < run->targets.count; target++)
        append_row(out, run, heat, target, best);
    html_table_end(out);
    free(best);
    free(headings);
}

static void draw(struct bytes *out, const struct run *run)
{
    bytes_print(out, "<p>Medians over the rounds. The fuller a colour, the nearer to the best of "
                     "its column; who left clients without an answer has none.</p>\n");
    for (size_t i = 0; i < sizeof heats / sizeof heats[0]; i++)
        draw_heat(out, run, &heats[i]);
}

const struct figure figure_heat = {
    .name = "heat",
    .title = "All at one glance",
    .applies = applies,
    .draw = draw,
};
