/* Moodle's VPL (Virtual Programming Lab): marks in standard output. A block of comments stands
 * between <|-- and --|>; in it a line that begins with "-" is a title, and one that begins with ">"
 * is shown as it is. The grade, if there is one, has a line of its own.
 *
 * A submission could print such marks too: the process that prints these must print nothing else.
 * Students read it: of a hidden check it shows only the points. */
#include "grader/gradebook/gradebook.h"

#include "base/language.h"
#include "grader/gradebook/graded_text.h"

static void append_check(struct bytes *out, const struct graded_check *check)
{
    struct bytes explanation = {0};
    bytes_print(out, "-%zu. ", check->number);
    graded_append_title(out, check, SANITISE_LINE);
    if (!check->is_hidden)
        bytes_print(out, "%s%s", _(": "), verdict_text(check->verdict));
    bytes_print(out, " (%s)\n", graded_earned(check).text);
    if (check->verdict != VERDICT_PASS)
        graded_append_explanation(&explanation, check, SANITISE_VPL);
    if (explanation.length > 0) {
        bytes_append(out, bytes_front(&explanation), explanation.length);
        bytes_print(out, "\n");
    }
    bytes_release(&explanation);
}

static void render(const struct graded *graded, struct bytes *out)
{
    bytes_print(out, "<|--\n");
    if (!graded->has_points) {
        graded_append_error(out, graded, SANITISE_VPL);
        bytes_print(out, "\n");
    }
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        append_check(out, &check);
    bytes_print(out, "--|>\n");
    if (graded->has_points)
        bytes_print(out, "Grade :=>>%s\n", graded_points(graded->points).text);
}

const struct gradebook gradebook_vpl = {
    .name = "vpl",
    .summary = "comments and grade for Moodle's VPL",
    .file = "-",
    .render = render,
};
