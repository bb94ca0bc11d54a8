/* One page for one submission that needs no other file: it has its styles in it, light and dark,
 * and no script, which its policy forbids. Nothing is folded, so all of it can be printed. It is
 * HTML and well-formed XML at once.
 *
 * Students read it: of a hidden check it shows only the points, and no timeline. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"
#include "grader/gradebook/timeline.h"
#include "results/sequence/sequence_picture.h"
#include "text/html_page.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Is there a check that students see, and that was played? */
static bool has_pictures(const struct graded *graded)
{
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        if (!check.is_hidden && json_array_size(check.timeline) > 0)
            return true;
    return false;
}

static void append_title(struct bytes *out, const struct graded *graded)
{
    struct bytes title = {0};
    graded_append(&title, graded->title, SANITISE_STRING);
    bytes_print(&title, "%s", _(": "));
    graded_append(&title, graded->submission, SANITISE_STRING);
    const json_t *language = json_object_get(graded->document, "language");
    html_page_begin(out,
                    &(struct html_head){.language = language,
                                        .title = &title,
                                        .style = has_pictures(graded) ? sequence_style() : NULL});
    if (has_pictures(graded))
        sequence_patterns(out);
    bytes_release(&title);
}

/*** Above the checks ***/

/* The document has it in English; an unknown one is shown as it is. */
static void append_isolation(struct bytes *out, const char *isolation)
{
    if (isolation == NULL)
        return;
    struct bytes text = {0};
    bytes_print(&text, _(" in: %s"), _(isolation));
    graded_append_bytes(out, &text, SANITISE_HTML);
}

static void append_about(struct bytes *out, const struct graded *graded)
{
    const json_t *submission = json_object_get(graded->document, "submission");
    bytes_print(out, "<p class=\"about\">");
    graded_append(out, graded->submission, SANITISE_HTML);
    if (graded_has_text(graded->time)) {
        bytes_print(out, ", ");
        graded_append_origin(out, graded, SANITISE_HTML);
    }
    append_isolation(out, json_string_value(json_object_get(graded->document, "isolation")));
    bytes_print(out, "<br/><code>");
    size_t index = 0;
    const json_t *word = NULL;
    json_array_foreach (json_object_get(submission, "command"), index, word)
        graded_append_between(out, index > 0 ? " " : "", word, SANITISE_HTML, "");
    bytes_print(out, "</code></p>\n");
}

static void append_remarks(struct bytes *out, const struct graded *graded)
{
    struct bytes remarks = {0};
    graded_append_remarks(&remarks, graded, SANITISE_STRING);
    if (remarks.length > 0) {
        bytes_print(out, "<pre>");
        graded_append_bytes(out, &remarks, SANITISE_HTML);
        bytes_print(out, "</pre>\n");
    }
    char *left = graded_left_running(graded);
    if (left != NULL)
        bytes_print(out, "<p>%s.</p>\n", left);
    free(left);
}

/*** Checks ***/

static void append_row(struct bytes *out, const struct graded_check *check)
{
    bytes_print(out, "<tr><td>%zu</td><td>", check->number);
    if (!check->is_hidden)
        bytes_print(out, "<a href=\"#check-%zu\">", check->number);
    graded_append_title(out, check, SANITISE_HTML);
    if (!check->is_hidden)
        bytes_print(out, "</a></td><td class=\"short %s\">%s</td>", verdict_name(check->verdict),
                    verdict_text(check->verdict));
    else
        bytes_print(out, "</td><td></td>");
    bytes_print(out, "<td class=\"points\">%s</td></tr>\n", graded_earned(check).text);
}

static void append_overview(struct bytes *out, const struct graded *graded)
{
    bytes_print(out,
                "<table>\n<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
                "<th scope=\"col\">%s</th><th scope=\"col\" class=\"points\">%s</th>"
                "</tr></thead>\n<tbody>\n",
                _("no."), _("check"), _("verdict"), _("points"));
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        append_row(out, &check);
    bytes_print(out, "</tbody></table>\n");
}

/* Is it one plain word to a shell, and not an option? */
static bool is_plain_word(const json_t *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *word = json_string_value(text);
    return word != NULL && word[0] != '\0' && word[0] != '-' && word[strspn(word, plain)] == '\0';
}

/* The command that plays the check again. */
static void append_replay(struct bytes *out, const struct graded *graded,
                          const struct graded_check *check)
{
    if (check->verdict == VERDICT_PASS || !is_plain_word(graded->submission) ||
        !is_plain_word(check->id))
        return;
    bytes_print(out,
                "<p class=\"about\">%s <code>proctor grade ASSIGNMENT SUBMISSION... --output "
                "DIR --replay ",
                _("again:"));
    graded_append(out, graded->submission, SANITISE_HTML);
    bytes_print(out, " ");
    graded_append(out, check->id, SANITISE_HTML);
    bytes_print(out, "</code></p>\n");
}

static void append_check(struct bytes *out, const struct graded *graded,
                         const struct graded_check *check)
{
    const char *name = verdict_name(check->verdict);
    bytes_print(out, "<section id=\"check-%zu\">\n<h2>%zu. ", check->number, check->number);
    graded_append_title(out, check, SANITISE_HTML);
    bytes_print(out, "</h2>\n<p><strong class=\"%s\">", name);
    if (check->verdict < VERDICT_INCONCLUSIVE)
        bytes_print(out, "%s%s", verdict_text(check->verdict), _(": "));
    graded_append_finding(out, check, SANITISE_HTML);
    bytes_print(out, "</strong> (%s, %.0f ms)</p>\n", graded_earned(check).text,
                check->duration_s * 1e3);
    graded_append_rows(out, "<pre>", check->evidence, SANITISE_HTML, "</pre>\n");
    graded_append_between(out, "<p class=\"hint\">", check->hint, SANITISE_HTML, "</p>\n");
    append_replay(out, graded, check);
    timeline(check->timeline, check->left_out, check->number, out);
    bytes_print(out, "</section>\n");
}

static void append_checks(struct bytes *out, const struct graded *graded)
{
    if (graded->check_count == 0) {
        bytes_print(out, "<p>%s</p>\n", _("There are no checks."));
        return;
    }
    append_overview(out, graded);
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        if (!check.is_hidden)
            append_check(out, graded, &check);
}

static void render(const struct graded *graded, struct bytes *out)
{
    append_title(out, graded);
    bytes_print(out, "<h1>");
    graded_append(out, graded->title, SANITISE_HTML);
    bytes_print(out, "</h1>\n");
    append_about(out, graded);
    bytes_print(out, "<p class=\"score %s\">", verdict_name(graded->verdict));
    graded_append_score(out, graded, SANITISE_HTML);
    bytes_print(out, "</p>\n");
    append_remarks(out, graded);
    append_checks(out, graded);
    html_page_end(out);
}

const struct gradebook gradebook_html = {
    .name = "html",
    .summary = "one page for one submission",
    .file = "grade.html",
    .render = render,
};
