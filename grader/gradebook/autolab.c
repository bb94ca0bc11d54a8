/* Autolab: the last line of standard output is an object with the points of each problem. Ours has
 * one problem, named like the assignment, and no checks. Without a grade no such line is printed,
 * and Autolab keeps what it had. */
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

#include <stdlib.h>

static void render(const struct graded *graded, struct bytes *out)
{
    if (!graded->has_points)
        return;
    struct bytes name = {0};
    graded_append(&name, json_object_get(graded->document, "assignment"), SANITISE_LINE);
    json_t *scores = json_object();
    json_t *problem = graded_string(&name);
    json_object_set_new(scores, json_string_value(problem), graded_number(graded->points));
    json_decref(problem);
    json_t *line = json_pack("{s:o}", "scores", scores);
    char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(15));
    bytes_print(out, "%s\n", text);
    free(text);
    json_decref(line);
}

const struct gradebook gradebook_autolab = {
    .name = "autolab",
    .summary = "the last line of an Autolab autograder",
    .file = "-",
    .render = render,
};
