/* Classroom 50: result.json ("classroom50/result/v1").
 *
 * Marks are whole numbers there (whole_points.h).
 *
 * What only the platform knows, from its environment, stands in the document under "classroom50"
 * with the names of the format: classroom, assignment, assignment_type, owner, submission, commit,
 * release, review, datetime (of the submission), submitted_by. Without it the assignment, the owner
 * and the time come from the document, and the others are missing.
 *
 * Without a grade no file is written: the platform reads an exit code other than 0 as an error of
 * its infrastructure. Students read it: of a hidden check it shows only the points. */
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"
#include "grader/gradebook/whole_points.h"

#define NAME_BYTES_MAX ((size_t)100)

/* The number keeps it unique even when it is cut. */
static json_t *name_of(const struct graded_check *check)
{
    struct bytes name = {0};
    bytes_print(&name, "%zu. ", check->number);
    graded_append_title(&name, check, SANITISE_LINE);
    size_t length = name.length < NAME_BYTES_MAX ? name.length : NAME_BYTES_MAX;
    const char *text = bytes_front(&name);
    while (length < name.length && ((unsigned char)text[length] & 0xC0U) == 0x80)
        length--;
    json_t *string = json_stringn(text, length);
    bytes_release(&name);
    return string;
}

static json_t *describe_check(const struct graded_check *check, int factor)
{
    json_t *test = json_pack("{s:o, s:b, s:I, s:I}", "test-name", name_of(check), //
                             "passed", (int)graded_has_passed(check),             //
                             "score", whole_points_score(check->points, check->max_points, factor),
                             "max-score", whole_points_max(check->max_points, factor));
    if (check->is_hidden)
        return test;
    struct bytes message = {0};
    graded_append_finding(&message, check, SANITISE_LINE);
    json_object_set_new(test, "verdict", json_string(verdict_name(check->verdict)));
    json_object_set_new(test, "message", graded_string(&message));
    return test;
}

/*** What the platform knows ***/

static void set_text(json_t *result, const char *key, const json_t *text)
{
    if (graded_has_text(text))
        json_object_set_new(result, key, graded_copy(text));
}

static const json_t *known(const json_t *platform, const char *key, const json_t *otherwise)
{
    const json_t *value = json_object_get(platform, key);
    return graded_has_text(value) ? value : otherwise;
}

static void set_submitter(json_t *result, const json_t *platform)
{
    const json_t *submitter = json_object_get(platform, "submitted_by");
    if (!graded_has_text(json_object_get(submitter, "username")))
        return;
    json_t *described = json_object();
    set_text(described, "username", json_object_get(submitter, "username"));
    if (json_is_integer(json_object_get(submitter, "id")))
        json_object_set(described, "id", json_object_get(submitter, "id"));
    json_object_set_new(result, "submitted_by", described);
}

static json_t *describe_origin(const struct graded *graded)
{
    const json_t *platform = json_object_get(graded->document, "classroom50");
    const json_t *kind = json_object_get(platform, "assignment_type");
    json_t *result = json_pack("{s:s}", "schema", "classroom50/result/v1");
    set_text(result, "classroom", known(platform, "classroom", NULL));
    set_text(result, "assignment",
             known(platform, "assignment", json_object_get(graded->document, "assignment")));
    json_object_set_new(result, "assignment_type",
                        graded_has_text(kind) ? graded_copy(kind) : json_string("individual"));
    set_text(result, "owner", known(platform, "owner", graded->submission));
    static const char *const others[] = {"submission", "commit", "release", "review"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        set_text(result, others[i], known(platform, others[i], NULL));
    set_text(result, "datetime", known(platform, "datetime", graded->time));
    set_text(result, "graded_at", graded->time);
    set_submitter(result, platform);
    return result;
}

static void render(const struct graded *graded, struct bytes *out)
{
    if (!graded->has_points)
        return;
    int factor = whole_points_factor(graded);
    json_t *tests = json_array();
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        json_array_append_new(tests, describe_check(&check, factor));
    json_t *result = describe_origin(graded);
    json_object_set_new(
        result, "score",
        json_integer(whole_points_score(graded->points, graded->max_points, factor)));
    json_object_set_new(result, "max-score",
                        json_integer(whole_points_max(graded->max_points, factor)));
    json_object_set_new(result, "tests", tests);
    graded_append_json(out, result);
}

const struct gradebook gradebook_classroom50 = {
    .name = "classroom50",
    .summary = "result.json of Classroom 50",
    .file = "result.json",
    .render = render,
};
