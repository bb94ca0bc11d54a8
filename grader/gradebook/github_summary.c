/* GitHub Actions: the summary of a job, in GitHub's Markdown, to be appended to the file that
 * GITHUB_STEP_SUMMARY names. Nothing of a summary over 1 MiB is shown, so explanations are omitted
 * before that.
 *
 * Output stands in fences that are longer than any in it. Students read it: of a hidden check it
 * shows only the points. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

#define EXPLAINED_BYTES_MAX ((size_t)800 * 1000)

static void append_row(struct bytes *out, const struct graded_check *check)
{
    bytes_print(out, "| %zu | ", check->number);
    graded_append_title(out, check, SANITISE_MARKDOWN);
    bytes_print(out, " | %s | %s |\n", check->is_hidden ? "" : verdict_text(check->verdict),
                graded_earned(check).text);
}

/* The heading is HTML: Markdown begins again only after the next empty line. */
static void append_details(struct bytes *out, const struct graded_check *check)
{
    bytes_print(out, "\n<details><summary>%zu. ", check->number);
    graded_append_title(out, check, SANITISE_HTML);
    bytes_print(out, "%s%s</summary>\n\n", _(": "), verdict_text(check->verdict));
    graded_append_explanation(out, check, SANITISE_MARKDOWN_BLOCK);
    bytes_print(out, "\n</details>\n");
}

static void append_checks(struct bytes *out, const struct graded *graded)
{
    size_t left_out = 0;
    bytes_print(out, "\n| | %s | %s | %s |\n|--:|:--|:--|--:|\n", _("check"), _("verdict"),
                _("points"));
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        append_row(out, &check);
    check = (struct graded_check){0};
    while (graded_next_check(&check, graded)) {
        if (check.verdict == VERDICT_PASS || check.is_hidden)
            continue;
        if (out->length < EXPLAINED_BYTES_MAX)
            append_details(out, &check);
        else
            left_out++;
    }
    if (left_out > 0)
        bytes_print(out, _("\n%zu more explanations are omitted.\n"), left_out);
}

static void render(const struct graded *graded, struct bytes *out)
{
    bytes_print(out, "## ");
    graded_append(out, graded->title, SANITISE_MARKDOWN);
    bytes_print(out, "%s", _(": "));
    graded_append_score(out, graded, SANITISE_MARKDOWN);
    bytes_print(out, "\n");
    struct bytes remarks = {0};
    graded_append_remarks(&remarks, graded, SANITISE_STRING);
    if (remarks.length > 0) {
        bytes_print(out, "\n");
        graded_append_bytes(out, &remarks, SANITISE_MARKDOWN_BLOCK);
    }
    if (graded->check_count > 0)
        append_checks(out, graded);
}

const struct gradebook gradebook_github_summary = {
    .name = "github-summary",
    .summary = "the summary of a job of GitHub Actions, in Markdown",
    .file = "summary.md",
    .render = render,
};
