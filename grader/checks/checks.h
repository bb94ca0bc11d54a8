/* The built-in checks. */
#ifndef GRADER_CHECKS_CHECKS_H
#define GRADER_CHECKS_CHECKS_H

#include "grader/play/check.h"

struct conduct;
struct play_protocol;

/* The checks that other code refers to. */
#define CHECK_LISTENS      "starts-and-listens"
#define CHECK_EVERY_CLIENT "every-client-in-turn"

/* In the order in which they are played; the last has no id. */
extern const struct check checks[];

/* The check of this name, or NULL. */
const struct check *check_find(const char *id);

/* The key of the assignment that the check needs and that is not given, or NULL. */
const char *check_missing_key(const struct check *check, const struct conduct *conduct);

/* Why the check cannot be played over this transport and in this protocol, in words that begin "not
 * played: "; or NULL. A constant, not translated yet. */
const char *check_unplayable(const struct check *check, const struct conduct *conduct);

#endif
