/* Theory of operation: a class of one submission is graded in a temporary folder, so nothing of the
 * class run changes. Only the check that is asked for, and those it needs, are played. Its tokens
 * follow from the seed in the submission's document.
 */
#include "grader/class/replay.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/assignment/words.h"
#include "grader/checks/checks.h"
#include "grader/gradebook/graded_text.h"
#include "text/json_field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*** What is asked for ***/

/* Leaves only the submission of that id in replay->alone. NULL, or a sentence. */
static char *find_submission(struct replay *replay, const struct submission_list *list,
                             const char *id)
{
    const char **ids = allocate(list->count + 1, sizeof *ids);
    for (size_t i = 0; i < list->count; i++) {
        ids[i] = list->submissions[i].id;
        if (strcmp(ids[i], id) == 0)
            replay->alone =
                (struct submission_list){.submissions = &list->submissions[i], .count = 1};
    }
    char *sentence = assignment_refuse_word("submission", id, ids);
    free(ids);
    return sentence;
}

struct names {
    char **list; /* NULL behind the last */
    size_t count;
};

static void add_name(struct names *names, const struct assigned_row *row, const char *name)
{
    names->list = reallocate(names->list, names->count + 2, sizeof *names->list);
    names->list[names->count++] =
        row != NULL ? text_of("%s/%s", row->name, name) : text_of("%s", name);
    names->list[names->count] = NULL;
}

/* The check and those of our own that it needs. */
static void add_check(struct names *names, const struct assignment *assignment,
                      const struct assigned_check *assigned)
{
    const struct check *check = check_find(assigned_check_name(assigned));
    add_name(names, assigned->row, assigned_check_name(assigned));
    const char *needs = assigned->needs != NULL ? assigned->needs
                        : check != NULL         ? check->needs
                                                : NULL;
    for (check = needs != NULL ? check_find(needs) : NULL; check != NULL;
         check = check->needs != NULL ? check_find(check->needs) : NULL)
        add_name(names, assigned->row, check->id);
    if (assignment->conduct.role == ROLE_SERVER)
        add_name(names, assigned->row, CHECK_LISTENS);
}

/* Is it a check of the assignment, one that these need, or one that every submission has to pass?
 * NULL, or a sentence. */
static char *check_name(const struct assignment *assignment, const char *name)
{
    struct names names = {0};
    add_name(&names, NULL, GRADING_TAKE_IN);
    add_name(&names, NULL, GRADING_BUILD);
    for (unsigned i = 0; i < assignment->checks_count; i++)
        add_check(&names, assignment, &assignment->checks[i]);
    char *sentence = assignment_refuse_word("check", name, (const char *const *)names.list);
    for (size_t i = 0; i < names.count; i++)
        free(names.list[i]);
    free(names.list);
    return sentence;
}

/*** What the class run has left ***/

/* The document at `path` if it is of this assignment, or NULL. */
static json_t *load_stored(const char *path, const struct assignment *assignment)
{
    json_t *document = path != NULL ? json_load_file(path, 0, NULL) : NULL;
    if (field_is_word(document, "assignment", assignment->id))
        return document;
    json_decref(document);
    return NULL;
}

/* Taking in, building and starting stand in a document only if they have failed. */
static const char *verdict_in(const json_t *document, const char *id)
{
    const char *whole = field_text(document, "verdict");
    if (whole == NULL || strcmp(whole, "error") == 0)
        return whole;
    const json_t *check = graded_find_check(document, id);
    if (check != NULL)
        return field_text(check, "verdict");
    bool was_built = graded_find_check(document, GRADING_TAKE_IN) == NULL &&
                     graded_find_check(document, GRADING_BUILD) == NULL;
    bool is_passed = was_built || strcmp(id, GRADING_TAKE_IN) == 0;
    return is_passed ? "pass" : "skipped";
}

/*** For people ***/

/* All of it: graded_append() cuts long texts. */
static void append_whole(struct bytes *out, const json_t *text, const char *before)
{
    if (!graded_has_text(text))
        return;
    bytes_print(out, "%s", before);
    sanitise(out, json_string_value(text), json_string_length(text), SANITISE_TEXT);
    bytes_print(out, "\n");
}

