/* What makes two runs unlike: the machine, how it was measured, and what load each cell is. What
 * one document says and the other does not counts as unlike, as nobody knows. How many rounds there
 * were does not: they make a spread narrower and nothing else. */
#include "results/document/difference.h"

#include "base/memory.h"
#include "results/document/document.h"
#include "text/sanitise.h"

#include <math.h>
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

static void add_texts(struct difference *difference, enum unlike_part part, char *what, char *old,
                      char *new)
{
    difference->unlike =
        reallocate(difference->unlike, difference->unlike_count + 1, sizeof *difference->unlike);
    difference->unlike[difference->unlike_count++] =
        (struct unlike){.part = part, .what = what, .old = old, .new = new};
}

/* Compares a member of two objects; `where` comes before its name. */
static void check_member(struct difference *difference, enum unlike_part part, const char *where,
                         const char *member, const json_t *const objects[2])
{
    const json_t *old = json_object_get(objects[0], member);
    const json_t *new = json_object_get(objects[1], member);
    if (!is_alike(old, new))
        add_texts(difference, part, text_of("%s%s", where, member), show(old), show(new));
}

static void check_members(struct difference *difference, enum unlike_part part, const char *group,
                          const char *const members[])
{
    const json_t *const objects[2] = {
        json_object_get(difference->old->json, group),
        json_object_get(difference->new->json, group),
    };
    for (size_t i = 0; members[i] != NULL; i++)
        check_member(difference, part, "", members[i], objects);
}

/*** Loads ***/

static void check_cell(struct difference *difference, const struct run_result *old,
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
    for (size_t i = 0; members[i] != NULL; i++)
        check_member(difference, UNLIKE_PLAN, where, members[i], cells);
    const json_t *const generators[2] = {json_object_get(old->json, "generator"),
                                         json_object_get(new->json, "generator")};
    check_member(difference, UNLIKE_PLAN, where, "engine", generators);
    free(where);
}

static bool has_cell(const struct run_document *document, const char *cell)
{
    for (size_t i = 0; i < document->result_count; i++)
        if (strcmp(document->results[i].cell, cell) == 0)
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

/* Cells of one that the other has not. */
static void check_cells_of(struct difference *difference, const struct run_document *one,
                           const struct run_document *other)
{
    bool is_old = one == difference->old;
    for (size_t i = 0; i < one->result_count; i++)
        if (begins_cell(one, i) && !has_cell(other, one->results[i].cell))
            add_texts(difference, UNLIKE_PLAN, text_of("load %s", one->results[i].cell),
                      text_of("%s", is_old ? "there" : "not there"),
                      text_of("%s", is_old ? "not there" : "there"));
}

void difference_find_unlike(struct difference *difference)
{
    static const char *const of_machine[] = {"cpu_model", "cores", "kernel", "architecture", NULL};
    static const char *const of_plan[] = {"command", "engine",   "slice_s",    "lead_in_s",
                                          "pinning", "warmup_s", "duration_s", NULL};
    check_members(difference, UNLIKE_MACHINE, "machine", of_machine);
    check_members(difference, UNLIKE_PLAN, "plan", of_plan);
    if (difference->old->kind == difference->new->kind && difference->old->kind != RUN_LOAD) {
        check_cells_of(difference, difference->old, difference->new);
        check_cells_of(difference, difference->new, difference->old);
    }
    for (size_t i = 0; i < difference->old->result_count; i++) {
        const struct run_result *old = &difference->old->results[i];
        const struct run_result *new = difference_match(difference->new, old);
        if (new != NULL)
            check_cell(difference, old, new);
    }
}
