#include "grader/class/class_document.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/assignment/assignment.h"
#include "grader/gradebook/graded.h"
#include "results/document/document.h"
#include "text/json_field.h"
#include "text/name_index.h"
#include "text/sanitise.h"

#include <stdlib.h>
#include <string.h>

static const char *verdict_on(const json_t *grade, const char *check)
{
    const char *verdict = field_text(graded_find_check(grade, check), "verdict");
    return verdict != NULL ? verdict : "none";
}

/*** Submissions ***/

/* The checks that it has not passed, in one string, for comparing. */
static char *failed_checks(const struct assignment *assignment, const json_t *grade)
{
    struct bytes failed = {0};
    for (unsigned i = 0; i < assignment->checks_count; i++) {
        const char *verdict = verdict_on(grade, assignment->checks[i].id);
        if (strcmp(verdict, "fail") == 0 || strcmp(verdict, "partial") == 0)
            bytes_print(&failed, "%s%s", failed.length > 0 ? "," : "", assignment->checks[i].id);
    }
    return bytes_take_text(&failed);
}

/* {"check", "text"}: what its hand-in is at fault in. */
static json_t *describe_fault(const json_t *grade)
{
    const char *id = field_text(grade, "not_run");
    const json_t *check = graded_find_check(grade, id);
    const json_t *row = json_array_get(json_object_get(check, "evidence"), 0);
    return json_pack("{s:s, s:s*, s:s*}", "check", id, "finding", field_text(check, "finding"),
                     "text", field_text(row, "text"));
}

static json_t *describe_submission(const struct assignment *assignment, const json_t *grade)
{
    const char *id = graded_id(grade);
    json_t *verdicts = json_object();
    for (unsigned i = 0; i < assignment->checks_count; i++)
        json_object_set_new(verdicts, assignment->checks[i].id,
                            json_string(verdict_on(grade, assignment->checks[i].id)));
    char *document = text_of("grades/%s.json", id);
    json_t *described = json_pack(
        "{s:s, s:s, s:O, s:s, s:o}", "id", id, "verdict", field_text(grade, "verdict"), "points",
        json_object_get(grade, "points"), "document", document, "checks", verdicts);
    free(document);
    const json_t *submission = json_object_get(grade, "submission");
    json_t *taken_in = json_object_get(submission, "taken_in");
    if (taken_in != NULL)
        json_object_set(described, "taken_in", taken_in);
    if (graded_was_not_run(grade))
        json_object_set_new(described, "not_run", describe_fault(grade));
    return described;
}

/*** What they have in common ***/

static void add_to_group(json_t *groups, struct name_index *places, const char *failed,
                         const char *id)
{
    if (name_index_add(places, failed, json_array_size(groups)))
        json_array_append_new(groups, json_pack("{s:s, s:[]}", "failed", failed, "submissions"));
    const json_t *group = json_array_get(groups, name_index_find(places, failed));
    json_array_append_new(json_object_get(group, "submissions"), json_string(id));
}

/* Of two and more. */
static json_t *describe_groups(const struct assignment *assignment, const json_t *grades)
{
    json_t *groups = json_array();
    json_t *shared = json_array();
    struct name_index places = {0};
    size_t i = 0;
    json_t *grade = NULL;
    json_t *group = NULL;
    json_array_foreach (grades, i, grade) {
        char *failed = failed_checks(assignment, grade);
        if (failed[0] != '\0')
            add_to_group(groups, &places, failed, graded_id(grade));
        free(failed);
    }
    json_array_foreach (groups, i, group)
        if (json_array_size(json_object_get(group, "submissions")) > 1)
            json_array_append(shared, group);
    name_index_release(&places);
    json_decref(groups);
    return shared;
}

/* Failed by all that could be graded: perhaps the assignment itself is wrong. */
static json_t *describe_suspicious(const struct assignment *assignment, const json_t *grades)
{
    json_t *suspicious = json_array();
    for (unsigned c = 0; c < assignment->checks_count; c++) {
        size_t failed = 0;
        size_t graded = 0;
        size_t i = 0;
        json_t *grade = NULL;
        json_array_foreach (grades, i, grade) {
            const char *verdict = verdict_on(grade, assignment->checks[c].id);
            graded += !field_is_word(grade, "verdict", "error") && !graded_was_not_run(grade);
            failed += strcmp(verdict, "fail") == 0 || strcmp(verdict, "inconclusive") == 0;
        }
        if (graded > 1 && failed == graded)
            json_array_append_new(suspicious, json_string(assignment->checks[c].id));
    }
    return suspicious;
}

/* Whose check was decided by the clock: {"check", "submissions"} for each check that was. */
static json_t *describe_clock(const struct assignment *assignment, const json_t *grades)
{
    json_t *by_clock = json_array();
    for (unsigned c = 0; c < assignment->checks_count; c++) {
        json_t *submissions = json_array();
        size_t i = 0;
        json_t *grade = NULL;
        json_array_foreach (grades, i, grade)
            if (field_is_word(graded_find_check(grade, assignment->checks[c].id), "decided_by",
                              "clock"))
                json_array_append_new(submissions, json_string(graded_id(grade)));
        if (json_array_size(submissions) > 0)
            json_array_append_new(by_clock,
                                  json_pack("{s:s, s:O}", "check", assignment->checks[c].id,
                                            "submissions", submissions));
        json_decref(submissions);
    }
    return by_clock;
}

