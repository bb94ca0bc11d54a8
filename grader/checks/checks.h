/* All checks that proctor has of its own. */
#ifndef GRADER_CHECKS_CHECKS_H
#define GRADER_CHECKS_CHECKS_H

#include "grader/play/check.h"

/* In the order in which they are played; NULL at the end. */
extern const struct check *const checks[];

/* NULL: there is none of that name. */
const struct check *check_find(const char *id);

#endif
