/* Plain text, for a student at a terminal or in a mail. All output of a submission is indented. Of
 * a hidden check only the points are shown. Where a command was graded without points, all the
 * evidence is shown. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

#include <stdlib.h>

#define INDENT          "      "
#define VERDICT_COLUMNS 20
#define POINTS_COLUMNS  12

/* The text further to the right, if there is any; releases it. */
static void append_indented(struct bytes *out, struct bytes *text)
{
    const char *end = text->length > 0 ? "\n" : "";
    graded_append_lines(out, text, INDENT, INDENT);
    bytes_print(out, "%s", end);
}

static void append_heading(struct bytes *out, const struct graded *graded)
{
    graded_append(out, graded->title, SANITISE_LINE);
    bytes_print(out, "%s", _(": "));
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
    append_indented(out, &remarks);
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
    bytes_print(out, "%s", check->is_hidden ? "" : verdict_text(check->verdict));
    bytes_pad(out, verdict, VERDICT_COLUMNS);
    bytes_print(out, " ");
    size_t points = out->length;
    bytes_print(out, "%s", graded_earned(check).text);
    bytes_pad(out, points, POINTS_COLUMNS);
    bytes_print(out, " ");
    graded_append_title(out, check, SANITISE_LINE);
    bytes_print(out, "\n");
    if (check->verdict == VERDICT_PASS && !check->is_hidden)
        graded_append(&explanation, check->finding, SANITISE_TEXT);
    else
        graded_append_explanation(&explanation, check, SANITISE_TEXT);
    append_indented(out, &explanation);
}

/*** Without points ***/

#define WORD_COLUMNS 12
#define BEHIND_WORD  "             "

static void append_evidence(struct bytes *out, const json_t *evidence)
{
    size_t index = 0;
    const json_t *row = NULL;
    json_array_foreach (evidence, index, row) {
        struct bytes text = {0};
        graded_append(&text, json_object_get(row, "text"), SANITISE_TEXT);
        graded_append_lines(out, &text, BEHIND_WORD "- ", BEHIND_WORD "  ");
        bytes_print(out, "\n");
    }
}

static void append_finding(struct bytes *out, const struct graded_check *check)
{
    size_t word = out->length;
    bytes_print(out, "%s", _(verdict_name(check->verdict)));
    bytes_pad(out, word, WORD_COLUMNS);
    bytes_print(out, " ");
    graded_append_title(out, check, SANITISE_LINE);
    bytes_print(out, "%s", _(": "));
    graded_append(out, check->finding, SANITISE_LINE);
    bytes_print(out, "\n");
    if (check->verdict == VERDICT_SKIPPED)
        return;
    bytes_print(out, BEHIND_WORD);
    bytes_print(out,
                check->is_decided_by_clock ? _("decided by the clock in %.0f ms")
                                           : _("decided by evidence in %.0f ms"),
                check->duration_s * 1e3);
    bytes_print(out, "\n");
    append_evidence(out, check->evidence);
    if (graded_has_text(check->hint))
        bytes_print(out, BEHIND_WORD);
    graded_append_between(out, _("hint: "), check->hint, SANITISE_LINE, "\n");
}

static void append_command(struct bytes *out, const struct graded *graded, const json_t *command)
{
    size_t index = 0;
    const json_t *word = NULL;
    graded_append(out, graded->title, SANITISE_LINE);
    bytes_print(out, ":");
    json_array_foreach (command, index, word) {
        bytes_print(out, " ");
        graded_append(out, word, SANITISE_LINE);
    }
    const char *isolation = json_string_value(json_object_get(graded->document, "isolation"));
    bytes_print(out, "  (%s)\n", isolation != NULL ? _(isolation) : "");
}

static void append_findings(struct bytes *out, const struct graded *graded, const json_t *command)
{
    append_command(out, graded, command);
    struct graded all = *graded; /* the person who gives a command may see everything */
    all.audience = AUDIENCE_STAFF;
    struct graded_check check = {0};
    while (graded_next_check(&check, &all))
        append_finding(out, &check);
    json_int_t left = json_integer_value(json_object_get(graded->document, "left_running"));
    if (left <= 0)
        return;
    bytes_print(out,
                language_count_text("left running when it had ended: %zu process, ended now",
                                    "left running when it had ended: %zu processes, ended now",
                                    (unsigned long)left),
                (size_t)left);
    bytes_print(out, "\n");
}

static void render(const struct graded *graded, struct bytes *out)
{
    const json_t *command =
        json_object_get(json_object_get(graded->document, "submission"), "command");
    if (json_is_array(command) && !graded_has_text(graded->submission)) {
        append_findings(out, graded, command);
        return;
    }
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
