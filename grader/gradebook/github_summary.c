/* GitHub Actions: the summary of a job, in GitHub's Markdown, to be appended to the file that
 * GITHUB_STEP_SUMMARY names. Over 1 MiB nothing of it is shown, so that explanations end before.
 *
 * What was printed stands in fences that are longer than any it holds. Students read it: a hidden
 * check has its points only. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded.h"

#define EXPLAINED_BYTES_MAX ((size_t)800 * 1000)

static void append_row(struct bytes *out, const struct graded_check *check)
{
    bytes_print(out, "| %zu | ", check->number);
    graded_append_title(out, check, SANITISE_MARKDOWN);
    bytes_print(out, " | %s | ", check->is_hidden ? "" : verdict_text(check->verdict));
    graded_append_earned(out, check);
    bytes_print(out, " |\n");
}

/* The heading is HTML, where no Markdown is read up to the next empty line. */
static void append_details(struct bytes *out, const struct graded_check *check)
{
    bytes_print(out, "\n<details><summary>%zu. ", check->number);
    graded_append_title(out, check, SANITISE_HTML);
    bytes_print(out, ": %s</summary>\n\n", verdict_text(check->verdict));
    graded_append_explanation(out, check, SANITISE_MARKDOWN_BLOCK);
    bytes_print(out, "\n</details>\n");
}

static void append_checks(struct bytes *out, const struct graded *graded)
{
    size_t left_out = 0;
    bytes_print(out, "\n| | %s | %s | %s |\n|--:|:--|:--|--:|\n", _("check"), _("verdict"),
                _("points"));
    for (size_t i = 0; i < graded->check_count; i++) {
        struct graded_check check;
        graded_read_check(&check, graded, i, AUDIENCE_STUDENTS);
        append_row(out, &check);
    }
    for (size_t i = 0; i < graded->check_count; i++) {
        struct graded_check check;
        graded_read_check(&check, graded, i, AUDIENCE_STUDENTS);
        if (check.verdict == VERDICT_PASS || check.is_hidden)
            continue;
        if (out->length < EXPLAINED_BYTES_MAX)
            append_details(out, &check);
        else
            left_out++;
    }
    if (left_out > 0)
        bytes_print(out, _("\n%zu more explanations are left out.\n"), left_out);
}

static void render(const json_t *grades, struct bytes *out)
{
    struct graded graded;
    graded_read_only(&graded, grades);
    bytes_print(out, "## ");
    graded_append(out, graded.title, SANITISE_MARKDOWN);
    bytes_print(out, ": ");
    graded_append_score(out, &graded, SANITISE_MARKDOWN);
    bytes_print(out, "\n");
    struct bytes model = {0};
    graded_append_model(&model, &graded, SANITISE_STRING);
    if (!graded.has_points) {
        bytes_print(out, "\n");
        graded_append_error(out, &graded, SANITISE_MARKDOWN_BLOCK);
    } else if (model.length > 0) {
        bytes_print(out, "\n");
        graded_append_bytes(out, &model, SANITISE_MARKDOWN_BLOCK);
    }
    bytes_release(&model);
    if (graded.check_count > 0)
        append_checks(out, &graded);
}

const struct gradebook gradebook_github_summary = {
    .name = "github-summary",
    .summary = "the summary of a job of GitHub Actions, in Markdown",
    .file = "summary.md",
    .render = render,
};
