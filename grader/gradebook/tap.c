/* TAP, version 14. A point is followed by a YAML block in the part of YAML that the readers of TAP
 * understand: mappings and lists in block style, strings in double quotes.
 *
 * A check that could not be decided or was not run is skipped, which fails no harness. An error of
 * proctor's own bails out. Students read it: a hidden check has its points and nothing else; it is
 * ok if it has all of them, and skipped if it has none to give. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

static bool is_skipped(const struct graded_check *check)
{
    return check->verdict >= VERDICT_INCONCLUSIVE || (check->is_hidden && check->max_points <= 0);
}

static void append_diagnostics(struct bytes *out, const struct graded_check *check)
{
    bytes_print(out, "  ---\n");
    if (!check->is_hidden) {
        bytes_print(out, "  message: ");
        graded_append_finding(out, check, SANITISE_YAML);
        bytes_print(out, "\n  severity: %s\n", is_skipped(check) ? "skip" : "fail");
        bytes_print(out, "  verdict: %s\n", verdict_name(check->verdict));
    }
    bytes_print(out, "  data:\n    points: \"%s\"\n",
                graded_share(check->points, check->max_points).text);
    if (json_array_size(check->evidence) > 0)
        bytes_print(out, "    evidence:\n");
    graded_append_rows(out, "      - ", check->evidence, SANITISE_YAML, "\n");
    graded_append_between(out, "    hint: ", check->hint, SANITISE_YAML, "\n");
    bytes_print(out, "  ...\n");
}

static void append_point(struct bytes *out, const struct graded_check *check)
{
    bool is_ok = check->verdict == VERDICT_PASS || is_skipped(check);
    bytes_print(out, "%s %zu - ", is_ok ? "ok" : "not ok", check->number);
    graded_append_title(out, check, SANITISE_TAP);
    if (check->is_hidden && is_skipped(check))
        bytes_print(out, " # SKIP %s", _("hidden"));
    else if (is_skipped(check)) {
        bytes_print(out, " # SKIP ");
        graded_append_finding(out, check, SANITISE_TAP);
    }
    bytes_print(out, "\n");
    if (check->verdict != VERDICT_PASS)
        append_diagnostics(out, check);
}

static void append_points(struct bytes *out, const struct graded *graded)
{
    if (graded->check_count == 0)
        bytes_print(out, "1..0 # SKIP %s\n", _("no checks"));
    else
        bytes_print(out, "1..%zu\n", graded->check_count);
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        append_point(out, &check);
    bytes_print(out, "# ");
    graded_append_score(out, graded, SANITISE_TAP);
    bytes_print(out, "\n");
}

static void render(const struct graded *graded, struct bytes *out)
{
    bytes_print(out, "TAP version 14\n");
    if (graded->has_points) {
        append_points(out, graded);
        return;
    }
    bytes_print(out, "Bail out! ");
    graded_append_error(out, graded, SANITISE_TAP);
    bytes_print(out, "\n");
}

const struct gradebook gradebook_tap = {
    .name = "tap",
    .summary = "Test Anything Protocol, version 14",
    .file = "grade.tap",
    .render = render,
};
