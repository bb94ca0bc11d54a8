/* Plain text, for a student at a terminal or in a mail. No line of what was printed begins at the
 * margin. A hidden check has its points only. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

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

static void append_heading(struct bytes *out, const struct graded *graded)
{
    graded_append(out, graded->title, SANITISE_LINE);
    bytes_print(out, ": ");
    graded_append(out, graded->submission, SANITISE_LINE);
    bytes_print(out, "\n");
    graded_append_origin(out, graded, SANITISE_LINE);
    bytes_print(out, "\n\n");
    graded_append_score(out, graded, SANITISE_LINE);
    bytes_print(out, "\n");
}

static void append_remarks(struct bytes *out, const struct graded *graded)
{
    struct bytes remarks = {0};
    graded_append_remarks(&remarks, graded, SANITISE_TEXT);
    if (remarks.length > 0)
        append_indented(out, &remarks);
    bytes_release(&remarks);
    char *left = graded_left_running(graded);
    if (left != NULL)
        bytes_print(out, INDENT "%s\n", left);
    free(left);
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

static void render(const struct graded *graded, struct bytes *out)
{
    append_heading(out, graded);
    append_remarks(out, graded);
    bytes_print(out, "\n");
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        append_check(out, &check);
    if (graded->check_count == 0)
        bytes_print(out, "%s\n", _("no checks"));
}

const struct gradebook gradebook_text = {
    .name = "text",
    .summary = "plain text for a student",
    .file = "grade.txt",
    .render = render,
};
