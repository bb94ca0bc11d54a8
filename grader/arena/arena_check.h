/* Whether this machine allows arenas: a whole one is opened and looked into. */
#ifndef GRADER_ARENA_ARENA_CHECK_H
#define GRADER_ARENA_ARENA_CHECK_H

#include "grader/arena/arena.h"

/* Opens an arena of this kind, looks into it as a grading does, and closes it. 0, or -errno with
 * what failed in `*what` (a constant). */
int arena_check(enum isolation isolation, const char **what);

#endif
