/* GitHub Classroom: the output of a step that grades, as its reporter reads it: the line
 * "result=..." for the file that GITHUB_OUTPUT names.
 *
 * Its value is the base64 of an object: version 1, status ("pass", "fail", "error"), max_score, and
 * tests of name, status, score, message, test_code, filename, line_no and duration (ms). The
 * reporter is given it in the environment, as NAME_RESULTS, adds the scores of all tests and the
 * max_scores of all steps, and makes notices of the two sums, which are the mark.
 *
 * Points are whole numbers there (whole_points.h). Without a grade the status is "error" and
 * max_score is 0: with another max_score the mark would be zero, and without one the reporter's sum
 * would be no number. Students read it: of a hidden check it shows only the points. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"
#include "grader/gradebook/whole_points.h"
#include "text/base64.h"

#include <stdlib.h>
#include <string.h>

#define VERSION 1

/* A text of the explanation, or null where there is nothing to explain. */
static json_t *message_of(const struct graded_check *check)
{
    struct bytes message = {0};
    if (check->verdict != VERDICT_PASS)
        graded_append_explanation(&message, check, SANITISE_TEXT);
    return message.length > 0 ? graded_string(&message) : json_null();
}

static json_t *describe_test(json_t *name, const char *status, json_int_t score, json_t *message,
                             json_t *code, double duration_s)
{
    return json_pack("{s:o, s:s, s:I, s:o, s:o, s:s, s:i, s:o}", "name", name, "status", status,
                     "score", score, "message", message, "test_code", code, "filename", "",
                     "line_no", 0, "duration", graded_number(duration_s * 1e3));
}

static json_t *describe_check(const struct graded_check *check, int factor)
{
    return describe_test(graded_title_string(check, SANITISE_LINE),
                         graded_has_passed(check) ? "pass" : "fail",
                         whole_points_score(check->points, check->max_points, factor),
                         message_of(check), graded_copy(check->id), check->duration_s);
}

/* max_score is the sum of the tests' own: rounding must not make a mark full. */
static json_t *describe_grade(const struct graded *graded)
{
    json_t *tests = json_array();
    int factor = whole_points_factor(graded);
    json_int_t most = 0;
    bool has_passed = true;
    struct graded_check check = {0};
    while (graded_next_check(&check, graded)) {
        most += whole_points_max(check.max_points, factor);
        has_passed = has_passed && graded_has_passed(&check);
        json_array_append_new(tests, describe_check(&check, factor));
    }
    if (graded->check_count == 0)
        most = whole_points_max(graded->max_points, factor);
    return json_pack("{s:i, s:s, s:I, s:o}", "version", VERSION, "status",
                     has_passed ? "pass" : "fail", "max_score", most, "tests", tests);
}

static json_t *describe_error(const struct graded *graded)
{
    struct bytes message = {0};
    graded_append_error(&message, graded, SANITISE_TEXT);
    json_t *test = describe_test(json_string(_("grader problem")), "error", 0,
                                 graded_string(&message), json_string(""), 0);
    return json_pack("{s:i, s:s, s:i, s:[o]}", "version", VERSION, "status", "error", "max_score",
                     0, "tests", test);
}

static void render(const struct graded *graded, struct bytes *out)
{
    json_t *result = graded->has_points ? describe_grade(graded) : describe_error(graded);
    char *text = json_dumps(result, JSON_COMPACT | JSON_ENSURE_ASCII);
    bytes_print(out, "result=");
    base64_append(out, text, strlen(text));
    bytes_print(out, "\n");
    free(text);
    json_decref(result);
}

const struct gradebook gradebook_classroom = {
    .name = "classroom",
    .summary = "the output of a step for the reporter of GitHub Classroom",
    .file = "-",
    .render = render,
};
