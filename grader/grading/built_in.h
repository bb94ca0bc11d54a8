/* The assignments without a file: "second-client" and "checks". They give no points. */
#ifndef GRADER_GRADING_BUILT_IN_H
#define GRADER_GRADING_BUILT_IN_H

#include "grader/assignment/assignment.h"

#define BUILT_IN_SECOND_CLIENT "second-client"
#define BUILT_IN_CHECKS        "checks"

/* All zero at first; assignment.conduct is the caller's to fill in. */
struct built_in {
    struct assignment assignment;
    struct assigned_check checks[ASSIGNMENT_CHECKS_MAX];
};

bool built_in_is_called(const char *name);

/* Adds a built-in check. False if there is none of that name. */
bool built_in_add(struct built_in *built_in, const char *id);

/* Makes it the assignment of that name, with its usual checks unless some were added: for "checks",
 * all that suit any server, and those that the conduct has the keys for. */
void built_in_finish(struct built_in *built_in, char *name);

#endif