json_t *class_describe(const struct assignment *assignment, const char *language,
                       const json_t *grades)
{
    json_t *class = document_new(SCHEMA_CLASS);
    json_object_set_new(class, "assignment", json_string(assignment->id));
    json_object_set_new(class, "title", json_string(text_in(&assignment->title, language)));
    json_object_set_new(class, "language", json_string(language));
    json_object_set_new(class, "max_points", json_real(assignment->points));
    json_t *checks = json_array();
    for (unsigned i = 0; i < assignment->checks_count; i++)
        json_array_append_new(checks, json_pack("{s:s, s:f}", "id", assignment->checks[i].id,
                                                "max_points", assignment->checks[i].points));
    json_object_set_new(class, "checks", checks);
    json_t *submissions = json_array();
    size_t i = 0;
    json_t *grade = NULL;
    json_array_foreach (grades, i, grade)
        json_array_append_new(submissions, describe_submission(assignment, grade));
    json_object_set_new(class, "submissions", submissions);
    json_object_set_new(class, "failed_alike", describe_groups(assignment, grades));
    json_object_set_new(class, "failed_by_all", describe_suspicious(assignment, grades));
    json_object_set_new(class, "decided_by_clock", describe_clock(assignment, grades));
    return class;
}

/*** For people ***/

/* In the order of enum verdict; nothing for an error. */
static const char letters[] = "+/-?. ";

static void append_legend(struct bytes *out, const json_t *checks)
{
    size_t i = 0;
    json_t *check = NULL;
    json_array_foreach (checks, i, check) {
        bytes_print(out, "%3zu ", i + 1);
        sanitise_print(out, SANITISE_LINE, "%s", field_text(check, "id"));
        bytes_print(out, " (%g)\n", field_number(check, "max_points", 0));
    }
    bytes_print(out, "%s\n\n", _("+ pass, / partial, - fail, ? inconclusive, . skipped"));
}

static void append_submission(struct bytes *out, const json_t *one, const json_t *checks)
{
    size_t i = 0;
    json_t *check = NULL;
    const json_t *points = json_object_get(one, "points");
    const json_t *verdicts = json_object_get(one, "checks");
    json_array_foreach (checks, i, check)
        bytes_append(out, &letters[verdict_find(field_text(verdicts, field_text(check, "id")))], 1);
    if (json_is_number(points))
        bytes_print(out, " %7g", json_number_value(points));
    else
        bytes_print(out, "  %s", _("no mark"));
    sanitise_print(out, SANITISE_LINE, "  %s\n", field_text(one, "id"));
}

/* Of whom nothing was run, and of whom something was done to run it. */
static void append_hand_ins(struct bytes *out, const json_t *class)
{
    size_t i = 0;
    json_t *one = NULL;
    json_array_foreach (json_object_get(class, "submissions"), i, one) {
        const json_t *fault = json_object_get(one, "not_run");
        size_t j = 0;
        json_t *sentence = NULL;
        if (fault != NULL)
            sanitise_print(out, SANITISE_LINE, "\n%s: %s: ", field_text(one, "id"),
                           field_text(fault, "finding"));
        if (fault != NULL)
            sanitise_print(out, SANITISE_LINE, "%s", field_text(fault, "text"));
        json_array_foreach (json_object_get(one, "taken_in"), j, sentence)
            sanitise_print(out, SANITISE_LINE, "\n%s: %s", field_text(one, "id"),
                           json_string_value(sentence));
    }
}

static void append_common(struct bytes *out, const json_t *class)
{
    size_t i = 0;
    json_t *one = NULL;
    json_array_foreach (json_object_get(class, "failed_alike"), i, one) {
        size_t j = 0;
        json_t *id = NULL;
        bytes_print(out, "\n");
        sanitise_print(out, SANITISE_LINE, _("failed alike (%s):"), field_text(one, "failed"));
        json_array_foreach (json_object_get(one, "submissions"), j, id)
            sanitise_print(out, SANITISE_LINE, " %s", json_string_value(id));
    }
    json_array_foreach (json_object_get(class, "failed_by_all"), i, one) {
        bytes_print(out, "\n");
        sanitise_print(out, SANITISE_LINE, _("No submission passed %s: check the assignment."),
                       json_string_value(one));
    }
    json_array_foreach (json_object_get(class, "decided_by_clock"), i, one) {
        size_t j = 0;
        json_t *id = NULL;
        bytes_print(out, "\n");
        bytes_print(out, "%s (%s):", _("decided by the clock"), field_text(one, "check"));
        json_array_foreach (json_object_get(one, "submissions"), j, id)
            bytes_print(out, " %s", json_string_value(id));
    }
    bytes_print(out, "\n");
}

void class_table(const json_t *class, struct bytes *out)
{
    size_t i = 0;
    json_t *one = NULL;
    const json_t *checks = json_object_get(class, "checks");
    sanitise_print(out, SANITISE_LINE, "%s: %s\n\n", field_text(class, "assignment"),
                   field_text(class, "title"));
    append_legend(out, checks);
    json_array_foreach (json_object_get(class, "submissions"), i, one)
        append_submission(out, one, checks);
    append_hand_ins(out, class);
    append_common(out, class);
    bytes_print(out, "\n%s proctor grade ASSIGNMENT SUBMISSION... --output DIR --replay ID CHECK\n",
                _("one check again:"));
}
