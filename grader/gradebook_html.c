/* One page for one submission that needs nothing else: no script, and a policy that allows none;
 * its styles within, light and dark as the reader has it; nothing is folded, so that it prints
 * whole.
 * It is HTML and well-formed XML at once.
 *
 * Students read it: a hidden check has its points only, and no picture of what it has played. */
#include "grader/gradebook.h"
#include "grader/graded.h"
#include "grader/html_page.h"
#include "grader/timeline.h"

static void append_title(struct bytes *out, const struct graded *graded)
{
    struct bytes title = {0};
    graded_append(&title, graded->title, SANITISE_STRING);
    bytes_print(&title, ": ");
    graded_append(&title, graded->submission, SANITISE_STRING);
    html_page_begin(out, json_object_get(graded->document, "language"), &title);
    bytes_release(&title);
}

/*** Above the checks ***/

static void append_part(struct bytes *out, const char *before, const json_t *text)
{
    if (!graded_has_text(text))
        return;
    bytes_print(out, "%s", before);
    graded_append(out, text, SANITISE_HTML);
}

static void append_about(struct bytes *out, const struct graded *graded)
{
    const json_t *submission = json_object_get(graded->document, "submission");
    const json_t *tool = json_object_get(graded->document, "tool");
    bytes_print(out, "<p class=\"about\">");
    append_part(out, "", graded->submission);
    append_part(out, ", graded ", graded->time);
    append_part(out, " by proctor ", json_object_get(tool, "version"));
    append_part(out, " in: ", json_object_get(graded->document, "isolation"));
    bytes_print(out, "<br/><code>");
    size_t index = 0;
    const json_t *word = NULL;
    json_array_foreach (json_object_get(submission, "command"), index, word)
        append_part(out, index > 0 ? " " : "", word);
    bytes_print(out, "</code></p>\n");
}

static void append_remarks(struct bytes *out, const struct graded *graded)
{
    struct bytes remarks = {0};
    if (!graded->has_points)
        graded_append_error(&remarks, graded, SANITISE_STRING);
    else
        graded_append_model(&remarks, graded, SANITISE_STRING);
    if (remarks.length > 0) {
        bytes_print(out, "<pre>");
        graded_append_bytes(out, &remarks, SANITISE_HTML);
        bytes_print(out, "</pre>\n");
    }
    bytes_release(&remarks);
    json_int_t left = json_integer_value(json_object_get(graded->document, "left_running"));
    if (left > 0)
        bytes_print(out, "<p>%lld processes went on when it had ended.</p>\n", (long long)left);
}

/*** Checks ***/

static void append_points(struct bytes *out, const struct graded_check *check)
{
    graded_append_points(out, check->points);
    bytes_print(out, " of ");
    graded_append_points(out, check->max_points);
}

static void append_row(struct bytes *out, const struct graded_check *check)
{
    bytes_print(out, "<tr><td>%zu</td><td>", check->number);
    if (!check->is_hidden)
        bytes_print(out, "<a href=\"#check-%zu\">", check->number);
    graded_append_title(out, check, SANITISE_HTML);
    if (!check->is_hidden)
        bytes_print(out, "</a></td><td class=\"%s\">%s</td>", graded_verdict_name(check->verdict),
                    graded_verdict_text(check->verdict));
    else
        bytes_print(out, "</td><td></td>");
    bytes_print(out, "<td class=\"points\">");
    append_points(out, check);
    bytes_print(out, "</td></tr>\n");
}

static void append_overview(struct bytes *out, const struct graded *graded)
{
    bytes_print(out, "<table>\n<thead><tr><th scope=\"col\">no.</th><th scope=\"col\">check</th>"
                     "<th scope=\"col\">verdict</th><th scope=\"col\" class=\"points\">points</th>"
                     "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < graded->check_count; i++) {
        struct graded_check check;
        graded_read_check(&check, graded, i, AUDIENCE_STUDENTS);
        append_row(out, &check);
    }
    bytes_print(out, "</tbody></table>\n");
}

static void append_evidence(struct bytes *out, const json_t *evidence)
{
    size_t index = 0;
    const json_t *row = NULL;
    json_array_foreach (evidence, index, row) {
        bytes_print(out, "<pre>");
        graded_append(out, json_object_get(row, "text"), SANITISE_HTML);
        bytes_print(out, "</pre>\n");
    }
}

static void append_check(struct bytes *out, const struct graded_check *check)
{
    const char *name = graded_verdict_name(check->verdict);
    bytes_print(out, "<section id=\"check-%zu\">\n<h2>%zu. ", check->number, check->number);
    graded_append_title(out, check, SANITISE_HTML);
    bytes_print(out, "</h2>\n<p><strong class=\"%s\">", name);
    if (check->verdict < GRADED_INCONCLUSIVE)
        bytes_print(out, "%s: ", graded_verdict_text(check->verdict));
    graded_append_finding(out, check, SANITISE_HTML);
    bytes_print(out, "</strong> (");
    append_points(out, check);
    bytes_print(out, ", %.0f ms)</p>\n", check->duration_s * 1e3);
    append_evidence(out, check->evidence);
    if (graded_has_text(check->hint)) {
        bytes_print(out, "<p class=\"hint\">");
        graded_append(out, check->hint, SANITISE_HTML);
        bytes_print(out, "</p>\n");
    }
    timeline(check->timeline, check->number, out);
    bytes_print(out, "</section>\n");
}

static void append_checks(struct bytes *out, const struct graded *graded)
{
    if (graded->check_count == 0) {
        bytes_print(out, "<p>There are no checks.</p>\n");
        return;
    }
    append_overview(out, graded);
    for (size_t i = 0; i < graded->check_count; i++) {
        struct graded_check check;
        graded_read_check(&check, graded, i, AUDIENCE_STUDENTS);
        if (!check.is_hidden)
            append_check(out, &check);
    }
}

static void render(const json_t *grades, struct bytes *out)
{
    struct graded graded;
    graded_read_only(&graded, grades);
    append_title(out, &graded);
    bytes_print(out, "<h1>");
    graded_append(out, graded.title, SANITISE_HTML);
    bytes_print(out, "</h1>\n");
    append_about(out, &graded);
    bytes_print(out, "<p class=\"score %s\">", graded_verdict_name(graded.verdict));
    graded_append_score(out, &graded, SANITISE_HTML);
    bytes_print(out, "</p>\n");
    append_remarks(out, &graded);
    append_checks(out, &graded);
    html_page_end(out);
}

const struct gradebook gradebook_html = {
    .name = "html",
    .summary = "one page for one submission",
    .file = "grade.html",
    .render = render,
};
