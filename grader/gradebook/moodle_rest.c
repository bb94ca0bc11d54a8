/* Beside Moodle's CSV (moodle.c): the submissions that get no mark by importing it, and why. A row
 * for a student that Moodle does not know would end the whole import, so it goes here instead. A
 * submission that could not be graded has a row there too, with an empty cell, if its student is
 * known. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

static void append_reason(struct bytes *out, const struct graded *graded, const json_t *why)
{
    struct bytes reason = {0};
    if (graded_has_text(why))
        graded_append(&reason, why, SANITISE_STRING);
    if (graded_has_text(why) && !graded->has_points)
        bytes_print(&reason, "; ");
    if (!graded->has_points)
        graded_append_error(&reason, graded, SANITISE_STRING);
    graded_append_bytes(out, &reason, SANITISE_CSV);
}

static void begin(const json_t *grades, struct bytes *out)
{
    (void)grades;
    bytes_print(out, "\"%s\",\"%s\",\"%s\"\r\n", _("submission"), _("points"),
                _("not imported because"));
}

static void render(const struct graded *graded, struct bytes *out)
{
    const json_t *submission = json_object_get(graded->document, "submission");
    const json_t *why = json_object_get(submission, "not_imported");
    if (graded->has_points && !graded_has_text(why))
        return;
    graded_append(out, graded->submission, SANITISE_CSV);
    bytes_print(out, ",%s,", graded->has_points ? graded_points(graded->points).text : "");
    append_reason(out, graded, why);
    bytes_print(out, "\r\n");
}

const struct gradebook gradebook_moodle_rest = {
    .name = "moodle-rest",
    .summary = "CSV of who gets no mark by Moodle's import, and why; for staff",
    .file = "not-imported.csv",
    .takes_many = true,
    .audience = AUDIENCE_STAFF,
    .begin = begin,
    .render = render,
};
