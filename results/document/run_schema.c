/* A rule says what stands at a place of the document. A place is a path of members, '*' being every
 * element of an array or every member of an object, and "low,high" each of these members; a rule is
 * applied wherever its path leads. What is null or not there is no fault but where a rule wants it.
 * The order is that of reading: a rule for what is within something comes after the one that says
 * that it is an object or a list. */
#include "results/document/run_schema.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "results/document/document.h"
#include "results/document/run_kind.h"
#include "results/measures/decision.h"
#include "results/measures/side.h"
#include "text/json_field.h"
#include "text/sanitise.h"
#include "text/word_list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum shape {
    OBJECT,
    LIST,
    TEXT,
    TRUTH,
    NUMBER,
    AMOUNT, /* a number that is not below 0 */
    COUNT,  /* a whole one */
};

struct rule {
    const char *place; /* NULL after the last rule */
    enum shape shape;
    bool is_wanted;
    const char *const *words; /* a text is one of these, the last NULL; NULL: any */
};

#define WANTED   true
#define OPTIONAL false

static const char *const schemas[] = {SCHEMA_RUN, NULL};
static const char *const validities[] = {"valid", "suspect", "invalid", NULL};

static const struct rule rules[] = {
    {"schema", TEXT, WANTED, schemas},
    {"time", TEXT, WANTED, NULL},
    {"tool,curves", OBJECT, OPTIONAL, NULL},
    {"tool/*", TEXT, OPTIONAL, NULL},
    {"machine,plan", OBJECT, WANTED, NULL},
    {"machine/cpu_model,kernel,architecture,clocksource", TEXT, OPTIONAL, NULL},
    {"machine/cores,memory_bytes,descriptor_limit", COUNT, OPTIONAL, NULL},
    {"machine/load_average_1m", AMOUNT, OPTIONAL, NULL},
    {"plan/command", TEXT, WANTED, run_kind_names},
    {"plan/engine,suite,base,new", TEXT, OPTIONAL, NULL},
    {"plan/rounds,repetitions", COUNT, OPTIONAL, NULL},
    {"plan/lead_in_s,slice_s,warmup_s,duration_s,budget_s,must_catch,"
     "indifference,false_worse,false_same",
     AMOUNT, OPTIONAL, NULL},
    {"plan/targets", LIST, OPTIONAL, NULL},
    {"plan/targets/*", TEXT, WANTED, NULL},
    {"seed", COUNT, OPTIONAL, NULL},
    {"interrupted", TRUTH, OPTIONAL, NULL},
    {"elapsed_s", AMOUNT, OPTIONAL, NULL},

    {"results", LIST, WANTED, NULL},
    {"results/*", OBJECT, WANTED, NULL},
    {"results/*/target,cell", OBJECT, WANTED, NULL},
    {"results/*/target/name", TEXT, WANTED, NULL},
    {"results/*/target/model", TEXT, OPTIONAL, NULL},
    {"results/*/target/command", LIST, OPTIONAL, NULL},
    {"results/*/target/command/*", TEXT, WANTED, NULL},
    {"results/*/side", TEXT, OPTIONAL, side_names},
    {"results/*/cell/name,protocol,path,arrivals", TEXT, OPTIONAL, NULL},
    {"results/*/cell/clients", COUNT, WANTED, NULL},
    {"results/*/cell/size,threads,depth,silent,slow_readers,"
     "requests_per_connection,frame_bytes",
     COUNT, OPTIONAL, NULL},
    {"results/*/cell/rate,rate_per_s", AMOUNT, OPTIONAL, NULL},
    {"results/*/clients,requests,latency_ns,connect_ns,generator,server,"
     "validity,rounds",
     OBJECT, OPTIONAL, NULL},
    {"results/*/clients/asked,connected,served", COUNT, OPTIONAL, NULL},
    {"results/*/requests/sent,answered,in_flight", COUNT, OPTIONAL, NULL},
    {"results/*/requests/failed", OBJECT, OPTIONAL, NULL},
    {"results/*/requests/failed/total", COUNT, OPTIONAL, NULL},
    {"results/*/requests/messages", OBJECT, OPTIONAL, NULL},
    {"results/*/requests/messages/confirmed,heard,missed,unheard,unconfirmed", COUNT, OPTIONAL,
     NULL},
    {"results/*/window_s,throughput_per_s", AMOUNT, OPTIONAL, NULL},
    {"results/*/latency_ns/*", AMOUNT, OPTIONAL, NULL},
    {"results/*/latency_ns/count", COUNT, OPTIONAL, NULL},
    {"results/*/connect_ns/*", AMOUNT, OPTIONAL, NULL},
    {"results/*/latency_curve", LIST, OPTIONAL, NULL},
    {"results/*/latency_curve/*", LIST, WANTED, NULL},
    {"results/*/latency_curve/*/*", AMOUNT, WANTED, NULL},
    {"results/*/generator/engine", TEXT, OPTIONAL, NULL},
    {"results/*/generator/cpu_us_per_request", AMOUNT, OPTIONAL, NULL},
    {"results/*/server/cpu_us_per_request,syscalls_per_request,"
     "switches_per_request,memory_bytes",
     AMOUNT, OPTIONAL, NULL},
    {"results/*/server/bytes_per_connection", NUMBER, OPTIONAL, NULL},
    {"results/*/server/has_ended", TRUTH, OPTIONAL, NULL},
    {"results/*/trouble", TEXT, OPTIONAL, NULL},
    {"results/*/validity/verdict", TEXT, OPTIONAL, validities},
    {"results/*/validity/reasons", LIST, OPTIONAL, NULL},
    {"results/*/validity/reasons/*", TEXT, WANTED, NULL},
    {"results/*/rounds/*", OBJECT, OPTIONAL, NULL},
    {"results/*/rounds/*/median,low,high", NUMBER, OPTIONAL, NULL},
    {"results/*/rounds/*/values", LIST, OPTIONAL, NULL},
    {"results/*/rounds/*/values/*", NUMBER, OPTIONAL, NULL},

    {"slices,rankings", LIST, OPTIONAL, NULL},
    {"slices/*", OBJECT, WANTED, NULL},
    {"slices/*/cell,target,dropped", TEXT, OPTIONAL, NULL},
    {"slices/*/side", TEXT, OPTIONAL, side_names},
    {"slices/*/repetition,round,block", COUNT, OPTIONAL, NULL},
    {"slices/*/start_s,stolen_share,foreign_share", NUMBER, OPTIONAL, NULL},
    {"slices/*/throughput_per_s,p50_ns", AMOUNT, OPTIONAL, NULL},
    {"rankings/*", OBJECT, WANTED, NULL},
    {"rankings/*/cell,metric", TEXT, WANTED, NULL},
    {"rankings/*/reference", TEXT, OPTIONAL, NULL},
    {"rankings/*/friedman_p", NUMBER, OPTIONAL, NULL},
    {"rankings/*/rounds", COUNT, OPTIONAL, NULL},
    {"rankings/*/targets,best", LIST, OPTIONAL, NULL},
    {"rankings/*/targets/*", OBJECT, WANTED, NULL},
    {"rankings/*/targets/*/target", TEXT, WANTED, NULL},
    {"rankings/*/targets/*/change,low,high", NUMBER, OPTIONAL, NULL},
    {"rankings/*/best/*", TEXT, WANTED, NULL},
    {"curves/memory,rate", LIST, OPTIONAL, NULL},
    {"curves/memory/*", OBJECT, WANTED, NULL},
    {"curves/memory/*/target", TEXT, WANTED, NULL},
    {"curves/memory/*/bytes_per_connection", NUMBER, OPTIONAL, NULL},
    {"curves/memory/*/points", LIST, OPTIONAL, NULL},
    {"curves/memory/*/points/*", LIST, WANTED, NULL},
    {"curves/memory/*/points/*/*", NUMBER, WANTED, NULL},
    {"curves/rate/*", OBJECT, WANTED, NULL},
    {"curves/rate/*/target", TEXT, WANTED, NULL},
    {"curves/rate/*/knee_per_s", AMOUNT, OPTIONAL, NULL},
    {"curves/rate/*/points", LIST, OPTIONAL, NULL},
    {"curves/rate/*/points/*", OBJECT, WANTED, NULL},
    {"curves/rate/*/points/*/*", AMOUNT, OPTIONAL, NULL},
    {0},
};

