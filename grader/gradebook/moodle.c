/* Moodle's import of grades from CSV (Grades, Import, CSV): who, the points, the feedback. UTF-8,
 * commas, RFC 4180; what each column is, one chooses when importing.
 *
 * One column identifies the student, by email address, ID number or user name; a student whom
 * Moodle does not find ends the whole import. So where participants are known (participants.h) only
 * they have a row, and moodle_rest.c lists the others. Otherwise the column has the name of the
 * submission.
 *
 * A cell of points is a number or empty; anything else would end the whole import. Empty means "no
 * grade", which is what an error of proctor's own gets. Moodle reads feedback as HTML, so it is
 * escaped for HTML first and then for CSV. Staff import it: the feedback names all checks. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

/* As in RFC 4180. */
#define END_OF_ROW "\r\n"

static const json_t *participant_of(const json_t *grade)
{
    return json_object_get(json_object_get(grade, "submission"), "participant");
}

static bool is_left_out(const json_t *grade)
{
    const json_t *submission = json_object_get(grade, "submission");
    return graded_has_text(json_object_get(submission, "not_imported"));
}

/* The title of the column that identifies the student. */
static void append_identity_title(struct bytes *out, const json_t *grades)
{
    size_t i = 0;
    const json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        const json_t *column = json_object_get(participant_of(grade), "column");
        if (!graded_has_text(column))
            continue;
        graded_append(out, column, SANITISE_CSV);
        return;
    }
    bytes_print(out, "\"submission\"");
}

static void begin(const json_t *grades, struct bytes *out)
{
    struct graded first;
    graded_read(&first, json_array_get(grades, 0), AUDIENCE_STAFF);
    struct bytes item = {0};
    struct bytes feedback = {0};
    graded_append(&item, first.title, SANITISE_LINE);
    if (item.length == 0)
        bytes_print(&item, "%s", _("grade"));
    bytes_print(&feedback, _("%.*s (feedback)"), (int)item.length, bytes_front(&item));
    append_identity_title(out, grades);
    bytes_print(out, ",");
    graded_append_bytes(out, &item, SANITISE_CSV);
    bytes_print(out, ",");
    graded_append_bytes(out, &feedback, SANITISE_CSV);
    bytes_print(out, END_OF_ROW);
}

static void append_check(struct bytes *feedback, const struct graded_check *check)
{
    bytes_print(feedback, "\n%zu. ", check->number);
    graded_append_title(feedback, check, SANITISE_HTML);
    bytes_print(feedback, "%s%s, %s", _(": "), verdict_text(check->verdict),
                graded_earned(check).text);
    if (check->verdict == VERDICT_PASS)
        return;
    bytes_print(feedback, "\n");
    graded_append_explanation(feedback, check, SANITISE_HTML);
}

static void append_feedback(struct bytes *out, const struct graded *graded)
{
    struct bytes feedback = {0};
    if (graded->has_points)
        graded_append_score(&feedback, graded, SANITISE_HTML);
    else
        graded_append_error(&feedback, graded, SANITISE_HTML);
    struct graded_check check = {0};
    while (graded->has_points && graded_next_check(&check, graded))
        append_check(&feedback, &check);
    graded_append_bytes(out, &feedback, SANITISE_CSV);
}

static void render(const struct graded *graded, struct bytes *out)
{
    if (is_left_out(graded->document))
        return;
    const json_t *value = json_object_get(participant_of(graded->document), "value");
    graded_append(out, value != NULL ? value : graded->submission, SANITISE_CSV);
    bytes_print(out, ",%s,", graded->has_points ? graded_points(graded->points).text : "");
    append_feedback(out, graded);
    bytes_print(out, END_OF_ROW);
}

const struct gradebook gradebook_moodle = {
    .name = "moodle",
    .summary = "CSV for Moodle's import of grades; for staff",
    .file = "grades.csv",
    .takes_many = true,
    .audience = AUDIENCE_STAFF,
    .beside = &gradebook_moodle_rest,
    .begin = begin,
    .render = render,
};
