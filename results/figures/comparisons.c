/* The changes between two servers, with what could be told of each. */
#include "results/figures/figure.h"

#include "base/memory.h"
#include "results/page/chart_forest.h"
#include "results/page/html.h"

#include <math.h>
#include <stdlib.h>

static bool applies(const struct run *run)
{
    return run->document->comparisons.count > 0;
}

/*** Picture ***/

static void add_rows(struct forest_row *rows, const struct run_comparisons *comparisons,
                     const char *before)
{
    run_each_comparison (comparison, comparisons)
        *rows++ = (struct forest_row){
            .label = text_of("%s%s", before, comparison->title),
            .verdict = decision_word(comparison->verdict),
            .change = comparison->change,
            .low = comparison->low,
            .high = comparison->high,
        };
}

static void draw_picture(struct bytes *out, const struct run *run)
{
    const json_t *plan = json_object_get(run->document->json, "plan");
    const struct run_comparisons *comparisons = &run->document->comparisons;
    const struct run_comparisons *controls = &run->document->controls;
    size_t count = comparisons->count + controls->count;
    struct forest_row *rows = allocate(count, sizeof rows[0]);
    add_rows(rows, comparisons, "");
    add_rows(rows + comparisons->count, controls, "control: ");
    forest_draw(out, &(struct forest){
                         .name = "changes with their intervals; the table below has the same",
                         .rows = rows,
                         .count = count,
                         .inner_band = fmax(0, run_number(plan, NULL, "indifference")),
                         .outer_band = fmax(0, run_number(plan, NULL, "must_catch")),
                     });
    while (count > 0)
        free((char *)rows[--count].label);
    free(rows);
}

/*** Table ***/

static void append_row(struct bytes *out, const struct run_comparison *comparison, const char *kind)
{
    enum unit unit = metric_unit(comparison->name);
    double noise = (comparison->high - comparison->low) / 2;
    html_row_begin(out, comparison->title);
    bytes_print(out, "<td class=\"words\">%s%s</td>", kind, comparison->is_exact ? ", exact" : "");
    html_cell_number(out, unit, comparison->base, comparison->base * noise);
    html_cell_number(out, unit, comparison->new, comparison->base * noise);
    html_cell_change(out, comparison->change, noise);
    html_cell_interval(out, comparison->low, comparison->high);
    html_cell_change(out, comparison->excluded, noise);
    html_cell_text(out, decision_word(comparison->verdict));
    html_cell_text(out, comparison->reason);
    html_row_end(out);
}

static void draw_table(struct bytes *out, const struct run *run)
{
    static const char *const headings[] = {"metric", "kind",     "base",           "new",
                                           "change", "interval", "worse excluded", "verdict",
                                           "reason", NULL};
    html_table_begin(out, "Comparisons as a table", headings);
    run_each_comparison (comparison, &run->document->comparisons)
        append_row(out, comparison, comparison->is_gated ? "decides" : "for information");
    run_each_comparison (control, &run->document->controls)
        append_row(out, control, "control");
    html_table_end(out);
}

static void draw(struct bytes *out, const struct run *run)
{
    const json_t *plan = json_object_get(run->document->json, "plan");
    if (json_is_true(json_object_get(plan, "counted")))
        bytes_print(out, "<p>By how much the new server is worse than the base, from the least to "
                         "the largest change in any layout of memory, counted. What lies beyond "
                         "the outer band must not be missed.</p>\n");
    else
        bytes_print(out, "<p>By how much the new server is worse than the base, with intervals of "
                         "95 %%. Within the inner band nothing is called a change; what lies "
                         "beyond the outer one must not be missed. A control is the base against "
                         "a second copy of itself.</p>\n");
    draw_picture(out, run);
    draw_table(out, run);
}

const struct figure figure_comparisons = {
    .name = "comparisons",
    .title = "What has changed",
    .applies = applies,
    .draw = draw,
};