/* "comparisons" and "controls" alike. */
static const struct rule rules_of_comparisons[] = {
    {"", LIST, OPTIONAL, NULL},
    {"/*", OBJECT, WANTED, NULL},
    {"/*/metric", TEXT, WANTED, NULL},
    {"/*/cell,title,reason", TEXT, OPTIONAL, NULL},
    {"/*/gated,exact", TRUTH, OPTIONAL, NULL},
    {"/*/floor", AMOUNT, OPTIONAL, NULL},
    {"/*/layouts", OBJECT, OPTIONAL, NULL},
    {"/*/layouts/base,new,control", LIST, OPTIONAL, NULL},
    {"/*/layouts/*/*", NUMBER, WANTED, NULL},
    {"/*/base,new,change,low,high,excluded", NUMBER, OPTIONAL, NULL},
    {"/*/verdict", TEXT, WANTED, decision_words},
    {"/*/blocks,looks", LIST, OPTIONAL, NULL},
    {"/*/blocks/*", NUMBER, WANTED, NULL},
    {"/*/looks/*", OBJECT, WANTED, NULL},
    {"/*/looks/*/decision", TEXT, OPTIONAL, decision_words},
    {0},
};

static const struct rule rules_of_compare[] = {
    {"comparisons", LIST, WANTED, NULL},
    {"verdict", TEXT, WANTED, decision_words},
    {"reasons", LIST, OPTIONAL, NULL},
    {"reasons/*", TEXT, WANTED, NULL},
    {"dropped", OBJECT, OPTIONAL, NULL},
    {"dropped/blocks", COUNT, OPTIONAL, NULL},
    {"dropped/reasons", LIST, OPTIONAL, NULL},
    {"dropped/reasons/*", OBJECT, WANTED, NULL},
    {"dropped/reasons/*/reason", TEXT, OPTIONAL, NULL},
    {"dropped/reasons/*/count", COUNT, OPTIONAL, NULL},
    {"results/*/side", TEXT, WANTED, NULL},
    {"plan/counted", TRUTH, OPTIONAL, NULL},
    {"plan/layouts", COUNT, OPTIONAL, NULL},
    {"counted_machine", OBJECT, OPTIONAL, NULL},
    {"counted_machine/*", TEXT, OPTIONAL, NULL},
    {"counted_verdict", TEXT, OPTIONAL, decision_words},
    {"timed", OBJECT, OPTIONAL, NULL},
    {"timed/verdict", TEXT, WANTED, decision_words},
    {"timed/agreement", TEXT, WANTED, NULL},
    {"calls,functions", LIST, OPTIONAL, NULL},
    {"calls/*", OBJECT, WANTED, NULL},
    {"calls/*/name", TEXT, WANTED, NULL},
    {"calls/*/base,new", AMOUNT, WANTED, NULL},
    {"functions/*", OBJECT, WANTED, NULL},
    {"functions/*/name,file", TEXT, WANTED, NULL},
    {"functions/*/kernel", TRUTH, OPTIONAL, NULL},
    {"functions/*/base,new", AMOUNT, WANTED, NULL},
    {0},
};

