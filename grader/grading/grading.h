/* One submission under an assignment: taken in, built, run, marked. */
#ifndef GRADER_GRADING_GRADING_H
#define GRADER_GRADING_GRADING_H

#include "grader/grading/plan.h"

/* Grades what is called `id`: what lies at `path`, or a command, which runs as it is, where it is,
 * with nothing taken in or built; the other is NULL. Changes the working directory where there is a
 * path: to be called in a process of its own. Always gives a document, which the caller owns; what
 * proctor itself could not do stands in it, too, as the verdict "error". */
json_t *grading_run(const struct grading_plan *plan, const char *path, char *const *command,
                    const char *id);

/* The same of an assignment without marks, whose document names the command instead of an id. 0, or
 * -errno with the trouble and without a document. */
int grading_run_unmarked(const struct grading_plan *plan, char *const *command, json_t **document,
                         struct arena_trouble *trouble);

#endif
