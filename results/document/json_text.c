#include "results/document/json_text.h"

#include "text/json_dump.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void export_number(struct bytes *out, double value)
{
    if (!isnan(value))
        bytes_print(out, "%.9g", value);
}

void export_change(struct bytes *out, double change)
{
    if (isnan(change))
        bytes_print(out, "–");
    else
        bytes_print(out, "%+.1f %%", fabs(change) < 0.0005 ? 0 : 100 * change);
}

char *export_finding(const struct run_comparison *comparison)
{
    struct bytes out = {0};
    bytes_print(&out, "%s: ", decision_word(comparison->verdict));
    export_change(&out, comparison->change);
    if (!isnan(comparison->low) && !isnan(comparison->high))
        bytes_print(&out, " (95 %%: %+.1f to %+.1f %%), above 0 is worse", 100 * comparison->low,
                    100 * comparison->high);
    if (comparison->verdict == DECISION_INCONCLUSIVE && !isnan(comparison->excluded))
        bytes_print(&out, "; a change for the worse above %.1f %% is excluded",
                    100 * comparison->excluded);
    if (comparison->verdict == DECISION_WORSE && !comparison->is_gated)
        bytes_print(&out, "; not a deciding metric");
    if (comparison->reason != NULL)
        sanitise_print(&out, SANITISE_STRING, "; %s", comparison->reason);
    return bytes_take_text(&out);
}

static void append_dropped(struct bytes *out, const json_t *dropped)
{
    double blocks = run_number(dropped, NULL, "blocks");
    const json_t *reasons = json_object_get(dropped, "reasons");
    if (isnan(blocks) || blocks == 0)
        return;
    bytes_print(out, "; blocks dropped: %.0f", blocks);
    for (size_t i = 0; i < json_array_size(reasons); i++)
        sanitise_print(out, SANITISE_STRING, i == 0 ? " (%s" : ", %s",
                       run_text(json_array_get(reasons, i), NULL, "reason"));
    bytes_print(out, json_array_size(reasons) > 0 ? ")" : "");
}

/* The metrics that have made the verdict: worse, and by how much, or not settled. Returns what
 * comes before the next. */
static const char *append_culprits(struct bytes *out, const struct run_document *document)
{
    enum decision verdict = document->verdict;
    const char *before = ": ";
    if (verdict != DECISION_WORSE && verdict != DECISION_INCONCLUSIVE)
        return before;
    run_each_comparison (comparison, &document->comparisons) {
        if (!comparison->is_gated || comparison->verdict != verdict)
            continue;
        sanitise_print(out, SANITISE_STRING, "%s%s", before, comparison->title);
        if (verdict == DECISION_WORSE) {
            bytes_print(out, " ");
            export_change(out, comparison->change);
        }
        before = ", ";
    }
    return before[0] == ':' ? before : "; ";
}

static void append_reason(struct bytes *out, const char *reason)
{
    const char *rest = NULL;
    const struct run_metric *metric = run_reason_metric(reason, &rest);
    sanitise_print(out, SANITISE_STRING, "%s%s", metric != NULL ? metric->title : "", rest);
}

char *export_verdict(const struct run_document *document)
{
    struct bytes out = {0};
    bytes_print(&out, "%s", decision_word(document->verdict));
    const char *before = append_culprits(&out, document);
    list_each (value, json_object_get(document->json, "reasons")) {
        const char *reason = json_string_value(value);
        if (reason == NULL || run_reason_is_listed(document, reason))
            continue;
        bytes_print(&out, "%s", before);
        append_reason(&out, reason);
        before = "; ";
    }
    append_dropped(&out, json_object_get(document->json, "dropped"));
    return bytes_take_text(&out);
}

/*** JSON ***/

json_t *export_json_text(const char *text)
{
    if (text == NULL)
        return json_null();
    struct bytes clean = {0};
    sanitise(&clean, text, strlen(text), SANITISE_JSON);
    json_t *string = json_stringn(clean.length > 0 ? bytes_front(&clean) : "", clean.length);
    bytes_release(&clean);
    return string;
}

json_t *export_json_number(double value)
{
    if (isnan(value))
        return json_null();
    if (value == floor(value) && fabs(value) < 1e15)
        return json_integer((json_int_t)value);
    return json_real(value);
}

void export_json(struct bytes *out, json_t *document, bool is_indented)
{
    json_append(out, document,
                (is_indented ? JSON_INDENT(2) : JSON_COMPACT) | JSON_REAL_PRECISION(9));
    bytes_append(out, "\n", 1);
    json_decref(document);
}

char *export_machine(const struct run_document *document)
{
    struct bytes out = {0};
    double cores = run_number(document->json, "machine", "cores");
    if (!isnan(cores))
        bytes_print(&out, "%.0f x ", cores);
    const char *model = run_text(document->json, "machine", "cpu_model");
    const char *kernel = run_text(document->json, "machine", "kernel");
    sanitise_print(&out, SANITISE_STRING, kernel != NULL ? "%s, Linux %s" : "%s",
                   model != NULL ? model : "unknown processor", kernel);
    return bytes_take_text(&out);
}
