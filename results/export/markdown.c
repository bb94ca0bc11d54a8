/* A summary in GitHub's Markdown, for the page of a job or a comment on a pull request. Whoever
 * reads only the first ten lines has the verdict, what has changed, and what had trouble; the
 * tables follow. Over 1 MiB GitHub shows nothing of it, so that the tables end before. */
#include "results/document/json_text.h"
#include "results/export/exporter.h"
#include "text/name_index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_BYTES_MAX ((size_t)800 * 1000)
#define TROUBLES_MAX    5
#define DOUBTS_MAX      2

static void append_value(struct bytes *out, const struct run_metric *metric, double value)
{
    char text[RUN_METRIC_TEXT_BYTES];
    if (metric != NULL)
        bytes_print(out, " %s |", run_metric_text(metric, value, text));
    else
        bytes_print(out, isnan(value) ? " – |" : " %.4g |", value);
}

/*** Comparisons ***/

static const char *mark_of(enum decision verdict)
{
    static const char *const marks[] = {
        [DECISION_SAME] = "✓ same",
        [DECISION_WORSE] = "✗ **worse**",
        [DECISION_BETTER] = "▲ better",
        [DECISION_INCONCLUSIVE] = "? inconclusive",
    };
    return marks[verdict];
}

static void append_changed(struct bytes *out, const struct run_document *document)
{
    run_each_comparison (comparison, &document->comparisons) {
        if (!comparison->is_gated || comparison->verdict == DECISION_SAME)
            continue;
        bytes_print(out, "- %s: ", mark_of(comparison->verdict));
        sanitise_print(out, SANITISE_MARKDOWN, "%s ", comparison->title);
        export_change(out, comparison->change);
        if (!isnan(comparison->low) && !isnan(comparison->high))
            bytes_print(out, " (95 %%: %+.1f to %+.1f %%)", 100 * comparison->low,
                        100 * comparison->high);
        if (comparison->verdict == DECISION_INCONCLUSIVE && !isnan(comparison->excluded))
            bytes_print(out, "; more than %+.1f %% is excluded", 100 * comparison->excluded);
        bytes_print(out, "\n");
    }
}

static void append_comparison(struct bytes *out, const struct run_comparison *comparison)
{
    sanitise_print(out, SANITISE_MARKDOWN, "| %s", comparison->title);
    bytes_print(out, "%s |", comparison->is_gated ? "" : " (does not decide)");
    append_value(out, comparison->metric, comparison->base);
    append_value(out, comparison->metric, comparison->new);
    bytes_print(out, " ");
    export_change(out, comparison->change);
    bytes_print(out, " | ");
    if (!isnan(comparison->low) && !isnan(comparison->high))
        bytes_print(out, "%+.1f to %+.1f %%", 100 * comparison->low, 100 * comparison->high);
    bytes_print(out, " | %s |\n", mark_of(comparison->verdict));
}

static void append_comparisons(struct bytes *out, const struct run_document *document)
{
    bytes_print(out, "\n| metric | base | new | change (above 0 is worse) | 95 %% | verdict |\n"
                     "|:--|--:|--:|--:|--:|:--|\n");
    run_each_comparison (comparison, &document->comparisons)
        append_comparison(out, comparison);
}

static void append_headline_of_compare(struct bytes *out, const struct run_document *document)
{
    bytes_print(out, "## proctor compare: %s\n\n", mark_of(document->verdict));
    sanitise_print(out, SANITISE_MARKDOWN, "new: %s against base: %s",
                   run_text(document->json, "plan", "new"),
                   run_text(document->json, "plan", "base"));
    if (document->result_count > 0)
        sanitise_print(out, SANITISE_MARKDOWN, ", %s", document->results[0].cell);
    char *verdict = export_verdict(document);
    sanitise_print(out, SANITISE_MARKDOWN, "\n\n%s\n\n", verdict);
    free(verdict);
}

/*** Results ***/

static void append_trouble(struct bytes *out, const struct run_document *document)
{
    size_t count = 0;
    run_each_result (result, document)
        if (result->trouble != NULL && ++count <= TROUBLES_MAX)
            sanitise_print(out, SANITISE_MARKDOWN, "- ✗ **trouble**: %s: %s\n", result->label,
                           result->trouble);
    if (count > TROUBLES_MAX)
        bytes_print(out, "- %zu more had trouble\n", count - TROUBLES_MAX);
}

static void append_doubts(struct bytes *out, const struct run_document *document)
{
    size_t count = 0;
    run_each_result (result, document) {
        const char *validity = run_result_validity(result);
        if (result->trouble != NULL || validity == NULL || strcmp(validity, "valid") == 0 ||
            ++count > DOUBTS_MAX)
            continue;
        const json_t *reasons = run_field(result->json, "validity", "reasons");
        sanitise_print(out, SANITISE_MARKDOWN, "- figures are %s: %s: %s\n", validity,
                       result->label, json_string_value(json_array_get(reasons, 0)));
    }
    if (count > DOUBTS_MAX)
        bytes_print(out, "- %zu more have suspect figures\n", count - DOUBTS_MAX);
}

