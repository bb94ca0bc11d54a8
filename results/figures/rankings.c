/* The targets of a cell against one of them, measured in the same rounds. */
#include "results/figures/figure.h"

#include "base/memory.h"
#include "results/page/chart_forest.h"
#include "results/page/html.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const json_t *rankings_of(const struct run *run)
{
    return json_object_get(run->document->json, "rankings");
}

/* With a single target there is nothing to compare. */
static bool applies(const struct run *run)
{
    list_each (ranking, rankings_of(run))
        if (json_array_size(json_object_get(ranking, "targets")) > 0)
            return true;
    return false;
}

static const char *note_of(const struct name_index *best, const char *target, const char *otherwise)
{
    if (name_index_find(best, target) == SIZE_MAX)
        return otherwise;
    return json_object_size(best->numbers) > 1 ? "tied best" : "best";
}

static struct forest_row row_of(const struct run *run, const struct name_index *best,
                                const json_t *target)
{
    const char *name = run_text(target, NULL, "target");
    return (struct forest_row){
        .label = name,
        .series = names_find(&run->targets, name),
        .note = note_of(best, name, NULL),
        .change = run_number(target, NULL, "change"),
        .low = run_number(target, NULL, "low"),
        .high = run_number(target, NULL, "high"),
    };
}

static int compare_rows(const void *left, const void *right)
{
    double difference =
        ((const struct forest_row *)left)->change - ((const struct forest_row *)right)->change;
    return difference < 0 ? -1 : difference > 0;
}

/* The best first, the reference among them. The caller frees. */
static struct forest_row *rows_of(const struct run *run, const json_t *ranking, size_t *count)
{
    const json_t *targets = json_object_get(ranking, "targets");
    const char *reference = run_text(ranking, NULL, "reference");
    struct forest_row *rows = allocate(json_array_size(targets) + 1, sizeof rows[0]);
    struct name_index best = {0};
    list_each (name, json_object_get(ranking, "best"))
        if (json_is_string(name))
            name_index_add(&best, json_string_value(name), 0);
    *count = 0;
    list_each (target, targets) {
        struct forest_row row = row_of(run, &best, target);
        if (isfinite(row.change) && row.label != NULL &&
            (reference == NULL || strcmp(row.label, reference) != 0))
            rows[(*count)++] = row;
    }
    bool has_others = *count > 0;
    if (reference != NULL)
        rows[(*count)++] = (struct forest_row){
            .label = reference,
            .series = names_find(&run->targets, reference),
            .note = note_of(&best, reference, "reference"),
            .change = has_others ? 0 : NAN,
            .low = NAN,
            .high = NAN,
        };
    name_index_release(&best);
    qsort(rows, *count, sizeof rows[0], compare_rows);
    return rows;
}

static void append_table(struct bytes *out, const struct forest_row *rows, size_t count,
                         const char *metric)
{
    static const char *const headings[] = {"target", "worse by", "interval", "standing", NULL};
    char *summary = text_of("%s as a table", metric_title(metric));
    html_table_begin(out, summary, headings);
    for (size_t i = 0; i < count; i++) {
        double noise = (rows[i].high - rows[i].low) / 2;
        html_row_begin(out, rows[i].label);
        html_cell_change(out, rows[i].change, noise);
        html_cell_interval(out, rows[i].low, rows[i].high);
        html_cell_text(out, rows[i].note);
        html_row_end(out);
    }
    html_table_end(out);
    free(summary);
}

static void append_about(struct bytes *out, const json_t *ranking)
{
    char text[NUMBER_TEXT_BYTES];
    double p = run_number(ranking, NULL, "friedman_p");
    double starts = run_number(ranking, NULL, "repetitions");
    double confidence = run_number(ranking, NULL, "confidence");
    html_print(out, "<p class=\"about\">Against %s", run_text(ranking, NULL, "reference"));
    if (isfinite(starts))
        bytes_print(out, ", in %.0f starts of each", starts);
    if (isfinite(confidence))
        bytes_print(out,
                    run_ranking_has_confidence(ranking)
                        ? ", with intervals that hold all together in %s of runs"
                        : ", too few for intervals of %s: those below are a hint",
                    number_tick_text(text, UNIT_PARTS, confidence));
    bytes_print(out, ".");
    if (p < 0.0001)
        bytes_print(out, " Friedman's test: p &lt; 0.0001.");
    else if (isfinite(p))
        bytes_print(out, " Friedman's test: p = %.4f.", p);
    bytes_print(out, "</p>\n");
}

static void draw_ranking(struct bytes *out, const struct run *run, const json_t *ranking)
{
    size_t count = 0;
    const char *metric = run_text(ranking, NULL, "metric");
    struct forest_row *rows = rows_of(run, ranking, &count);
    html_print(out, "<h4>%s: %s</h4>\n", run_text(ranking, NULL, "cell"), metric_title(metric));
    append_about(out, ranking);
    forest_draw(out, &(struct forest){
                         .name = "differences with their intervals; the table below has the same",
                         .rows = rows,
                         .count = count,
                     });
    append_table(out, rows, count, metric);
    free(rows);
}

static void draw(struct bytes *out, const struct run *run)
{
    bytes_print(out, "<p>By how much each is worse than the reference, which was loaded in the "
                     "same rounds. Those called best cannot be told apart from the best of "
                     "all.</p>\n");
    list_each (ranking, rankings_of(run))
        if (json_array_size(json_object_get(ranking, "targets")) > 0)
            draw_ranking(out, run, ranking);
}

const struct figure figure_rankings = {
    .name = "rankings",
    .title = "Which server is better",
    .applies = applies,
    .draw = draw,
};
