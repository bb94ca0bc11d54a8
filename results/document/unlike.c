#include "results/document/unlike.h"

#include "base/memory.h"
#include "results/document/document.h"
#include "text/sanitise.h"

#include <stdlib.h>
#include <string.h>

/* A value for people, on one line. The caller frees. */
static char *show(const json_t *value)
{
    if (value == NULL || json_is_null(value))
        return text_of("not said");
    char *text = json_is_string(value)
                     ? text_of("%s", json_string_value(value))
                     : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(9));
    struct bytes clean = {0};
    sanitise(&clean, text, strlen(text), SANITISE_LINE);
    free(text);
    text = text_of("%.*s", (int)clean.length, clean.length > 0 ? bytes_front(&clean) : "");
    bytes_release(&clean);
    return text;
}

/* Null is nothing. */
static bool is_alike(const json_t *one, const json_t *other)
{
    if (json_is_null(one) || one == NULL)
        return other == NULL || json_is_null(other);
    return document_is_alike(one, other);
}

static void add(struct unlike_list *list, struct unlike unlike)
{
    list->entries = reallocate(list->entries, list->count + 1, sizeof *list->entries);
    list->entries[list->count++] = unlike;
}

/* Compares a member of two objects; `where` comes before its name. */
static void check_member(struct unlike_list *list, enum unlike_part part, const char *where,
                         const char *member, const json_t *const objects[2])
{
    const json_t *old = json_object_get(objects[0], member);
    const json_t *new = json_object_get(objects[1], member);
    if (!is_alike(old, new))
        add(list, (struct unlike){part, text_of("%s%s", where, member), show(old), show(new)});
}

static void check_members(struct unlike_list *list, enum unlike_part part, const char *where,
                          const char *const members[], const json_t *const objects[2])
{
    for (size_t i = 0; members[i] != NULL; i++)
        check_member(list, part, where, members[i], objects);
}

/*** Loads ***/

static void check_cell(struct unlike_list *list, const struct run_result *old,
                       const struct run_result *new)
{
    static const char *const members[] = {
        "clients", "size",       "protocol", "path",   "threads",      "depth",
        "rate",    "rate_per_s", "arrivals", "silent", "slow_readers", "requests_per_connection",
        NULL,
    };
    const json_t *const cells[2] = {json_object_get(old->json, "cell"),
                                    json_object_get(new->json, "cell")};
    char *where = text_of("%s: ", old->label);
    check_members(list, UNLIKE_PLAN, where, members, cells);
    const json_t *const generators[2] = {json_object_get(old->json, "generator"),
                                         json_object_get(new->json, "generator")};
    check_member(list, UNLIKE_PLAN, where, "engine", generators);
    free(where);
}

static bool has_cell(const struct run_document *document, const char *cell)
{
    run_each_result (result, document)
        if (strcmp(result->cell, cell) == 0)
            return true;
    return false;
}

/* Is it the first of its document with this cell? */
static bool begins_cell(const struct run_document *document, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(document->results[i].cell, document->results[index].cell) == 0)
            return false;
    return true;
}

/* Cells of `one` that `other` has not, each once; what is said of the one and of the other. */
static void check_cells_of(struct unlike_list *list, const struct run_document *one,
                           const struct run_document *other, const char *const said[2])
{
    for (size_t i = 0; i < one->result_count; i++)
        if (begins_cell(one, i) && !has_cell(other, one->results[i].cell))
            add(list, (struct unlike){UNLIKE_PLAN, text_of("load %s", one->results[i].cell),
                                      text_of("%s", said[0]), text_of("%s", said[1])});
}

void unlike_find(struct unlike_list *list, const struct run_document *old,
                 const struct run_document *new)
{
    static const char *const of_machine[] = {"cpu_model", "cores", "kernel", "architecture", NULL};
    static const char *const of_plan[] = {"command", "engine",   "slice_s",    "lead_in_s",
                                          "pinning", "warmup_s", "duration_s", NULL};
    const json_t *const machines[2] = {json_object_get(old->json, "machine"),
                                       json_object_get(new->json, "machine")};
    const json_t *const plans[2] = {json_object_get(old->json, "plan"),
                                    json_object_get(new->json, "plan")};
    check_members(list, UNLIKE_MACHINE, "", of_machine, machines);
    check_members(list, UNLIKE_PLAN, "", of_plan, plans);
    if (old->kind == new->kind && old->kind != RUN_LOAD) {
        check_cells_of(list, old, new, (const char *const[2]){"there", "not there"});
        check_cells_of(list, new, old, (const char *const[2]){"not there", "there"});
    }
    run_each_result (result, old) {
        const struct run_result *counterpart = run_document_counterpart(new, result);
        if (counterpart != NULL)
            check_cell(list, result, counterpart);
    }
}

void unlike_release(struct unlike_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->entries[i].what);
        free(list->entries[i].old);
        free(list->entries[i].new);
    }
    free(list->entries);
    *list = (struct unlike_list){0};
}
