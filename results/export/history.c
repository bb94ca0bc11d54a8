/* A line of JSON for a file that grows by one with each run, as one is kept in git: when, what was
 * run, where it was run (with a fingerprint, so that lines of unlike machines are told apart
 * without reading them), and what it has come to.
 *
 * Absolute figures of different times say little, so that the change against the reference of the
 * same run stands beside them, as do the counters, which hardly depend on the machine's mood. */
#include "results/document/json_text.h"
#include "results/export/exporter.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA_HISTORY "proctor.history/1"

/* FNV-1a, 64 bits. */
static uint64_t fold(uint64_t hash, const char *text)
{
    for (const char *at = text != NULL ? text : "?"; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 0x100000001B3;
    return (hash ^ '\n') * 0x100000001B3;
}

static json_t *fingerprint_of(const json_t *document)
{
    uint64_t hash = 0xCBF29CE484222325;
    hash = fold(hash, run_text(document, "machine", "cpu_model"));
    hash = fold(hash, run_text(document, "machine", "kernel"));
    hash = fold(hash, run_text(document, "machine", "architecture"));
    double cores = run_number(document, "machine", "cores");
    hash = (hash ^ (isnan(cores) ? 0 : (uint64_t)cores)) * 0x100000001B3;
    return json_sprintf("%016" PRIx64, hash);
}

static json_t *describe_machine(const json_t *document)
{
    return json_pack("{s:o, s:o, s:o, s:o}",                                                    //
                     "cpu_model", export_json_text(run_text(document, "machine", "cpu_model")), //
                     "cores", export_json_number(run_number(document, "machine", "cores")),     //
                     "kernel", export_json_text(run_text(document, "machine", "kernel")),       //
                     "architecture",
                     export_json_text(run_text(document, "machine", "architecture")));
}

/* Has anything been compared with the reference? */
static bool has_changes(const json_t *ranking)
{
    list_each (target, json_object_get(ranking, "targets"))
        if (!isnan(run_number(target, NULL, "change")))
            return true;
    return false;
}

/* The first that a document says is the one that counts. */
static void add_change(json_t *changes, const char *target, const char *cell, double change)
{
    char *key = target != NULL ? run_pair_name(target, cell) : NULL;
    if (key != NULL && json_object_get(changes, key) == NULL)
        json_object_set_new(changes, key, export_json_number(change));
    free(key);
}

/* The shares by which throughputs are worse than the reference's, as ranked in the run, by
 * run_pair_name(). */
static json_t *collect_changes(const struct run_document *document)
{
    json_t *changes = json_object();
    list_each (ranking, json_object_get(document->json, "rankings")) {
        const char *cell = run_text(ranking, NULL, "cell");
        if (strcmp(run_text(ranking, NULL, "metric"), "throughput_per_s") != 0)
            continue;
        add_change(changes, run_text(ranking, NULL, "reference"), cell,
                   has_changes(ranking) ? 0 : NAN);
        list_each (target, json_object_get(ranking, "targets"))
            add_change(changes, run_text(target, NULL, "target"), cell,
                       run_number(target, NULL, "change"));
    }
    return changes;
}

static json_t *change_of(const json_t *changes, const struct run_result *result)
{
    char *key = run_pair_name(result->target, result->cell);
    json_t *change = json_object_get(changes, key);
    free(key);
    return change != NULL ? json_incref(change) : json_null();
}

static json_t *describe_result(const struct run_document *document, const json_t *changes,
                               const struct run_result *result)
{
    json_t *described = json_pack("{s:o, s:o}", "target", export_json_text(result->target), //
                                  "cell", export_json_text(result->cell));
    if (result->side != SIDE_NONE)
        json_object_set_new(described, "side", json_string(side_name(result->side)));
    if (result->trouble != NULL)
        json_object_set_new(described, "trouble", export_json_text(result->trouble));
    if (!run_result_is_usable(result))
        return described;
    if (document->kind == RUN_BENCH)
        json_object_set_new(described, "change", change_of(changes, result));
    run_each_metric (metric)
        json_object_set_new(described, metric->name,
                            export_json_number(run_result_value(result, metric).value));
    return described;
}

static json_t *describe_comparison(const struct run_comparison *comparison)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:s}",                      //
                     "metric", export_json_text(comparison->name),     //
                     "change", export_json_number(comparison->change), //
                     "low", export_json_number(comparison->low),       //
                     "high", export_json_number(comparison->high),     //
                     "verdict", decision_word(comparison->verdict));
}

static void add_comparisons(json_t *line, const struct run_document *document)
{
    json_t *list = json_array();
    run_each_comparison (comparison, &document->comparisons)
        json_array_append_new(list, describe_comparison(comparison));
    json_object_set_new(line, "verdict", json_string(decision_word(document->verdict)));
    json_object_set_new(line, "comparisons", list);
}

static void render(const struct run_document *document, struct bytes *out)
{
    const json_t *json = document->json;
    json_t *line =
        json_pack("{s:s, s:o, s:s, s:{s:o, s:o}, s:o, s:o, s:o}",                         //
                  "schema", SCHEMA_HISTORY,                                               //
                  "time", export_json_text(run_text(json, NULL, "time")),                 //
                  "command", run_kind_names[document->kind],                              //
                  "tool", "version", export_json_text(run_text(json, "tool", "version")), //
                  "commit", export_json_text(run_text(json, "tool", "commit")),           //
                  "fingerprint", fingerprint_of(json),                                    //
                  "machine", describe_machine(json),                                      //
                  "seed", export_json_number(run_number(json, NULL, "seed")));
    if (document->kind == RUN_COMPARE)
        add_comparisons(line, document);
    json_t *results = json_array();
    json_t *changes = collect_changes(document);
    run_each_result (result, document)
        json_array_append_new(results, describe_result(document, changes, result));
    json_decref(changes);
    json_object_set_new(line, "results", results);
    export_json(out, line, false);
}

const struct exporter export_history = {
    .name = "history",
    .summary = "a line of JSON; --output appends it to a file that is kept, as in git",
    .is_appended = true,
    .files = {{NULL, render}},
};
