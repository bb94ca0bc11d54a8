/* One page for one submission that needs nothing else: no script, and a policy that allows none;
 * its styles within, light and dark as the reader has it; nothing is folded, so that it prints
 * whole.
 * It is HTML and well-formed XML at once.
 *
 * Students read it: a hidden check has its points only, and no picture of what it has played. */
#include "grader/gradebook.h"
#include "grader/graded.h"
#include "grader/timeline.h"

#include <ctype.h>

static const char style[] =
    ":root { color-scheme: light dark; --ink: #1d1f23; --paper: #fff; --faint: #5c6370;\n"
    "  --rule: #d4d8df; --block: #f4f5f7; --pass: #176b34; --fail: #b3261e; --open: #8a5300; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #e4e6ea; --paper: #16181c;\n"
    "  --faint: #a3aab6; --rule: #3a3f48; --block: #22252b; --pass: #6fd08c; --fail: #ff8a80;\n"
    "  --open: #f0b45a; } }\n"
    "body { margin: 0; background: var(--paper); color: var(--ink);\n"
    "  font: 1rem/1.5 system-ui, sans-serif; }\n"
    "main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }\n"
    "h1 { margin: 0; } h2 { margin: 2rem 0 .3rem; font-size: 1.15rem; }\n"
    ".about, figcaption { color: var(--faint); }\n"
    ".score { font-size: 1.4rem; border-left: .4rem solid; padding-left: .8rem; }\n"
    ".pass { color: var(--pass); } .fail, .partial { color: var(--fail); }\n"
    ".inconclusive, .skipped, .error { color: var(--open); }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { text-align: left; vertical-align: top; padding: .25rem .6rem;\n"
    "  border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }\n"
    ".points { text-align: right; white-space: nowrap; }\n"
    "pre { background: var(--block); padding: .5rem .7rem; margin: .3rem 0; border-radius: .3rem;\n"
    "  white-space: pre-wrap; overflow-wrap: anywhere; font-size: .875rem; }\n"
    ".hint { border-left: .2rem solid var(--rule); padding-left: .7rem; white-space: pre-wrap; }\n"
    "figure { margin: 2rem 0; } .scrolls { overflow-x: auto; }\n"
    "svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }\n"
    "svg text.event { fill: var(--paper); text-anchor: middle; }\n"
    "svg text.last { text-anchor: end; }\n"
    "svg .lane { stroke: var(--rule); } svg circle.event { fill: var(--ink); }\n"
    "@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #444;\n"
    "  --rule: #999; --block: #fff; --pass: #000; --fail: #000; --open: #000; }\n"
    "  main { max-width: none; padding: 0; } pre { border: 1px solid var(--rule); }\n"
    "  h2 { break-after: avoid; } tr, pre { break-inside: avoid; }\n"
    "  .scrolls { overflow: visible; } svg { max-width: 100%; height: auto; } }\n";

/*** Head ***/

/* A tag of a language is letters, digits and hyphens; what is none is English. */
static void append_language(struct bytes *out, const json_t *language)
{
    const char *tag = json_string_value(language);
    size_t length = 0;
    while (tag != NULL && (isalnum((unsigned char)tag[length]) || tag[length] == '-'))
        length++;
    if (length > 0 && length < 36 && length == json_string_length(language))
        bytes_append(out, tag, length);
    else
        bytes_print(out, "en");
}

static void append_head(struct bytes *out, const struct graded *graded)
{
    bytes_print(out, "<!DOCTYPE html>\n<html lang=\"");
    append_language(out, json_object_get(graded->document, "language"));
    bytes_print(out, "\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                     "<meta charset=\"utf-8\"/>\n"
                     "<meta http-equiv=\"Content-Security-Policy\" "
                     "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                     "<title>");
    graded_append(out, graded->title, SANITISE_HTML);
    bytes_print(out, ": ");
    graded_append(out, graded->submission, SANITISE_HTML);
    bytes_print(out, "</title>\n<style>\n%s</style>\n</head>\n", style);
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
    append_head(out, &graded);
    bytes_print(out, "<body>\n<main>\n<h1>");
    graded_append(out, graded.title, SANITISE_HTML);
    bytes_print(out, "</h1>\n");
    append_about(out, &graded);
    bytes_print(out, "<p class=\"score %s\">", graded_verdict_name(graded.verdict));
    graded_append_score(out, &graded, SANITISE_HTML);
    bytes_print(out, "</p>\n");
    append_remarks(out, &graded);
    append_checks(out, &graded);
    bytes_print(out, "</main>\n</body>\n</html>\n");
}

const struct gradebook gradebook_html = {
    .name = "html",
    .summary = "one page for one submission",
    .file = "grade.html",
    .render = render,
};
