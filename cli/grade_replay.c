/* Theory of operation: a class of one, in a folder that does not stay, so that nothing of the class
 * run is changed; only the check that is asked for, and what it needs, is played, and its tokens
 * follow from the seed that stands in the submission's document.
 */
#include "cli/grade_replay.h"

#include "base/language.h"
#include "base/memory.h"
#include "base/message.h"
#include "cli/command.h"
#include "cli/grade_run.h"
#include "grader/assignment/words.h"
#include "grader/checks/checks.h"
#include "grader/checks/talk.h"
#include "grader/class/class.h"
#include "grader/gradebook/graded.h"

#include <stdlib.h>
#include <string.h>

/*** What is asked for ***/

static _Noreturn void refuse(char *sentence)
{
    die(EXIT_USAGE, "grade: --replay: %s", sentence);
}

static struct submission_named find_submission(const struct submission_list *list, const char *id)
{
    const char **ids = allocate(list->count + 1, sizeof *ids);
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->submissions[i].id, id) == 0) {
            free(ids);
            return list->submissions[i];
        }
        ids[i] = list->submissions[i].id;
    }
    refuse(assignment_refuse_word("submission", id, ids));
}

/* The assignment's, what these need, and what every submission has to pass. */
static size_t name_checks(const struct assignment *assignment, const char **names, size_t most)
{
    size_t count = 0;
    names[count++] = GRADING_TAKE_IN;
    names[count++] = GRADING_BUILD;
    for (unsigned i = 0; i < assignment->checks_count && count < most; i++)
        names[count++] = assignment->checks[i].id;
    for (size_t i = 0; i < count; i++) {
        const struct check *check = check_find(names[i]);
        if (check != NULL && check->needs != NULL && count < most)
            names[count++] = check->needs;
    }
    if (assignment->conduct.role == ROLE_SERVER && count < most)
        names[count++] = check_starts_and_listens.id;
    return count;
}

#define NAMES_MAX ((size_t)256)

static void check_name(const struct assignment *assignment, const char *name)
{
    const char *names[NAMES_MAX + 1] = {NULL};
    name_checks(assignment, names, NAMES_MAX);
    char *sentence = assignment_refuse_word("check", name, names);
    if (sentence != NULL)
        refuse(sentence);
}

/*** What the class run has left ***/

