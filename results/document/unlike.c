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
    return bytes_take_text(&clean);
}

/* null counts as missing. */
static bool is_alike(const json_t *one, const json_t *other)
{
    if (json_is_null(one) || one == NULL)
        return other == NULL || json_is_null(other);
    return document_is_alike(one, other);
}

static void add(struct unlike_list *list, struct unlike unlike)
{
    list->entries = grow_by_one(list->entries, list->count, sizeof *list->entries);
    list->entries[list->count++] = unlike;
}

/* Members of a group of the document, or of a result, that are compared. */
struct likeness {
    enum unlike_part part;
    const char *group;
    const char *members[14]; /* NULL after the last */
};

static const struct likeness of_machine = {
    UNLIKE_MACHINE, "machine", {"cpu_model", "cores", "kernel", "architecture"}};
static const struct likeness of_plan = {
    UNLIKE_PLAN,
    "plan",
    {"command", "engine", "slice_s", "lead_in_s", "pinning", "warmup_s", "duration_s"}};
static const struct likeness of_cell = {UNLIKE_PLAN,
                                        "cell",
                                        {"clients", "size", "protocol", "path", "threads", "depth",
                                         "rate", "rate_per_s", "arrivals", "silent", "slow_readers",
                                         "requests_per_connection", "frame_bytes"}};
static const struct likeness of_generator = {UNLIKE_PLAN, "generator", {"engine"}};

/* `where` comes before the names of the members. */
static void check(struct unlike_list *list, const struct likeness *likeness, const char *where,
                  const json_t *old, const json_t *new)
{
    for (const char *const *member = likeness->members; *member != NULL; member++) {
        const json_t *value = run_field(old, likeness->group, *member);
        const json_t *other = run_field(new, likeness->group, *member);
        if (!is_alike(value, other))
            add(list, (struct unlike){likeness->part, text_of("%s%s", where, *member), show(value),
                                      show(other)});
    }
}

/*** Loads ***/

static void check_load(struct unlike_list *list, const struct run_result *old,
                       const struct run_result *new)
{
    char *where = text_of("%s: ", old->label);
    check(list, &of_cell, where, old->json, new->json);
    check(list, &of_generator, where, old->json, new->json);
    free(where);
}

/* Adds each cell that `one` has and `other` does not; `said` are the words for the old and the new
 * run. */
static void check_cells_of(struct unlike_list *list, const struct run_document *one,
                           const struct run_document *other, const char *const said[2])
{
    struct name_index known = {0};
    run_each_result (result, other)
        name_index_add(&known, result->cell, 0);
    run_each_result (result, one)
        if (name_index_add(&known, result->cell, 0))
            add(list, (struct unlike){UNLIKE_PLAN, text_of("load %s", result->cell),
                                      text_of("%s", said[0]), text_of("%s", said[1])});
    name_index_release(&known);
}

void unlike_find(struct unlike_list *list, const struct run_document *old,
                 const struct run_document *new)
{
    check(list, &of_machine, "", old->json, new->json);
    check(list, &of_plan, "", old->json, new->json);
    if (old->kind == new->kind && old->kind != RUN_LOAD) {
        check_cells_of(list, old, new, (const char *const[2]){"there", "not there"});
        check_cells_of(list, new, old, (const char *const[2]){"not there", "there"});
    }
    run_each_result (result, old) {
        const struct run_result *counterpart = run_document_counterpart(new, result);
        if (counterpart != NULL)
            check_load(list, result, counterpart);
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
