/* Grades one submission by an assignment: takes it in, builds, runs and marks it. */
#ifndef GRADER_GRADING_GRADING_H
#define GRADER_GRADING_GRADING_H

#include "grader/grading/plan.h"

/* Grades the files at `path`, or a command, which runs as it is and where it is; the other is NULL.
 * `id` is the submission's name. With a path it changes the working directory, so call it in a
 * process of its own. Always returns a document, which the caller owns; if proctor itself has
 * failed, its verdict is "error". */
json_t *grading_run(const struct grading_plan *plan, const char *path, char *const *command,
                    const char *id);

/* The assignment's own solution as a submission, in place; NULL if its folder cannot be entered. */
json_t *grading_run_reference(const struct grading_plan *plan);

/* The same for an assignment without marks, whose document names the command instead of an id. 0,
 * or -errno with the trouble and without a document. */
int grading_run_unmarked(const struct grading_plan *plan, char *const *command, json_t **document,
                         struct arena_trouble *trouble);

#endif
