/* Plain text, for a student at a terminal or in a mail. No line of what was printed begins at the
 * margin. A hidden check has its points only. */
#include "grader/gradebook.h"
#include "grader/graded.h"

#define INDENT "      "

/* Each line of the text further to the right. */
static void append_indented(struct bytes *out, const struct bytes *text)
{
    const char *at = text->length > 0 ? bytes_front(text) : "";
    for (size_t i = 0; i < text->length; i++) {
        if (i == 0 || at[i - 1] == '\n')
            bytes_print(out, INDENT);
        bytes_append(out, &at[i], 1);
    }
    bytes_print(out, "\n");
}

static void append_number(struct bytes *out, const char *key, const json_t *document)
{
    if (json_is_string(json_object_get(document, key))) {
        bytes_print(out, " ");
        graded_append(out, json_object_get(document, key), SANITISE_LINE);
    }
}

static void append_heading(struct bytes *out, const struct graded *graded)
{
    graded_append(out, graded->title, SANITISE_LINE);
    bytes_print(out, ": ");
    graded_append(out, graded->submission, SANITISE_LINE);
    bytes_print(out, "\ngraded ");
    graded_append(out, graded->time, SANITISE_LINE);
    bytes_print(out, " by proctor");
    append_number(out, "version", json_object_get(graded->document, "tool"));
    bytes_print(out, "\n\n");
    graded_append_score(out, graded, SANITISE_LINE);
    bytes_print(out, "\n");
}

static void append_remarks(struct bytes *out, const struct graded *graded)
{
    struct bytes remarks = {0};
    if (!graded->has_points)
        graded_append_error(&remarks, graded, SANITISE_TEXT);
    else
        graded_append_model(&remarks, graded, SANITISE_TEXT);
    if (remarks.length > 0)
        append_indented(out, &remarks);
    bytes_release(&remarks);
    json_int_t left = json_integer_value(json_object_get(graded->document, "left_running"));
    if (left > 0)
        bytes_print(out, INDENT "%lld processes went on when it had ended\n", (long long)left);
}

static void append_check(struct bytes *out, const struct graded_check *check)
{
    struct bytes points = {0};
    struct bytes explanation = {0};
    graded_append_points(&points, check->points);
    bytes_print(&points, " of ");
    graded_append_points(&points, check->max_points);
    bytes_print(out, "%3zu. %-20s %-12.*s ", check->number,
                check->is_hidden ? "" : graded_verdict_text(check->verdict), (int)points.length,
                bytes_front(&points));
    graded_append_title(out, check, SANITISE_LINE);
    bytes_print(out, "\n");
    if (check->verdict == GRADED_PASS && !check->is_hidden)
        graded_append(&explanation, check->finding, SANITISE_TEXT);
    else
        graded_append_explanation(&explanation, check, SANITISE_TEXT);
    if (explanation.length > 0)
        append_indented(out, &explanation);
    bytes_release(&explanation);
    bytes_release(&points);
}

static void render(const json_t *grades, struct bytes *out)
{
    struct graded graded;
    graded_read_only(&graded, grades);
    append_heading(out, &graded);
    append_remarks(out, &graded);
    bytes_print(out, "\n");
    for (size_t i = 0; i < graded.check_count; i++) {
        struct graded_check check;
        graded_read_check(&check, &graded, i, AUDIENCE_STUDENTS);
        append_check(out, &check);
    }
    if (graded.check_count == 0)
        bytes_print(out, "no checks\n");
}

const struct gradebook gradebook_text = {
    .name = "text",
    .summary = "plain text for a student",
    .file = "grade.txt",
    .render = render,
};
