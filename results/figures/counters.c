/* What the server spends on a request: figures that depend little on the machine's mood. */
#include "results/figures/figure.h"

#include "results/page/html.h"

#include <math.h>

static const char *const counters[] = {
    "server_cpu_us_per_request", "server_syscalls_per_request",  "server_switches_per_request",
    "bytes_per_connection",      "generator_cpu_us_per_request",
};

#define COUNTERS (sizeof counters / sizeof counters[0])
#define COLUMNS  (COUNTERS + 2) /* the name before, memory behind */

static bool has_counters(const json_t *result)
{
    for (size_t i = 0; i < COUNTERS; i++)
        if (isfinite(result_metric(result, counters[i]).value))
            return true;
    return false;
}

static bool applies(const struct run *run)
{
    run_each_result (result, run->document)
        if (has_counters(result->json))
            return true;
    return false;
}

static void append_row(struct bytes *out, const char *name, const json_t *result)
{
    html_row_begin(out, name);
    for (size_t i = 0; i < COUNTERS; i++) {
        struct run_value value = result_metric(result, counters[i]);
        html_cell_noisy(out, metric_unit(counters[i]), value.value, run_value_noise(value));
    }
    html_cell_number(out, UNIT_BYTES, run_number(result, "server", "memory_bytes"), NAN);
    html_row_end(out);
}

static void draw_cell(struct bytes *out, const struct run *run, size_t cell)
{
    const char *headings[COLUMNS + 1] = {"of"};
    for (size_t i = 0; i < COUNTERS; i++)
        headings[i + 1] = metric_title(counters[i]);
    headings[COLUMNS - 1] = "memory";
    html_table_begin(out, run->cells.texts[cell], headings);
    run_each_of_cell (place, run, cell)
        append_row(out, run->targets.texts[place->target], place->result);
    html_table_end(out);
}

static void draw(struct bytes *out, const struct run *run)
{
    bytes_print(out, "<p>Counted by the kernel over the measured slices. This is where a change "
                     "of throughput or latency comes from.</p>\n");
    for (size_t cell = 0; cell < run->cells.count; cell++)
        if (!run_cell_is_of_curve(run, cell))
            draw_cell(out, run, cell);
}

const struct figure figure_counters = {
    .name = "counters",
    .title = "What a request costs the server",
    .applies = applies,
    .draw = draw,
};
