#include "grader/class/trial.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/assignment/assignment.h"
#include "grader/gradebook/graded.h"
#include "grader/play/verdict.h"
#include "text/json_field.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The name of an entry that fits: a pattern without wildcards, or one made from the first. */
static char *empty_path(const struct assignment *assignment, const char *folder)
{
    const struct assigned_program *first = assignment_main_program(assignment);
    char *const *entry = first != NULL ? first->entry : assignment->entry;
    unsigned count = first != NULL ? first->entry_count : assignment->entry_count;
    for (unsigned i = 0; i < count; i++)
        if (strpbrk(entry[i], "*?[/") == NULL)
            return text_of("%s/%s", folder, entry[i]);
    const char *suffix = count > 0 ? strrchr(entry[0], '.') : NULL;
    return text_of("%s/empty%s", folder, suffix != NULL ? suffix : "");
}

int trial_make_empty(const struct assignment *assignment, const char *folder, char **path)
{
    *path = empty_path(assignment, folder);
    int fd = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return -errno;
    close(fd);
    return 0;
}

/* Line ends matter here as much as all that is shown escaped already. */
static void show_in_a_line(const char *text, struct bytes *out)
{
    bytes_print(out, "      - ");
    for (; *text != '\0'; text++)
        bytes_append(out, *text == '\n' ? "\\n" : text, *text == '\n' ? 2 : 1);
    bytes_print(out, "\n");
}

/* What a program has printed, in its own lines. */
static void show_in_lines(const char *text, struct bytes *out)
{
    bytes_print(out, "      - ");
    for (; *text != '\0' && strcmp(text, "\n") != 0; text++)
        bytes_append(out, *text == '\n' ? "\n        " : text, *text == '\n' ? 9 : 1);
    bytes_print(out, "\n");
}

/* What it was found to be, and what was seen: what came and what was expected, how the program
 * ended, what it printed. */
static void show_evidence(const json_t *check, struct bytes *out)
{
    size_t i = 0;
    const json_t *row = NULL;
    json_array_foreach (json_object_get(check, "evidence"), i, row)
        if (field_is_word(row, "kind", "note") || field_is_word(row, "kind", "end"))
            show_in_a_line(field_text(row, "text"), out);
        else if (field_is_word(row, "kind", "output"))
            show_in_lines(field_text(row, "text"), out);
}

/* What it is that was not met, where the evidence does not say. */
static void show_place(const struct assignment *assignment, const json_t *check, struct bytes *out)
{
    const struct assigned_check *assigned =
        assignment_find_check(assignment, field_text(check, "id"));
    size_t step = (size_t)field_number(check, "step", 0);
    if (field_is_word(check, "verdict", "skipped") && json_object_get(check, "needs") != NULL)
        bytes_print(out, _("      - it needs %s\n"), field_text(check, "needs"));
    else if (assigned != NULL && step > 0 && step <= assigned->steps_count)
        bytes_print(out, _("      - that is line %u of the file\n"),
                    assigned->steps[step - 1].line);
}

/* Without checks there are no points: it could not be taken in or built, or proctor has failed. */
static void show_not_run(const json_t *grade, struct bytes *out)
{
    const json_t *error = json_object_get(grade, "error");
    if (error == NULL)
        return;
    bytes_print(out, "  %s:\n", field_text(error, "step"));
    show_in_lines(field_text(error, "text"), out);
}

/* The points that the solution did not reach, check by check, and why. */
static void show_unreached(const struct assignment *assignment, const json_t *grade,
                           struct bytes *out)
{
    size_t i = 0;
    const json_t *check = NULL;
    show_not_run(grade, out);
    json_array_foreach (json_object_get(grade, "checks"), i, check) {
        double points = field_number(check, "points", 0);
        double max_points = field_number(check, "max_points", 0);
        if (points >= max_points)
            continue;
        bytes_print(out, _("  %s: %g of %g points not reached: %s (%s)\n"), field_text(check, "id"),
                    max_points - points, max_points, field_text(check, "finding"),
                    verdict_text(verdict_find(field_text(check, "verdict"))));
        show_evidence(check, out);
        show_place(assignment, check, out);
    }
}

bool trial_judge_reference(const struct assignment *assignment, const json_t *grade,
                           struct bytes *out)
{
    bool is_right = field_is_word(grade, "verdict", "pass");
    const json_t *error = json_object_get(grade, "error");
    bytes_print(out,
                is_right ? _("the reference as a solution: %g of %g points, as required\n")
                         : _("the reference as a solution: %g of %g points; what it does not reach "
                             "no right solution may be able to\n"),
                field_number(grade, "points", 0), field_number(grade, "max_points", 0));
    if (error != NULL)
        show_in_a_line(field_text(error, "text"), out);
    if (!is_right)
        show_unreached(assignment, grade, out);
    return is_right;
}

bool trial_judge(const struct assignment *assignment, const json_t *grades, struct bytes *out)
{
    bool is_all_right = true;
    size_t i = 0;
    const json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        double points = field_number(grade, "points", 0);
        bool is_solution = i + 1 < json_array_size(grades);
        bool is_right = is_solution ? field_is_word(grade, "verdict", "pass") : points == 0;
        bytes_print(out,
                    is_solution && is_right ? _("solution %s: %g of %g points, as required")
                    : is_solution ? _("solution %s: %g of %g points; it must get all of them")
                    : is_right    ? _("empty file %s: %g of %g points, as required")
                                  : _("empty file %s: %g of %g points; it must get none"),
                    graded_id(grade), points, field_number(grade, "max_points", 0));
        bytes_print(out, "\n");
        if (is_solution && !is_right)
            show_unreached(assignment, grade, out);
        is_all_right = is_all_right && is_right;
    }
    return is_all_right;
}
