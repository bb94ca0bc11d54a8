/* The changes between two servers, with what could be told of each. */
#include "results/figures/figure.h"

#include "base/memory.h"
#include "results/page/chart_forest.h"
#include "results/page/html.h"

#include <math.h>
#include <stdlib.h>

static const json_t *comparisons_of(const struct run *run, const char *key)
{
    return json_object_get(run->document, key);
}

static bool applies(const struct run *run)
{
    return json_array_size(comparisons_of(run, "comparisons")) > 0;
}

/*** Picture ***/

/* The caller frees the label. */
static struct forest_row row_of(const json_t *comparison, const char *before)
{
    const char *title = metric_title(run_text(comparison, NULL, "metric"));
    return (struct forest_row){
        .label = text_of("%s%s", before, title != NULL ? title : "unnamed"),
        .verdict = run_text(comparison, NULL, "verdict"),
        .change = run_number(comparison, NULL, "change"),
        .low = run_number(comparison, NULL, "low"),
        .high = run_number(comparison, NULL, "high"),
    };
}

static void draw_picture(struct bytes *out, const struct run *run)
{
    size_t i = 0;
    size_t count = 0;
    const json_t *comparison = NULL;
    const json_t *plan = json_object_get(run->document, "plan");
    const json_t *comparisons = comparisons_of(run, "comparisons");
    const json_t *controls = comparisons_of(run, "controls");
    struct forest_row *rows =
        allocate(json_array_size(comparisons) + json_array_size(controls), sizeof rows[0]);
    json_array_foreach (comparisons, i, comparison)
        rows[count++] = row_of(comparison, "");
    json_array_foreach (controls, i, comparison)
        rows[count++] = row_of(comparison, "control: ");
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

static void append_row(struct bytes *out, const json_t *comparison, const char *kind)
{
    const char *metric = run_text(comparison, NULL, "metric");
    double low = run_number(comparison, NULL, "low");
    double high = run_number(comparison, NULL, "high");
    double base = run_number(comparison, NULL, "base");
    double noise = (high - low) / 2;
    html_row_begin(out, metric_title(metric));
    bytes_print(out, "<td class=\"words\">%s%s</td><td>", kind,
                json_is_true(json_object_get(comparison, "exact")) ? ", exact" : "");
    number_append(out, metric_unit(metric), base, base * noise);
    bytes_print(out, "</td><td>");
    number_append(out, metric_unit(metric), run_number(comparison, NULL, "new"), base * noise);
    bytes_print(out, "</td><td>");
    number_append_change(out, run_number(comparison, NULL, "change"), noise);
    bytes_print(out, "</td><td>");
    number_append_interval(out, low, high);
    bytes_print(out, "</td><td>");
    number_append_change(out, run_number(comparison, NULL, "excluded"), noise);
    bytes_print(out, "</td>");
    html_cell_text(out, run_text(comparison, NULL, "verdict"));
    html_cell_text(out, run_text(comparison, NULL, "reason"));
    html_row_end(out);
}

static void draw_table(struct bytes *out, const struct run *run)
{
    static const char *const headings[] = {"metric", "kind",     "base",           "new",
                                           "change", "interval", "worse excluded", "verdict",
                                           "reason"};
    size_t i = 0;
    const json_t *comparison = NULL;
    html_table_begin(out, "Comparisons as a table", headings, sizeof headings / sizeof headings[0]);
    json_array_foreach (comparisons_of(run, "comparisons"), i, comparison) {
        bool is_gated = json_is_true(json_object_get(comparison, "gated"));
        append_row(out, comparison, is_gated ? "decides" : "for information");
    }
    json_array_foreach (comparisons_of(run, "controls"), i, comparison)
        append_row(out, comparison, "control");
    html_table_end(out);
}

static void draw(struct bytes *out, const struct run *run)
{
    bytes_print(out, "<p>By how much the new server is worse than the base, with intervals of "
                     "95 %%. Within the inner band nothing is called a change; what lies beyond "
                     "the outer one must not be missed. A control is the base against a second "
                     "copy of itself.</p>\n");
    draw_picture(out, run);
    draw_table(out, run);
}

const struct figure figure_comparisons = {
    .name = "comparisons",
    .title = "What has changed",
    .applies = applies,
    .draw = draw,
};
