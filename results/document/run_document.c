#include "results/document/run_document.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/memory.h"
#include "results/document/run_schema.h"
#include "text/sanitise.h"
#include "text/word_list.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*** Fields ***/

json_t *run_field(const json_t *object, const char *group, const char *member)
{
    const json_t *parent = group != NULL ? json_object_get(object, group) : object;
    return json_object_get(parent, member);
}

const char *run_text(const json_t *object, const char *group, const char *member)
{
    return json_string_value(run_field(object, group, member));
}

double run_number(const json_t *object, const char *group, const char *member)
{
    return value_number(run_field(object, group, member), NAN);
}

/*** Results ***/

/* Names are keys in nearly every format, so that they are made fit to be one here, once. */
char *run_clean_name(const char *name)
{
    if (name == NULL)
        return NULL;
    struct bytes clean = {0};
    sanitise(&clean, name, strlen(name), SANITISE_STRING);
    if (clean.length == 0)
        bytes_print(&clean, "(no name)");
    char *text = bytes_take_text(&clean);
    for (char *at = text; (at = strpbrk(at, "\n\t")) != NULL; at++)
        *at = ' ';
    return text;
}

char *run_pair_name(const char *one, const char *other)
{
    char *first = run_clean_name(one);
    char *second = run_clean_name(other);
    char *name = text_of("%s\n%s", first, second);
    free(first);
    free(second);
    return name;
}

char *run_cell_name(const json_t *result)
{
    const char *name = run_text(result, "cell", "name");
    double clients = run_number(result, "cell", "clients");
    if (name != NULL)
        return text_of("%s", name);
    if (isnan(clients))
        return text_of("unnamed");
    return text_of("%.0f client%s", clients, clients == 1 ? "" : "s");
}

static void read_result(struct run_result *result, const json_t *json, enum run_kind kind)
{
    char *cell = run_cell_name(json);
    *result = (struct run_result){
        .json = json,
        .target = run_clean_name(run_text(json, "target", "name")),
        .cell = run_clean_name(cell),
        .side = kind == RUN_COMPARE ? side_find(run_text(json, NULL, "side")) : SIDE_NONE,
        .is_of_load = kind == RUN_LOAD,
        .trouble = run_text(json, NULL, "trouble"),
    };
    free(cell);
    const char *side = side_name(result->side);
    result->label = text_of("%s, %s", side != NULL ? side : result->target, result->cell);
}

/* Is an entry of the list called as another one before it? */
static char *fault_of_twins(struct name_index *index, size_t place, const char *name,
                            const char *list, const char *what)
{
    if (name_index_add(index, name, place))
        return NULL;
    return text_of("%s[%zu]: has the %s and the cell of %s[%zu]", list, place, what, list,
                   name_index_find(index, name));
}

static char *fault_of_results(struct run_document *document)
{
    char *fault = NULL;
    for (size_t i = 0; i < document->result_count && fault == NULL; i++)
        fault =
            fault_of_twins(&document->labels, i, document->results[i].label, "results", "target");
    return fault;
}

/* One metric is compared once under each load. */
static char *fault_of_comparisons(struct run_comparisons *comparisons, const char *list)
{
    char *fault = NULL;
    for (size_t i = 0; i < comparisons->count && fault == NULL; i++) {
        const struct run_comparison *comparison = &comparisons->entries[i];
        char *key = run_pair_name(comparison->name, comparison->cell);
        fault = fault_of_twins(&comparisons->places, i, key, list, "metric");
        name_index_add(&comparisons->metrics, comparison->name, i);
        free(key);
    }
    return fault;
}

static char *fault_of_all_twins(struct run_document *document)
{
    char *fault = fault_of_results(document);
    if (fault == NULL)
        fault = fault_of_comparisons(&document->comparisons, "comparisons");
    return fault != NULL ? fault : fault_of_comparisons(&document->controls, "controls");
}

const struct run_comparison *run_comparison_find(const struct run_comparisons *comparisons,
                                                 const char *metric, const char *cell)
{
    char *key = run_pair_name(metric, cell);
    size_t place = name_index_find(&comparisons->places, key);
    free(key);
    return place != SIZE_MAX ? &comparisons->entries[place] : NULL;
}

static void read_results(struct run_document *document)
{
    const json_t *list = json_object_get(document->json, "results");
    document->result_count = json_array_size(list);
    document->results = allocate(document->result_count + 1, sizeof *document->results);
    for (size_t i = 0; i < document->result_count; i++)
        read_result(&document->results[i], json_array_get(list, i), document->kind);
}

const struct run_result *run_document_counterpart(const struct run_document *document,
                                                  const struct run_result *result)
{
    bool are_of_loads = result->is_of_load && document->kind == RUN_LOAD;
    size_t place = are_of_loads ? 0 : name_index_find(&document->labels, result->label);
    return place < document->result_count ? &document->results[place] : NULL;
}

struct run_value run_result_value(const struct run_result *result, const struct run_metric *metric)
{
    const json_t *rounds = json_object_get(result->json, "rounds");
    if (json_is_object(json_object_get(rounds, metric->name)))
        return (struct run_value){
            .value = run_number(rounds, metric->name, "median"),
            .low = run_number(rounds, metric->name, "low"),
            .high = run_number(rounds, metric->name, "high"),
        };
    return (struct run_value){
        .value = run_number(result->json, metric->group, metric->member),
        .low = NAN,
        .high = NAN,
    };
}

const char *run_result_validity(const struct run_result *result)
{
    return run_text(result->json, "validity", "verdict");
}

