/* The class as one document, and as a table. */
#include "base/language.h"
#include "grader/class/class.h"

#include "base/memory.h"
#include "results/document/document.h"

#include <stdlib.h>
#include <string.h>

static const char *string_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static const char *verdict_on(const json_t *grade, const char *check)
{
    size_t i = 0;
    json_t *one = NULL;
    json_array_foreach (json_object_get(grade, "checks"), i, one)
        if (strcmp(string_in(one, "id"), check) == 0)
            return string_in(one, "verdict");
    return "none";
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
    char *text = text_of("%.*s", (int)failed.length, failed.length > 0 ? bytes_front(&failed) : "");
    bytes_release(&failed);
    return text;
}

static json_t *describe_submission(const struct assignment *assignment, const json_t *grade)
{
    const char *id = string_in(json_object_get(grade, "submission"), "id");
    json_t *verdicts = json_object();
    for (unsigned i = 0; i < assignment->checks_count; i++)
        json_object_set_new(verdicts, assignment->checks[i].id,
                            json_string(verdict_on(grade, assignment->checks[i].id)));
    char *document = text_of("grades/%s.json", id);
    json_t *described = json_pack(
        "{s:s, s:s, s:O, s:s, s:o}", "id", id, "verdict", string_in(grade, "verdict"), "points",
        json_object_get(grade, "points"), "document", document, "checks", verdicts);
    free(document);
    return described;
}

/*** What they have in common ***/

static void add_to_group(json_t *groups, const char *failed, const char *id)
{
    size_t i = 0;
    json_t *group = NULL;
    json_array_foreach (groups, i, group)
        if (strcmp(string_in(group, "failed"), failed) == 0) {
            json_array_append_new(json_object_get(group, "submissions"), json_string(id));
            return;
        }
    json_array_append_new(groups, json_pack("{s:s, s:[s]}", "failed", failed, "submissions", id));
}

/* Of two and more. */
static json_t *describe_groups(const struct assignment *assignment, const json_t *grades)
{
    json_t *groups = json_array();
    size_t i = 0;
    json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        char *failed = failed_checks(assignment, grade);
        if (failed[0] != '\0')
            add_to_group(groups, failed, string_in(json_object_get(grade, "submission"), "id"));
        free(failed);
    }
    for (size_t left = json_array_size(groups); left-- > 0;)
        if (json_array_size(json_object_get(json_array_get(groups, left), "submissions")) < 2)
            json_array_remove(groups, left);
    return groups;
}

/* Failed by all who could be graded: perhaps it is the assignment that is wrong. */
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
            graded += strcmp(string_in(grade, "verdict"), "error") != 0;
            failed += strcmp(verdict, "fail") == 0 || strcmp(verdict, "inconclusive") == 0;
        }
        if (graded > 1 && failed == graded)
            json_array_append_new(suspicious, json_string(assignment->checks[c].id));
    }
    return suspicious;
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
    return class;
}

/*** For people ***/

static char letter_of(const char *verdict)
{
    static const char *const verdicts[] = {"pass", "partial", "fail", "inconclusive", "skipped"};
    static const char letters[] = "+/-?.";
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
        if (strcmp(verdict, verdicts[i]) == 0)
            return letters[i];
    return ' ';
}

static void print_legend(FILE *stream, const json_t *checks)
{
    size_t i = 0;
    json_t *check = NULL;
    json_array_foreach (checks, i, check)
        fprintf(stream, "%3zu %s (%g)\n", i + 1, string_in(check, "id"),
                json_number_value(json_object_get(check, "max_points")));
    fprintf(stream, "%s\n\n", _("+ pass, / in part, - fail, ? could not be decided, . not played"));
}

static void print_submission(FILE *stream, const json_t *one, const json_t *checks)
{
    size_t i = 0;
    json_t *check = NULL;
    const json_t *points = json_object_get(one, "points");
    json_array_foreach (checks, i, check)
        fputc(letter_of(string_in(json_object_get(one, "checks"), string_in(check, "id"))), stream);
    if (json_is_number(points))
        fprintf(stream, " %7g  %s\n", json_number_value(points), string_in(one, "id"));
    else
        fprintf(stream, "  %s  %s\n", _("no mark"), string_in(one, "id"));
}

static void print_common(FILE *stream, const json_t *class)
{
    size_t i = 0;
    json_t *one = NULL;
    json_array_foreach (json_object_get(class, "failed_alike"), i, one) {
        size_t j = 0;
        json_t *id = NULL;
        fputc('\n', stream);
        fprintf(stream, _("failed alike (%s):"), string_in(one, "failed"));
        json_array_foreach (json_object_get(one, "submissions"), j, id)
            fprintf(stream, " %s", json_string_value(id));
    }
    json_array_foreach (json_object_get(class, "failed_by_all"), i, one) {
        fputc('\n', stream);
        fprintf(stream, _("nobody has passed %s: is it the assignment's fault?"),
                json_string_value(one));
    }
    fputc('\n', stream);
}

void class_print(FILE *stream, const json_t *class)
{
    size_t i = 0;
    json_t *one = NULL;
    const json_t *checks = json_object_get(class, "checks");
    fprintf(stream, "%s: %s\n\n", string_in(class, "assignment"), string_in(class, "title"));
    print_legend(stream, checks);
    json_array_foreach (json_object_get(class, "submissions"), i, one)
        print_submission(stream, one, checks);
    print_common(stream, class);
    fprintf(stream, "\n%s proctor grade ASSIGNMENT SUBMISSION... --output DIR --replay ID CHECK\n",
            _("one check once more:"));
}
