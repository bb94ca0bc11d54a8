/* The action "github-action-benchmark", its tools customBiggerIsBetter and customSmallerIsBetter: a
 * list of {name, value, unit, range, extra}, not empty. The direction holds for a whole file, so
 * that there are two. Entries of different runs are matched by their names, so a name says what was
 * measured, and nothing that changes from one commit to the next. `range` and `extra` are shown and
 * decide nothing.
 *
 * Of a compare the new side stands here: it is what the commit has come to. */
#include "results/document/json_text.h"
#include "results/export/exporter.h"

#include <math.h>
#include <stdlib.h>

static json_t *range_of(const struct run_value *value)
{
    if (isnan(value->low) || isnan(value->high) || value->value == 0)
        return NULL;
    return json_sprintf("±%.1f%%", 50 * (value->high - value->low) / fabs(value->value));
}

static json_t *extra_of(const struct run_document *document, const struct run_result *result)
{
    char *machine = export_machine(document);
    const char *validity = run_result_validity(result);
    json_t *extra = json_sprintf(validity != NULL ? "%s\nfigures: %s" : "%s", machine, validity);
    free(machine);
    return extra;
}

static json_t *entry_of(const struct run_document *document, const struct run_result *result,
                        const struct run_metric *metric)
{
    struct run_value value = run_result_value(result, metric);
    if (isnan(value.value))
        return NULL;
    return json_pack("{s:o, s:o, s:s, s:o*, s:o}",                                 //
                     "name", json_sprintf("%s: %s", result->label, metric->title), //
                     "value", export_json_number(value.value),                     //
                     "unit", metric->unit[0] != '\0' ? metric->unit : "per request", "range",
                     range_of(&value), //
                     "extra", extra_of(document, result));
}

static void append_result(json_t *entries, const struct run_document *document,
                          const struct run_result *result, bool bigger_is_better)
{
    run_each_metric (metric) {
        json_t *entry = metric->bigger_is_better == bigger_is_better
                            ? entry_of(document, result, metric)
                            : NULL;
        if (entry != NULL)
            json_array_append_new(entries, entry);
    }
}

static void render(const struct run_document *document, struct bytes *out, bool bigger_is_better)
{
    json_t *entries = json_array();
    run_each_result (result, document) {
        bool is_ours = result->side == SIDE_NONE || result->side == SIDE_NEW;
        if (is_ours && run_result_is_usable(result))
            append_result(entries, document, result, bigger_is_better);
    }
    if (json_array_size(entries) > 0)
        export_json(out, json_incref(entries), true);
    json_decref(entries);
}

static void render_bigger(const struct run_document *document, struct bytes *out)
{
    render(document, out, true);
}

static void render_smaller(const struct run_document *document, struct bytes *out)
{
    render(document, out, false);
}

const struct exporter export_github_action_benchmark = {
    .name = "github-action-benchmark",
    .summary = "two files for the action of that name; --output names their folder",
    .files =
        {
            {"bigger-is-better.json", render_bigger},
            {"smaller-is-better.json", render_smaller},
        },
};