static void append_played(struct bytes *out, const json_t *timeline)
{
    size_t i = 0;
    const json_t *event = NULL;
    if (json_array_size(timeline) > 0)
        bytes_print(out, "%s\n", _("played:"));
    json_array_foreach (timeline, i, event) {
        bytes_print(out, "%10.3f ms  ", field_number(event, "t_ms", 0));
        graded_append(out, json_object_get(event, "actor"), SANITISE_LINE);
        bytes_print(out, " ");
        graded_append(out, json_object_get(event, "action"), SANITISE_LINE);
        bytes_print(out, " ");
        graded_append(out, json_object_get(event, "text"), SANITISE_LINE);
        const json_t *until = json_object_get(event, "until_ms");
        if (json_is_number(until))
            bytes_print(out, _(", until %.3f ms"), json_number_value(until));
        bytes_print(out, "\n");
    }
}

static void append_check(struct bytes *out, const struct graded_check *check)
{
    graded_append_title(out, check, SANITISE_LINE);
    bytes_print(out, "\n%s: ", verdict_text(check->verdict));
    append_whole(out, check->finding, "");
    size_t i = 0;
    const json_t *row = NULL;
    json_array_foreach (check->evidence, i, row)
        append_whole(out, json_object_get(row, "text"), "- ");
    append_whole(out, check->hint, _("hint: "));
    append_played(out, check->timeline);
}

static void append_checks(struct bytes *out, const json_t *document)
{
    struct graded graded;
    graded_read(&graded, document, AUDIENCE_STAFF);
    graded_append(out, graded.submission, SANITISE_LINE);
    bytes_print(out, "\n\n");
    if (!graded.has_points) {
        graded_append_error(out, &graded, SANITISE_TEXT);
        bytes_print(out, "\n");
    }
    struct graded_check check = {0};
    while (graded_next_check(&check, &graded)) {
        append_check(out, &check);
        bytes_print(out, "\n");
    }
}

static void append_changes(struct bytes *out, const json_t *stored, const json_t *document)
{
    const json_t *before = json_object_get(stored, "submission");
    const json_t *now = json_object_get(document, "submission");
    if (stored == NULL)
        return;
    if (!json_equal(json_object_get(before, "sha256"), json_object_get(now, "sha256")))
        bytes_print(out, "%s\n", _("the submission has changed since"));
    if (!json_equal(json_object_get(stored, "assignment_sha256"),
                    json_object_get(document, "assignment_sha256")))
        bytes_print(out, "%s\n", _("the assignment has changed since"));
}

static void append_comparison(struct bytes *out, const struct replay *replay, const char *now)
{
    const char *path = replay->path;
    const char *check = replay->check;
    const char *before = verdict_in(replay->stored, check);
    if (path == NULL)
        sanitise_print(out, SANITISE_LINE,
                       _("%s: %s; use --output DIR to compare it with the class run\n"), check,
                       now);
    else if (before == NULL)
        sanitise_print(out, SANITISE_LINE, _("%s: %s; %s holds no grade of this assignment\n"),
                       check, now, path);
    else if (strcmp(before, now) == 0)
        sanitise_print(out, SANITISE_LINE, _("%s: %s, as recorded in %s\n"), check, now, path);
    else
        sanitise_print(out, SANITISE_LINE, _("%s: %s; but %s records: %s\n"), check, now, path,
                       before);
}

void replay_say(const struct replay *replay, const json_t *document, struct bytes *out)
{
    append_checks(out, document);
    append_changes(out, replay->stored, document);
    append_comparison(out, replay, replay_verdict(replay, document));
}

const char *replay_verdict(const struct replay *replay, const json_t *document)
{
    return verdict_in(document, replay->check);
}

/*** The plan ***/

int replay_open(struct replay *replay, const struct grading_plan *grading,
                const struct submission_list *list, const char *folder, const char *id,
                const char *check, char **trouble)
{
    *replay = (struct replay){
        .plan = {.grading = *grading, .submissions = &replay->alone, .jobs = 1}, .check = check};
    *trouble = find_submission(replay, list, id);
    if (*trouble == NULL)
        *trouble = check_name(grading->assignment, check);
    if (*trouble != NULL)
        return -EINVAL;
    if (folder != NULL)
        replay->path = text_of("%s/grades/%s.json", folder, id);
    replay->stored = load_stored(replay->path, grading->assignment);
    replay->plan.grading.seed = field_text(replay->stored, "seed");
    replay->plan.grading.only_check = check;
    return 0;
}

void replay_close(struct replay *replay)
{
    json_decref(replay->stored);
    free(replay->path);
}
