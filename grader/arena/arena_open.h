/* An arena is made. */
#ifndef GRADER_ARENA_ARENA_OPEN_H
#define GRADER_ARENA_ARENA_OPEN_H

#include "grader/arena/arena.h"

/* Makes an arena and starts the command in it; arena->isolation says at which level, if the plan
 * leaves it open. A lower one is taken only where this machine does not allow a better one for any
 * command. 0, or -errno with the trouble. */
int arena_open(struct arena *arena, const struct arena_plan *plan, struct arena_trouble *trouble);

#endif