static const char *string_in(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* The document at `path` if it is of this assignment, or NULL. */
static json_t *load_stored(const char *path, const struct assignment *assignment)
{
    json_t *document = path != NULL ? json_load_file(path, 0, NULL) : NULL;
    const char *of = string_in(document, "assignment");
    if (of != NULL && strcmp(of, assignment->id) == 0)
        return document;
    json_decref(document);
    return NULL;
}

static const json_t *find_check(const json_t *document, const char *id)
{
    size_t i = 0;
    const json_t *check = NULL;
    json_array_foreach (json_object_get(document, "checks"), i, check) {
        const char *its = string_in(check, "id");
        if (its != NULL && strcmp(its, id) == 0)
            return check;
    }
    return NULL;
}

/* Of what stands in no document but where it has failed, that it does not stand there says so. */
static const char *verdict_in(const json_t *document, const char *id)
{
    const char *whole = string_in(document, "verdict");
    if (whole == NULL || strcmp(whole, "error") == 0)
        return whole;
    const json_t *check = find_check(document, id);
    if (check != NULL)
        return string_in(check, "verdict");
    bool was_built = find_check(document, GRADING_TAKE_IN) == NULL &&
                     find_check(document, GRADING_BUILD) == NULL;
    bool is_passed = was_built || strcmp(id, GRADING_TAKE_IN) == 0;
    return is_passed ? "pass" : "skipped";
}

/*** For people ***/

/* All of it: graded_append() shows a part of what is long. */
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
        bytes_print(out, "%10.3f ms  ", json_number_value(json_object_get(event, "t_ms")));
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

static void print_checks(const json_t *document)
{
    struct bytes text = {0};
    struct graded graded;
    graded_read(&graded, document);
    graded_append(&text, graded.submission, SANITISE_LINE);
    bytes_print(&text, "\n\n");
    if (!graded.has_points) {
        graded_append_error(&text, &graded, SANITISE_TEXT);
        bytes_print(&text, "\n");
    }
    for (size_t i = 0; i < graded.check_count; i++) {
        struct graded_check check;
        graded_read_check(&check, &graded, i, AUDIENCE_STAFF);
        append_check(&text, &check);
        bytes_print(&text, "\n");
    }
    fwrite(bytes_front(&text), 1, text.length, stdout);
    bytes_release(&text);
}

static void print_comparison(const char *path, const json_t *stored, const char *now,
                             const char *check)
{
    const char *before = verdict_in(stored, check);
    if (path == NULL)
        printf(_("%s: %s; with --output DIR it is compared with the class run's\n"), check, now);
    else if (before == NULL)
        printf(_("%s: %s; there is no grade of this assignment in %s\n"), check, now, path);
    else if (strcmp(before, now) == 0)
        printf(_("%s: %s, the verdict that stands in %s\n"), check, now, path);
    else
        printf(_("%s: %s, which is not the verdict that stands in %s: %s\n"), check, now, path,
               before);
}

static void print_changes(const json_t *stored, const json_t *document)
{
    const json_t *before = json_object_get(stored, "submission");
    const json_t *now = json_object_get(document, "submission");
    if (stored != NULL &&
        !json_equal(json_object_get(before, "sha256"), json_object_get(now, "sha256")))
        printf("%s\n", _("the submission has changed since"));
    if (stored != NULL && !json_equal(json_object_get(stored, "assignment_sha256"),
                                      json_object_get(document, "assignment_sha256")))
        printf("%s\n", _("the assignment has changed since"));
}

/*** All of it ***/

static json_t *play(const struct grade_class_options *options, const struct grading_plan *grading,
                    const struct submission_named *one, const json_t *stored)
{
    struct grade_run run;
    struct submission_named alone[] = {*one};
    const struct submission_list list = {.submissions = alone, .count = 1};
    grade_run_begin(&run);
    struct class_plan plan = {.grading = *grading,
                              .submissions = &list,
                              .folder = run.scratch.folder,
                              .scratch = run.scratch.folder,
                              .jobs = 1};
    plan.grading.seed = string_in(stored, "seed");
    plan.grading.only_check = options->replayed_check;
    json_t *grades = grade_run_play(&run, &plan);
    grade_run_end(&run);
    json_t *document = json_incref(json_array_get(grades, 0));
    json_decref(grades);
    return document;
}

static int exit_code_of(const char *verdict, bool is_strict)
{
    if (strcmp(verdict, "error") == 0)
        return EXIT_PROCTOR_FAILED;
    if (strcmp(verdict, "pass") == 0)
        return EXIT_YES;
    if (strcmp(verdict, "inconclusive") == 0)
        return is_strict ? EXIT_INCONCLUSIVE : EXIT_YES;
    return EXIT_SUBJECT_FAILED;
}

int grade_replay(const struct grade_class_options *options,
                 const struct submission_options *submission, const struct grading_plan *grading)
{
    struct submission_list list;
    char *trouble = NULL;
    if (submission_list_read(&list, options->submissions, options->submission_count, &trouble) < 0)
        die(EXIT_USAGE, "grade: %s", trouble);
    const struct submission_named one = find_submission(&list, options->replayed_id);
    check_name(grading->assignment, options->replayed_check);
    char *path =
        options->folder != NULL ? text_of("%s/grades/%s.json", options->folder, one.id) : NULL;
    json_t *stored = load_stored(path, grading->assignment);
    json_t *document = play(options, grading, &one, stored);
    const char *verdict = verdict_in(document, options->replayed_check);
    if (submission_options_prints_text(submission)) {
        print_checks(document);
        print_changes(stored, document);
        print_comparison(path, stored, verdict, options->replayed_check);
    }
    int code = exit_code_of(verdict, submission->is_strict);
    command_write_document(document, submission->json_path);
    json_decref(stored);
    free(path);
    submission_list_release(&list);
    return code;
}