bool run_result_is_usable(const struct run_result *result)
{
    const char *validity = run_result_validity(result);
    return result->trouble == NULL && (validity == NULL || strcmp(validity, "invalid") != 0);
}

/*** Rankings ***/

bool run_ranking_has_confidence(const json_t *ranking)
{
    list_each (target, json_object_get(ranking, "targets"))
        if (json_is_false(json_object_get(target, "has_confidence")))
            return false;
    return true;
}

/*** Comparisons ***/

static enum decision read_verdict(const json_t *json)
{
    enum decision decision = decision_find(run_text(json, NULL, "verdict"));
    return decision != DECISION_OPEN ? decision : DECISION_INCONCLUSIVE;
}

/* `cell` is that of one that names none. */
static void read_comparison(struct run_comparison *comparison, const json_t *json, const char *cell)
{
    const char *name = run_text(json, NULL, "metric");
    const char *own_cell = run_text(json, NULL, "cell");
    const char *own_title = run_text(json, NULL, "title");
    const struct run_metric *metric = run_metric_find(name);
    bool is_exact = json_is_true(json_object_get(json, "exact"));
    *comparison = (struct run_comparison){
        .name = name,
        .cell = own_cell != NULL ? own_cell : cell,
        .metric = metric,
        .title = metric != NULL      ? metric->title
                 : own_title != NULL ? own_title
                                     : name,
        .is_gated = json_is_true(json_object_get(json, "gated")),
        .is_exact = is_exact,
        .base = run_number(json, NULL, "base"),
        .new = run_number(json, NULL, "new"),
        .change = run_number(json, NULL, "change"),
        .low = is_exact ? NAN : run_number(json, NULL, "low"), /* a count has no interval */
        .high = is_exact ? NAN : run_number(json, NULL, "high"),
        .excluded = run_number(json, NULL, "excluded"),
        .verdict = read_verdict(json),
        .reason = run_text(json, NULL, "reason"),
    };
}

static struct run_comparisons read_comparisons(const struct run_document *document,
                                               const char *list)
{
    const json_t *json =
        document->kind == RUN_COMPARE ? json_object_get(document->json, list) : NULL;
    const char *cell = document->result_count > 0 ? document->results[0].cell : "";
    struct run_comparisons comparisons = {.count = json_array_size(json)};
    comparisons.entries = allocate(comparisons.count + 1, sizeof *comparisons.entries);
    for (size_t i = 0; i < comparisons.count; i++)
        read_comparison(&comparisons.entries[i], json_array_get(json, i), cell);
    return comparisons;
}

/* "p50_ns: worse" is about p50_ns. */
static bool is_about(const char *reason, const char *metric)
{
    size_t length = strlen(metric);
    return strncmp(reason, metric, length) == 0 && reason[length] == ':';
}

const struct run_metric *run_reason_metric(const char *reason, const char **rest)
{
    *rest = reason;
    run_each_metric (metric)
        if (is_about(reason, metric->name)) {
            *rest = reason + strlen(metric->name);
            return metric;
        }
    return NULL;
}

bool run_reason_is_listed(const struct run_document *document, const char *reason)
{
    char *metric = text_of("%.*s", (int)strcspn(reason, ":"), reason);
    bool is_listed = strchr(reason, ':') != NULL &&
                     name_index_find(&document->comparisons.metrics, metric) != SIZE_MAX;
    free(metric);
    return is_listed;
}

/*** Reading ***/

#define FILE_BYTES_MAX ((size_t)1 << 30)

int run_document_parse(struct run_document *document, const char *text, size_t count,
                       const char *path, char **trouble)
{
    json_error_t error;
    /* Members that come twice would be read differently by different readers. */
    *document = (struct run_document){
        .json = json_loadb(text, count, JSON_REJECT_DUPLICATES, &error),
    };
    if (document->json == NULL) {
        *trouble = text_of("%s:%d: not valid JSON: %s", path, error.line, error.text);
        return -EINVAL;
    }
    document->path = text_of("%s", path);
    char *fault = run_schema_fault(document->json);
    if (fault == NULL) {
        document->kind =
            (enum run_kind)word_place(run_kind_names, run_text(document->json, "plan", "command"));
        read_results(document);
        document->comparisons = read_comparisons(document, "comparisons");
        document->controls = read_comparisons(document, "controls");
        document->verdict = read_verdict(document->json);
        fault = fault_of_all_twins(document);
    }
    if (fault == NULL)
        return 0;
    *trouble = text_of("%s: %s", path, fault);
    free(fault);
    run_document_release(document);
    return -EINVAL;
}

int run_document_read(struct run_document *document, const char *path, char **trouble)
{
    char *text = NULL;
    size_t count = 0;
    int error = input_read(path, FILE_BYTES_MAX, &text, &count);
    if (error < 0) {
        *trouble = error == -EFBIG ? text_of("%s: longer than a gibibyte", path)
                                   : text_of("%s: %s", path, strerror(-error));
        return -EINVAL;
    }
    error = run_document_parse(document, text, count, path, trouble);
    free(text);
    return error;
}

static void release_comparisons(struct run_comparisons *comparisons)
{
    free(comparisons->entries);
    name_index_release(&comparisons->places);
    name_index_release(&comparisons->metrics);
}

void run_document_release(struct run_document *document)
{
    for (size_t i = 0; i < document->result_count; i++) {
        free(document->results[i].target);
        free(document->results[i].cell);
        free(document->results[i].label);
    }
    free(document->results);
    release_comparisons(&document->comparisons);
    release_comparisons(&document->controls);
    name_index_release(&document->labels);
    free(document->path);
    json_decref(document->json);
    *document = (struct run_document){0};
}
