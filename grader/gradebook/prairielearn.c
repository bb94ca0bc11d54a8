/* PrairieLearn: results.json of an external grader, at most 1 MB. The score is a share of one. An
 * error of proctor's own is "not gradable", which costs the student no attempt. Students read all
 * of it, so hidden checks have neither name nor text. */
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

/* Of the texts; escapes can double it. */
#define TEXTS_BYTES_MAX ((size_t)400 * 1000)

static json_t *describe_check(const struct graded_check *check, size_t *texts_bytes)
{
    struct bytes output = {0};
    if (*texts_bytes < TEXTS_BYTES_MAX)
        graded_append_explanation(&output, check, SANITISE_STRING);
    *texts_bytes += output.length;
    json_t *test =
        json_pack("{s:o, s:o, s:o}", "name", graded_title_string(check, SANITISE_STRING), //
                  "points", graded_number(check->points),                                 //
                  "max_points", graded_number(check->max_points));
    if (!check->is_hidden)
        json_object_set_new(test, "message", json_string(verdict_text(check->verdict)));
    json_object_set_new(test, "output", graded_string(&output));
    return test;
}

static double share_of(const struct graded *graded)
{
    if (graded->max_points <= 0)
        return graded->verdict == VERDICT_PASS ? 1 : 0;
    double share = graded->points / graded->max_points;
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

static json_t *describe_all(const struct graded *graded)
{
    struct bytes message = {0};
    graded_append_score(&message, graded, SANITISE_STRING);
    json_t *tests = json_array();
    size_t texts_bytes = 0;
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        json_array_append_new(tests, describe_check(&check, &texts_bytes));
    return json_pack("{s:b, s:f, s:o, s:o}", "gradable", true, "score", share_of(graded), //
                     "message", graded_string(&message), "tests", tests);
}

static void render(const struct graded *graded, struct bytes *out)
{
    struct bytes message = {0};
    if (graded->has_points) {
        graded_append_json(out, describe_all(graded));
    } else {
        graded_append_error(&message, graded, SANITISE_STRING);
        graded_append_json(out, json_pack("{s:b, s:o}", "gradable", false, //
                                          "message", graded_string(&message)));
    }
}

const struct gradebook gradebook_prairielearn = {
    .name = "prairielearn",
    .summary = "results.json of a PrairieLearn external grader",
    .file = "results.json",
    .render = render,
};