/*** Applying a rule ***/

struct checking {
    const struct rule *rule;
    struct bytes place; /* where the check is, in words: "results[3].cell" */
    char *fault;
};

static bool has_shape(const json_t *value, enum shape shape)
{
    switch (shape) {
    case OBJECT:
        return json_is_object(value);
    case LIST:
        return json_is_array(value);
    case TEXT:
        return json_is_string(value);
    case TRUTH:
        return json_is_boolean(value);
    case NUMBER:
        return json_is_number(value);
    case AMOUNT:
        return json_is_number(value) && json_number_value(value) >= 0;
    case COUNT:
        return json_is_integer(value) && json_integer_value(value) >= 0;
    }
    return false;
}

static const char *name_of(enum shape shape)
{
    static const char *const names[] = {
        [OBJECT] = "an object",
        [LIST] = "a list",
        [TEXT] = "a text",
        [TRUTH] = "true or false",
        [NUMBER] = "a number",
        [AMOUNT] = "a number from 0 on",
        [COUNT] = "a whole number from 0 on",
    };
    return names[shape];
}

static void note_fault(struct checking *checking, const char *is_wrong, const char *what)
{
    const char *place = checking->place.length > 0 ? bytes_front(&checking->place) : "";
    checking->fault = text_of("%.*s: is %s%s", (int)checking->place.length, place, is_wrong, what);
}

