/* Gradescope: results.json, as its documentation of autograders specifies it ("Output Format").
 *
 * Every test has all that is known, as staff see it, and the visibility that keeps it from the
 * students. The text on top is for both, and thus counts only what students see. What there is no
 * grade for leaves no file: the platform then shows its own failure and takes no attempt for a
 * zero. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded.h"

static const char *visibility_name(enum graded_visibility visibility)
{
    static const char *const names[] = {
        [GRADED_SHOWN] = "visible",
        [GRADED_HIDDEN] = "hidden",
        [GRADED_AFTER_DUE_DATE] = "after_due_date",
    };
    return names[visibility];
}

/* Whatever could not be decided has passed if the grading gave it all points for that. */
static bool has_passed(const struct graded_check *check)
{
    if (check->verdict == VERDICT_INCONCLUSIVE)
        return check->max_points > 0 && check->points >= check->max_points;
    return check->verdict == VERDICT_PASS;
}

static json_t *describe_check(const struct graded_check *check)
{
    struct bytes name = {0};
    struct bytes output = {0};
    graded_append_title(&name, check, SANITISE_STRING);
    graded_append_explanation(&output, check, SANITISE_STRING);
    json_t *extra = json_pack("{s:o, s:s, s:s}", "id", graded_copy(check->id), //
                              "verdict", verdict_name(check->verdict),         //
                              "decided_by", check->is_decided_by_timeout ? "timeout" : "evidence");
    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:s, s:o}",        //
                     "number", json_sprintf("%zu", check->number),      //
                     "name", graded_string(&name),                      //
                     "score", graded_number(check->points),             //
                     "max_score", graded_number(check->max_points),     //
                     "status", has_passed(check) ? "passed" : "failed", //
                     "output", graded_string(&output),                  //
                     "visibility", visibility_name(check->visibility), "extra_data", extra);
}

static json_t *describe_all(const struct graded *graded)
{
    struct bytes output = {0};
    json_t *tests = json_array();
    size_t passed = 0;
    for (size_t i = 0; i < graded->check_count; i++) {
        struct graded_check check;
        graded_read_check(&check, graded, i, AUDIENCE_STAFF);
        passed += check.visibility == GRADED_SHOWN && has_passed(&check);
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

static void render(const json_t *grades, struct bytes *out)
{
    struct graded graded;
    graded_read_only(&graded, grades);
    if (graded.has_points)
        graded_append_json(out, describe_all(&graded));
}

const struct gradebook gradebook_gradescope = {
    .name = "gradescope",
    .summary = "results.json of a Gradescope autograder",
    .file = "results.json",
    .render = render,
};
