/* Bencher's own format (BMF): benchmark → measure → {value, lower_value, upper_value}. The measures
 * "latency" (in ns) and "throughput" are there in every project, the others come into being when
 * they are first sent. A name has at most 1024 characters.
 *
 * Of a compare the new side stands here with its figures, and each comparison as a measure of its
 * own, "throughput-change": that one was measured against the base on the same machine at the same
 * time, with its interval of 95 %, and can be given a threshold without a history. */
#include "results/document/json_text.h"
#include "results/export/exporter.h"

#include "base/memory.h"
#include "text/printable.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAME_CHARACTERS_MAX 1024

static json_t *measure_of(double value, double low, double high)
{
    return json_pack("{s:o, s:o*, s:o*}", "value", export_json_number(value), //
                     "lower_value", isnan(low) ? NULL : export_json_number(low), "upper_value",
                     isnan(high) ? NULL : export_json_number(high));
}

static void add(json_t *benchmarks, const char *label, json_t *measures)
{
    json_t *name =
        json_stringn(label, printable_prefix_bytes(label, strlen(label), NAME_CHARACTERS_MAX));
    if (json_object_size(measures) > 0)
        json_object_set(benchmarks, json_string_value(name), measures);
    json_decref(measures);
    json_decref(name);
}

static json_t *measures_of(const struct run_result *result)
{
    json_t *measures = json_object();
    run_each_metric (metric) {
        struct run_value value = run_result_value(result, metric);
        if (!isnan(value.value))
            json_object_set_new(measures, metric->slug,
                                measure_of(value.value, value.low, value.high));
    }
    return measures;
}

/* Of every server, also of one without figures. A threshold below the number of clients finds the
 * one that leaves some unserved, and one below 1 the one that got into trouble. */
static void add_standing(json_t *measures, const struct run_result *result)
{
    double served = run_number(result->json, "clients", "served");
    if (!isnan(served))
        json_object_set_new(measures, "clients-served", measure_of(served, NAN, NAN));
    json_object_set_new(measures, "in-trouble",
                        measure_of(run_result_is_usable(result) ? 0 : 1, NAN, NAN));
}

static json_t *changes_of(const struct run_document *document)
{
    json_t *measures = json_object();
    run_each_comparison (comparison, &document->comparisons) {
        if (comparison->metric == NULL || isnan(comparison->change))
            continue;
        char *slug = text_of("%s-change", comparison->metric->slug);
        json_object_set_new(measures, slug,
                            measure_of(comparison->change, comparison->low, comparison->high));
        free(slug);
    }
    return measures;
}

static void render(const struct run_document *document, struct bytes *out)
{
    json_t *benchmarks = json_object();
    run_each_result (result, document) {
        bool is_ours = result->side == SIDE_NONE || result->side == SIDE_NEW;
        if (!is_ours)
            continue;
        json_t *measures = run_result_is_usable(result) ? measures_of(result) : json_object();
        add_standing(measures, result);
        add(benchmarks, result->label, measures);
    }
    if (document->kind == RUN_COMPARE)
        add(benchmarks, "new against base", changes_of(document));
    if (json_object_size(benchmarks) > 0)
        export_json(out, json_incref(benchmarks), true);
    json_decref(benchmarks);
}

const struct exporter export_bencher = {
    .name = "bencher",
    .summary = "Bencher Metric Format",
    .files = {{NULL, render}},
};
