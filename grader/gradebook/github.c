/* GitHub Actions: workflow commands for standard output, each of which makes an annotation.
 *
 * A step shows ten of each kind, so the failures come first and the tenth stands for the rest. The
 * two notices at the end are those of GitHub Classroom's reporter: programs that read these find
 * the points in them. Without a grade there is one error and no notice. The process that prints
 * them must not print anything of a submission's.
 *
 * Students read it: of a hidden check it shows only the points. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

#include <string.h>

#define SHOWN_OF_A_KIND ((size_t)10)

/* The kind of annotation, or NULL: none. A hidden check has one only if it has points. */
static const char *kind_of(const struct graded_check *check)
{
    static const char *const kinds[] = {
        [VERDICT_PASS] = NULL,    [VERDICT_PARTIAL] = "warning",
        [VERDICT_FAIL] = "error", [VERDICT_INCONCLUSIVE] = "warning",
        [VERDICT_SKIPPED] = NULL, [VERDICT_ERROR] = "warning",
    };
    return check->is_hidden && check->max_points <= 0 ? NULL : kinds[check->verdict];
}

static bool is_of_kind(const struct graded_check *check, const char *kind)
{
    const char *its = kind_of(check);
    return its != NULL && strcmp(its, kind) == 0;
}

static size_t count_kind(const struct graded *graded, const char *kind)
{
    size_t count = 0;
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        count += is_of_kind(&check, kind);
    return count;
}

static void append_check(struct bytes *out, const struct graded_check *check, const char *kind)
{
    struct bytes message = {0};
    bytes_print(&message, _("%s of %s points"), graded_points(check->points).text,
                graded_points(check->max_points).text);
    bytes_print(&message, "%s", check->is_hidden ? "" : "\n");
    graded_append_explanation(&message, check, SANITISE_STRING);
    bytes_print(out, "::%s title=", kind);
    graded_append_title(out, check, SANITISE_GITHUB_PROPERTY);
    bytes_print(out, "::");
    graded_append_bytes(out, &message, SANITISE_GITHUB_MESSAGE);
    bytes_print(out, "\n");
}

/* These words are ours and have no character that is special in the format. */
static void append_rest(struct bytes *out, const char *kind, size_t count)
{
    bytes_print(out, "::%s title=%s::", kind, _("more checks"));
    bytes_print(out, _("%zu more; the summary has them all"), count);
    bytes_print(out, "\n");
}

static void append_kind(struct bytes *out, const struct graded *graded, const char *kind)
{
    size_t count = count_kind(graded, kind);
    size_t room = count > SHOWN_OF_A_KIND ? SHOWN_OF_A_KIND - 1 : count;
    size_t shown = 0;
    struct graded_check check = {0};
    while (shown < room && graded_next_check(&check, graded)) {
        if (!is_of_kind(&check, kind))
            continue;
        append_check(out, &check, kind);
        shown++;
    }
    if (shown < count)
        append_rest(out, kind, count - shown);
}

static void append_notices(struct bytes *out, const struct graded *graded)
{
    bytes_print(out,
                "::notice title=Autograding complete::Points %s\n"
                "::notice title=Autograding report::{\"totalPoints\":%s,\"maxPoints\":%s}\n",
                graded_share(graded->points, graded->max_points).text,
                graded_points(graded->points).text, graded_points(graded->max_points).text);
}

static void render(const struct graded *graded, struct bytes *out)
{
    if (graded->has_points) {
        append_kind(out, graded, "error");
        append_kind(out, graded, "warning");
        append_notices(out, graded);
        return;
    }
    bytes_print(out, "::error title=%s::", _("grader problem"));
    graded_append_error(out, graded, SANITISE_GITHUB_MESSAGE);
    bytes_print(out, "\n");
}

const struct gradebook gradebook_github = {
    .name = "github",
    .summary = "annotations of GitHub Actions",
    .file = "-",
    .render = render,
};