static void append_best(struct bytes *out, const struct run_document *document)
{
    const json_t *rankings = json_object_get(document->json, "rankings");
    struct name_index cells = {0};
    for (size_t i = 0; i < json_array_size(rankings); i++) {
        const json_t *ranking = json_array_get(rankings, i);
        const json_t *best = json_object_get(ranking, "best");
        const struct run_metric *metric = run_metric_find(run_text(ranking, NULL, "metric"));
        /* A cell may be ranked by several metrics; the first is what it is about. */
        bool is_first = name_index_add(&cells, run_text(ranking, NULL, "cell"), i);
        if (metric == NULL || json_array_size(best) == 0 || !is_first)
            continue;
        sanitise_print(out, SANITISE_MARKDOWN, "- %s", run_text(ranking, NULL, "cell"));
        bytes_print(out, ", %s: %s: ", metric->title,
                    json_array_size(best) == 1 ? "best" : "best, and not told apart");
        for (size_t j = 0; j < json_array_size(best); j++)
            sanitise_print(out, SANITISE_MARKDOWN, j == 0 ? "**%s**" : ", **%s**",
                           json_string_value(json_array_get(best, j)));
        bytes_print(out, "\n");
    }
    name_index_release(&cells);
}

static void append_headline_of_runs(struct bytes *out, const struct run_document *document)
{
    size_t troubles = 0;
    run_each_result (result, document)
        troubles += result->trouble != NULL;
    bytes_print(out, "## proctor %s: ", run_kind_names[document->kind]);
    if (document->kind == RUN_LOAD && document->result_count > 0)
        sanitise_print(out, SANITISE_MARKDOWN, "%s", document->results[0].label);
    else
        bytes_print(out, "%zu results", document->result_count);
    if (troubles > 0)
        bytes_print(out, ", %zu in trouble", troubles);
    bytes_print(out, "\n\n");
}

/* What a table has room for. */
static const char *const shown[] = {
    "throughput_per_s",
    "p50_ns",
    "p99_ns",
    "server_cpu_us_per_request",
    "server_syscalls_per_request",
};

#define SHOWN (sizeof shown / sizeof shown[0])

static void append_result(struct bytes *out, const struct run_result *result)
{
    const char *validity = run_result_validity(result);
    const char *side = side_name(result->side);
    sanitise_print(out, SANITISE_MARKDOWN, "| %s | %s |", result->cell,
                   side != NULL ? side : result->target);
    for (size_t i = 0; i < SHOWN; i++) {
        const struct run_metric *metric = run_metric_find(shown[i]);
        append_value(out, metric,
                     run_result_is_usable(result) ? run_result_value(result, metric).value : NAN);
    }
    bytes_print(out, " %s |\n",
                result->trouble != NULL ? "trouble"
                : validity != NULL      ? validity
                                        : "");
}

static void append_results(struct bytes *out, const struct run_document *document)
{
    size_t left_out = 0;
    bytes_print(out, "\n| load | server |");
    for (size_t i = 0; i < SHOWN; i++)
        bytes_print(out, " %s |", run_metric_find(shown[i])->title);
    bytes_print(out, " figures |\n|:--|:--|--:|--:|--:|--:|--:|:--|\n");
    run_each_result (result, document)
        if (out->length < TABLE_BYTES_MAX)
            append_result(out, result);
        else
            left_out++;
    if (left_out > 0)
        bytes_print(out, "\n%zu more results are omitted.\n", left_out);
}

static void append_machine(struct bytes *out, const struct run_document *document)
{
    char *machine = export_machine(document);
    sanitise_print(out, SANITISE_MARKDOWN, "\nMeasured on %s, %s", machine,
                   run_text(document->json, NULL, "time"));
    free(machine);
    if (json_is_true(json_object_get(document->json, "interrupted")))
        bytes_print(out, "; the run was interrupted");
    bytes_print(out, ".\n");
}

static void render(const struct run_document *document, struct bytes *out)
{
    if (document->kind == RUN_COMPARE)
        append_headline_of_compare(out, document);
    else
        append_headline_of_runs(out, document);
    append_trouble(out, document);
    append_changed(out, document);
    append_best(out, document);
    append_doubts(out, document);
    if (document->comparisons.count > 0)
        append_comparisons(out, document);
    append_results(out, document);
    append_machine(out, document);
}

const struct exporter export_markdown = {
    .name = "markdown",
    .summary = "a summary in GitHub's Markdown, the verdict first",
    .files = {{NULL, render}},
};