static void check_value(struct checking *checking, const json_t *value)
{
    const struct rule *rule = checking->rule;
    if (value == NULL || json_is_null(value)) {
        if (rule->is_wanted)
            note_fault(checking, "missing", "");
        return;
    }
    if (!has_shape(value, rule->shape)) {
        bool is_other = rule->shape == AMOUNT && !json_is_number(value);
        note_fault(checking, "not ", name_of(is_other ? NUMBER : rule->shape));
    } else if (rule->words != NULL &&
               rule->words[word_place(rule->words, json_string_value(value))] == NULL) {
        struct bytes words = {0};
        for (size_t i = 0; rule->words[i] != NULL; i++)
            bytes_print(&words, " %s", rule->words[i]);
        bytes_append(&words, "", 1);
        note_fault(checking, "not one of:", bytes_front(&words));
        bytes_release(&words);
    }
}

static void check_within(struct checking *checking, const json_t *parent, const char *path);

/* `path` is what follows the step that has led to `value`, from its slash on. */
static void check_step(struct checking *checking, const json_t *value, const char *path)
{
    if (path[0] == '\0')
        check_value(checking, value);
    else if (value != NULL)
        check_within(checking, value, path + 1);
}

static void check_member(struct checking *checking, const json_t *parent, const char *key,
                         const char *path)
{
    size_t length = checking->place.length;
    if (length > 0)
        bytes_append(&checking->place, ".", 1);
    sanitise(&checking->place, key, strlen(key), SANITISE_LINE);
    check_step(checking, json_object_get(parent, key), path);
    checking->place.length = length;
}

static void check_all(struct checking *checking, const json_t *parent, const char *path)
{
    size_t length = checking->place.length;
    for (size_t i = 0; i < json_array_size(parent) && checking->fault == NULL; i++) {
        bytes_print(&checking->place, "[%zu]", i);
        check_step(checking, json_array_get(parent, i), path);
        checking->place.length = length;
    }
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach ((json_t *)parent, key, value)
        if (checking->fault == NULL)
            check_member(checking, parent, key, path);
}

/* What is no object and no list has nothing within; that is the fault of another rule. */
static void check_within(struct checking *checking, const json_t *parent, const char *path)
{
    size_t step = strcspn(path, "/");
    if (strncmp(path, "*", step) == 0) {
        check_all(checking, parent, path + step);
        return;
    }
    for (size_t begin = 0; begin < step && json_is_object(parent) && checking->fault == NULL;) {
        size_t length = strcspn(path + begin, ",/");
        char *key = text_of("%.*s", (int)length, path + begin);
        check_member(checking, parent, key, path + step);
        free(key);
        begin += length + 1;
    }
}

static char *fault_of(const json_t *document, const struct rule *rule, const char *list)
{
    char *path = text_of("%s%s", list, rule->place);
    struct checking checking = {.rule = rule};
    check_within(&checking, document, path);
    bytes_release(&checking.place);
    free(path);
    return checking.fault;
}

static char *first_fault(const json_t *document, const struct rule *rule, const char *list)
{
    char *fault = NULL;
    for (; rule->place != NULL && fault == NULL; rule++)
        fault = fault_of(document, rule, list);
    return fault;
}

char *run_schema_fault(const json_t *document)
{
    if (!json_is_object(document))
        return text_of("the document: is not an object");
    char *fault = first_fault(document, rules, "");
    if (fault != NULL || !field_is_word(json_object_get(document, "plan"), "command", "compare"))
        return fault;
    fault = first_fault(document, rules_of_compare, "");
    if (fault == NULL)
        fault = first_fault(document, rules_of_comparisons, "comparisons");
    return fault != NULL ? fault : first_fault(document, rules_of_comparisons, "controls");
}
