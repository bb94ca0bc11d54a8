/* How throughput goes with the number of clients. */
#include "results/figures/figure.h"

#include "results/page/chart_lines_table.h"

#include <math.h>

/* Is this the first cell of so many clients? Cells may differ in something else. */
static bool is_first_of_clients(const struct run *run, size_t cell)
{
    for (size_t before = 0; before < cell; before++)
        if (run_clients(run, before) == run_clients(run, cell) &&
            !run_cell_is_of_curve(run, before))
            return false;
    return isfinite(run_clients(run, cell)) && !run_cell_is_of_curve(run, cell);
}

static bool applies(const struct run *run)
{
    size_t distinct = 0;
    for (size_t cell = 0; cell < run->cells.count; cell++)
        distinct += is_first_of_clients(run, cell);
    return distinct > 1;
}

/* By ascending clients, as a line wants them; cells stand in the order of the plan. */
static void add_points(struct chart_series *series, const struct run *run, size_t target)
{
    double last = -INFINITY;
    for (size_t done = 0; done < run->cells.count; done++) {
        size_t next = run->cells.count;
        for (size_t cell = 0; cell < run->cells.count; cell++)
            if (run_clients(run, cell) > last && is_first_of_clients(run, cell) &&
                (next == run->cells.count || run_clients(run, cell) < run_clients(run, next)))
                next = cell;
        if (next == run->cells.count)
            return;
        struct run_value value =
            result_metric(run_find_result(run, target, next), "throughput_per_s");
        last = run_clients(run, next);
        chart_add_point(series, (struct chart_point){last, value.value, value.low, value.high});
    }
}

static void draw(struct bytes *out, const struct run *run)
{
    struct line_chart chart = {
        .x = {.title = "clients", .kind = SCALE_LOG, .unit = UNIT_COUNT},
        .y = {.title = "requests per second",
              .kind = SCALE_LINEAR,
              .unit = UNIT_PER_SECOND,
              .has_zero = true},
    };
    for (size_t target = 0; target < run->targets.count; target++)
        add_points(chart_add_series(&chart, run->targets.texts[target], target), run, target);
    bytes_print(out, "<p>Medians over the rounds; the bands lie between the quartiles.</p>\n");
    chart_draw(out, &chart);
    chart_table(out, &chart);
    chart_release(&chart);
}

const struct figure figure_throughput = {
    .name = "throughput",
    .title = "More clients",
    .applies = applies,
    .draw = draw,
};
