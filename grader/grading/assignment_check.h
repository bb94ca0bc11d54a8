/* What a schema cannot express: do the checks exist that are named, do the points add up? */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_H

#include "grader/assignment/assignment.h"

struct place;

/* Reads and checks a file; assignment_free() (read.h). 0, or -EINVAL with one sentence in
 * `*trouble` that names the place ("FILE:12: …") and is the caller's to free. */
int assignment_load(const char *path, struct assignment **assignment, char **trouble);

/* The checks alone; an assignment_checker (read.h). */
char *assignment_check(const struct assignment *assignment, struct place *place);

#endif
