/* Moodle's import of grades from CSV (Grades, Import, CSV): who, the points, the feedback. UTF-8,
 * commas, RFC 4180; what each column is, one chooses when importing.
 *
 * A cell of points is a number or empty; anything else would end the whole import. Empty is "no
 * grade", which is what an error of proctor's own gets. Moodle takes feedback for HTML, so it is
 * escaped for that first and for CSV then, where the cell of a number needs neither. Staff import
 * it: the feedback names all checks. */
#include "grader/gradebook.h"
#include "grader/graded.h"

/* RFC 4180 ends its lines so. */
#define END_OF_ROW "\r\n"

static void append_text_cell(struct bytes *out, struct bytes *text)
{
    graded_append_bytes(out, text, SANITISE_CSV);
    bytes_release(text);
}

static void append_header(struct bytes *out, const json_t *grades)
{
    struct graded first;
    graded_read(&first, json_array_get(grades, 0));
    struct bytes item = {0};
    struct bytes feedback = {0};
    graded_append(&item, first.title, SANITISE_LINE);
    if (item.length == 0)
        bytes_print(&item, "grade");
    bytes_append(&feedback, bytes_front(&item), item.length);
    bytes_print(&feedback, " (feedback)");
    bytes_print(out, "\"submission\",");
    append_text_cell(out, &item);
    bytes_print(out, ",");
    append_text_cell(out, &feedback);
    bytes_print(out, END_OF_ROW);
}

static void append_check(struct bytes *feedback, const struct graded_check *check)
{
    bytes_print(feedback, "\n%zu. ", check->number);
    graded_append_title(feedback, check, SANITISE_HTML);
    bytes_print(feedback, ": %s, ", graded_verdict_text(check->verdict));
    graded_append_points(feedback, check->points);
    bytes_print(feedback, " of ");
    graded_append_points(feedback, check->max_points);
    if (check->verdict == GRADED_PASS)
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
    for (size_t i = 0; graded->has_points && i < graded->check_count; i++) {
        struct graded_check check;
        graded_read_check(&check, graded, i, AUDIENCE_STAFF);
        append_check(&feedback, &check);
    }
    append_text_cell(out, &feedback);
}

static void append_row(struct bytes *out, const struct graded *graded)
{
    graded_append(out, graded->submission, SANITISE_CSV);
    bytes_print(out, ",");
    if (graded->has_points)
        graded_append_points(out, graded->points);
    bytes_print(out, ",");
    append_feedback(out, graded);
    bytes_print(out, END_OF_ROW);
}

static void render(const json_t *grades, struct bytes *out)
{
    append_header(out, grades);
    for (size_t i = 0; i < json_array_size(grades); i++) {
        struct graded graded;
        graded_read(&graded, json_array_get(grades, i));
        append_row(out, &graded);
    }
}

const struct gradebook gradebook_moodle = {
    .name = "moodle",
    .summary = "CSV for Moodle's import of grades; for staff",
    .file = "grades.csv",
    .takes_many = true,
    .render = render,
};
