/* All checks that proctor has of its own. */
#ifndef GRADER_CHECKS_CHECKS_H
#define GRADER_CHECKS_CHECKS_H

#include "grader/play/check.h"

struct conduct;

/* Two that others are played after, or judged by. */
#define CHECK_LISTENS      "starts-and-listens"
#define CHECK_EVERY_CLIENT "every-client-in-turn"

/* In the order in which they are played; one without an id at the end. */
extern const struct check checks[];

/* NULL: there is none of that name. */
const struct check *check_find(const char *id);

/* The key of the assignment that the check needs and that is not given, or NULL. */
const char *check_missing_key(const struct check *check, const struct conduct *conduct);

#endif
