/* Gradescope: results.json, as its documentation of autograders specifies it ("Output Format").
 *
 * Every test has all that staff may see, and the visibility that hides it from students. Both read
 * the text on top, so it counts only what students see. Without a grade no file is written: the
 * platform then shows a failure of the autograder instead of a zero. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

static const char *const visibilities[] = {
    [GRADED_SHOWN] = "visible",
    [GRADED_HIDDEN] = "hidden",
    [GRADED_AFTER_DUE_DATE] = "after_due_date",
};

static json_t *describe_check(const struct graded_check *check)
{
    json_t *extra = json_pack("{s:o, s:s, s:s}", "id", graded_copy(check->id), //
                              "verdict", verdict_name(check->verdict),         //
                              "decided_by", check->is_decided_by_clock ? "clock" : "evidence");
    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:s, s:o}",                  //
                     "number", json_sprintf("%zu", check->number),                //
                     "name", graded_title_string(check, SANITISE_STRING),         //
                     "score", graded_number(check->points),                       //
                     "max_score", graded_number(check->max_points),               //
                     "status", graded_has_passed(check) ? "passed" : "failed",    //
                     "output", graded_explanation_string(check, SANITISE_STRING), //
                     "visibility", visibilities[check->visibility], "extra_data", extra);
}

static json_t *describe_all(const struct graded *graded)
{
    struct bytes output = {0};
    json_t *tests = json_array();
    size_t passed = 0;
    struct graded_check check = {0};
    while (graded_next_check(&check, graded)) {
        passed += check.visibility == GRADED_SHOWN && graded_has_passed(&check);
        json_array_append_new(tests, describe_check(&check));
    }
    bytes_print(&output, _("%zu of %zu checks passed"), passed,
                graded->check_count - graded->hidden_count);
    bytes_print(&output, "\n");
    graded_append_model(&output, graded, SANITISE_STRING);
    return json_pack("{s:o, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:o}",     //
                     "score", graded_number(graded->points),              //
                     "execution_time", graded_number(graded->duration_s), //
                     "output", graded_string(&output),                    //
                     "output_format", "text", "test_output_format", "text", "test_name_format",
                     "text", "visibility", "visible", "stdout_visibility", "hidden", //
                     "tests", tests);
}

static void render(const struct graded *graded, struct bytes *out)
{
    if (graded->has_points)
        graded_append_json(out, describe_all(graded));
}

const struct gradebook gradebook_gradescope = {
    .name = "gradescope",
    .summary = "results.json of a Gradescope autograder",
    .file = "results.json",
    .audience = AUDIENCE_STAFF,
    .render = render,
};
