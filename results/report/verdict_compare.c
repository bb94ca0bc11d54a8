#include "results/report/verdict_compare.h"

#include "results/page/html.h"
#include "results/page/words.h"
#include "text/number.h"

#include <math.h>
#include <stdbool.h>

/* "p50_ns: inconclusive" as people read it. */
static void append_reason(struct bytes *out, const char *reason)
{
    const char *rest = NULL;
    const struct run_metric *metric = run_reason_metric(reason, &rest);
    if (metric != NULL)
        html_print(out, "%s", metric->title);
    html_print(out, "%s", rest);
}

static void append_reasons(struct bytes *out, const struct run_document *document)
{
    size_t count = 0;
    list_each (reason, json_object_get(document->json, "reasons")) {
        const char *text = json_string_value(reason);
        if (text == NULL || run_reason_is_listed(document, text))
            continue;
        bytes_print(out, count++ > 0 ? "; " : "<p>Because ");
        append_reason(out, text);
    }
    if (count > 0)
        bytes_print(out, ".</p>\n");
}

static bool is_counted(const struct run_document *document)
{
    return json_is_true(run_field(document->json, "plan", "counted"));
}

static void append_change(struct bytes *out, const struct run_document *document,
                          const struct run_comparison *comparison)
{
    double noise = (comparison->high - comparison->low) / 2;
    enum unit unit = metric_unit(comparison->name);
    bool is_better = comparison->change < 0;
    char change[NUMBER_TEXT_BYTES];
    char base[NUMBER_TEXT_BYTES];
    char new[NUMBER_TEXT_BYTES];
    number_change_text(change, fabs(comparison->change), noise);
    html_print(out, "<li><b>%s</b>: %s %s", comparison->title,
               change[0] == '+' ? change + 1 : change, is_better ? "better" : "worse");
    if (noise > 0) {
        bytes_print(out, is_counted(document) ? " (in all layouts: " : " (95 %%: ");
        number_append_interval(out, is_better ? -comparison->high : comparison->low,
                               is_better ? -comparison->low : comparison->high);
        bytes_print(out, ")");
    }
    bytes_print(out, ", from %s to %s%s</li>\n",
                number_text(base, unit, comparison->base, comparison->base * noise),
                number_text(new, unit, comparison->new, comparison->base * noise),
                comparison->is_gated ? "" : " (for information)");
}

static void append_unchanged(struct bytes *out, const struct run_comparison *comparison)
{
    bool is_same = comparison->verdict == DECISION_SAME;
    html_print(out, "<li>%s", comparison->title);
    bool has_moved = comparison->is_exact && comparison->change != 0;
    bytes_print(out, !is_same                             ? ": cannot be told"
                     : comparison->is_exact && !has_moved ? ": exactly the same"
                                                          : ": the same");
    char text[NUMBER_TEXT_BYTES];
    if (is_same && has_moved)
        bytes_print(out, " (counted: %s)", number_change_text(text, comparison->change, NAN));
    if (isfinite(comparison->excluded) && !comparison->is_exact)
        bytes_print(out, "; worse by more than %s is excluded",
                    number_text(text, UNIT_PARTS, fmax(0, comparison->excluded), 0.001));
    bytes_print(out, "%s</li>\n", comparison->is_gated ? "" : " (for information)");
}

static void append_changes(struct bytes *out, const struct run_document *document)
{
    if (document->comparisons.count == 0)
        return;
    bytes_print(out, "<ul>\n");
    run_each_comparison (comparison, &document->comparisons)
        if (decision_is_change(comparison->verdict))
            append_change(out, document, comparison);
    run_each_comparison (comparison, &document->comparisons)
        if (!decision_is_change(comparison->verdict))
            append_unchanged(out, comparison);
    bytes_print(out, "</ul>\n");
}

/* What time said, where it was asked too. */
static void append_timed(struct bytes *out, const struct run_document *document)
{
    const char *verdict = run_text(document->json, "timed", "verdict");
    if (verdict != NULL)
        html_print(out, "<p>Counted: <b>%s</b>. Timed: <b>%s</b>. %s</p>\n",
                   run_text(document->json, NULL, "counted_verdict"), verdict,
                   run_text(document->json, "timed", "agreement"));
}

static void append_errors(struct bytes *out, const json_t *plan)
{
    double false_worse = run_number(plan, NULL, "false_worse");
    double false_same = run_number(plan, NULL, "false_same");
    double indifference = run_number(plan, NULL, "indifference");
    double must_catch = run_number(plan, NULL, "must_catch");
    char texts[4][NUMBER_TEXT_BYTES];
    if (isfinite(false_worse) && isfinite(false_same))
        bytes_print(
            out,
            "<p class=\"about\">How often this errs, by plan: what is worse by at most %s is "
            "called worse in %s of comparisons at most; what is worse by %s is called the "
            "same in %s at most.</p>\n",
            number_tick_text(texts[0], UNIT_PARTS, indifference),
            number_tick_text(texts[1], UNIT_PARTS, false_worse),
            number_tick_text(texts[2], UNIT_PARTS, must_catch),
            number_tick_text(texts[3], UNIT_PARTS, false_same));
}

static void append_controls(struct bytes *out, const struct run_document *document)
{
    size_t count = document->controls.count;
    size_t differing = 0;
    run_each_comparison (control, &document->controls)
        differing += decision_is_change(control->verdict);
    if (count > 0 && differing == 0)
        bytes_print(out, "<p class=\"about\">The control, a second copy of the base, was found no "
                         "different from it, as it should be.</p>\n");
    if (differing > 0)
        bytes_print(out,
                    "<p class=\"inconclusive\">The control, a second copy of the base, was "
                    "found different from it in %zu of %zu metrics: do not rely on this "
                    "run.</p>\n",
                    differing, count);
}

static void append_dropped(struct bytes *out, const json_t *dropped)
{
    size_t i = 0;
    const json_t *reason = NULL;
    double blocks = run_number(dropped, NULL, "blocks");
    if (!(blocks > 0))
        return;
    bytes_print(out,
                "<p class=\"about\">%.0f block%s dropped, without a look at the figures:", blocks,
                blocks == 1 ? " was" : "s were");
    json_array_foreach (json_object_get(dropped, "reasons"), i, reason) {
        bytes_print(out, "%s ", i > 0 ? ";" : "");
        html_print(out, "%s", run_text(reason, NULL, "reason"));
    }
    bytes_print(out, ".</p>\n");
}

void verdict_append_compare(struct bytes *out, const struct run *run)
{
    static const char *const phrases[] = {
        [DECISION_SAME] = "is as good as",
        [DECISION_WORSE] = "is worse than",
        [DECISION_BETTER] = "is better than",
        [DECISION_INCONCLUSIVE] = "could not be distinguished from",
    };
    enum decision verdict = run->document->verdict;
    const json_t *plan = json_object_get(run->document->json, "plan");
    words_begin_score(out, decision_word(verdict));
    html_print(out, "<b>%s</b>: %s %s %s</p>\n", decision_word(verdict),
               run_text(plan, NULL, "new"), phrases[verdict], run_text(plan, NULL, "base"));
    append_reasons(out, run->document);
    append_changes(out, run->document);
    append_timed(out, run->document);
    append_errors(out, plan);
    append_controls(out, run->document);
    append_dropped(out, json_object_get(run->document->json, "dropped"));
}
