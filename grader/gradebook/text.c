/* Plain text, for a student at a terminal or in a mail. No line of what was printed begins at the
 * margin. A hidden check has its points only. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded.h"

#include <stdlib.h>

#define INDENT          "      "
#define VERDICT_COLUMNS 20
#define POINTS_COLUMNS  12

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

static void append_origin(struct bytes *out, const struct graded *graded)
{
    const json_t *tool = json_object_get(graded->document, "tool");
    char *time = graded_text(graded->time, SANITISE_LINE);
    char *version = graded_text(json_object_get(tool, "version"), SANITISE_LINE);
    if (version[0] != '\0')
        bytes_print(out, _("graded %s by proctor %s"), time, version);
    else
        bytes_print(out, _("graded %s by proctor"), time);
    free(version);
    free(time);
}

static void append_heading(struct bytes *out, const struct graded *graded)
{
    graded_append(out, graded->title, SANITISE_LINE);
    bytes_print(out, ": ");
    graded_append(out, graded->submission, SANITISE_LINE);
    bytes_print(out, "\n");
    append_origin(out, graded);
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
    if (left <= 0)
        return;
    bytes_print(out, INDENT);
    bytes_print(out,
                language_count_text("%llu process went on when it had ended",
                                    "%llu processes went on when it had ended",
                                    (unsigned long)left),
                (unsigned long long)left);
    bytes_print(out, "\n");
}

static void append_check(struct bytes *out, const struct graded_check *check)
{
    struct bytes explanation = {0};
    bytes_print(out, "%3zu. ", check->number);
    size_t verdict = out->length;
    bytes_print(out, "%s", check->is_hidden ? "" : graded_verdict_text(check->verdict));
    bytes_pad(out, verdict, VERDICT_COLUMNS);
    bytes_print(out, " ");
    size_t points = out->length;
    graded_append_earned(out, check);
    bytes_pad(out, points, POINTS_COLUMNS);
    bytes_print(out, " ");
    graded_append_title(out, check, SANITISE_LINE);
    bytes_print(out, "\n");
    if (check->verdict == GRADED_PASS && !check->is_hidden)
        graded_append(&explanation, check->finding, SANITISE_TEXT);
    else
        graded_append_explanation(&explanation, check, SANITISE_TEXT);
    if (explanation.length > 0)
        append_indented(out, &explanation);
    bytes_release(&explanation);
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
        bytes_print(out, "%s\n", _("no checks"));
}

const struct gradebook gradebook_text = {
    .name = "text",
    .summary = "plain text for a student",
    .file = "grade.txt",
    .render = render,
};
