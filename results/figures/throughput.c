/* How throughput goes with the number of clients. */
#include "results/figures/figure.h"

#include "base/memory.h"
#include "results/page/chart_lines_table.h"

#include <math.h>
#include <stdlib.h>

struct step {
    double clients;
    size_t cell;
};

static int compare_steps(const void *left, const void *right)
{
    const struct step *one = left;
    const struct step *other = right;
    if (one->clients != other->clients)
        return one->clients < other->clients ? -1 : 1;
    return one->cell < other->cell ? -1 : 1;
}

/* The first cell of each number of clients, by ascending clients: cells may differ in something
 * else. The caller frees. */
static struct step *find_steps(const struct run *run, size_t *count)
{
    struct step *steps = allocate(run->cells.count + 1, sizeof steps[0]);
    size_t all = 0;
    for (size_t cell = 0; cell < run->cells.count; cell++)
        if (isfinite(run_clients(run, cell)) && !run_cell_is_of_curve(run, cell))
            steps[all++] = (struct step){run_clients(run, cell), cell};
    qsort(steps, all, sizeof steps[0], compare_steps);
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (*count == 0 || steps[i].clients > steps[*count - 1].clients)
            steps[(*count)++] = steps[i];
    return steps;
}

static bool applies(const struct run *run)
{
    size_t distinct = 0;
    free(find_steps(run, &distinct));
    return distinct > 1;
}

static void add_points(struct line_chart *chart, const struct run *run, const struct step *step)
{
    run_each_of_cell (place, run, step->cell) {
        struct run_value value = result_metric(place->result, "throughput_per_s");
        chart_add_point(&chart->series[place->target],
                        (struct chart_point){step->clients, value.value, value.low, value.high});
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
        chart_add_series(&chart, run->targets.texts[target], target);
    size_t count = 0;
    struct step *steps = find_steps(run, &count);
    for (size_t i = 0; i < count; i++)
        add_points(&chart, run, &steps[i]);
    free(steps);
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
