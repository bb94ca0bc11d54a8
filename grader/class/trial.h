/* Trying an assignment: solutions must get all points, and an empty file none. */
#ifndef GRADER_CLASS_TRIAL_H
#define GRADER_CLASS_TRIAL_H

#include "base/bytes.h"

#include <jansson.h>
#include <stdbool.h>

struct assignment;

/* Makes an empty file in `folder` that is called as the assignment wants it. 0 or -errno; its path
 * is in `*path` in either case, to be freed. */
int trial_make_empty(const struct assignment *assignment, const char *folder, char **path);

/* The same for the assignment's own solution. */
bool trial_judge_reference(const struct assignment *assignment, const json_t *grade,
                           struct bytes *out);

/* Appends a sentence on each of the grades, of which the last is the empty file's, and for a
 * solution that lacks points which ones and why. Is all as it must be? */
bool trial_judge(const struct assignment *assignment, const json_t *grades, struct bytes *out);

#endif
