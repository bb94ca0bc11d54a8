/* What keeps a submission where it is and to its limits on this machine, for `proctor doctor`. */
#ifndef GRADER_ARENA_ARENA_WALLS_H
#define GRADER_ARENA_ARENA_WALLS_H

#include "grader/arena/arena.h"

#include <stddef.h>

enum hold {
    HOLD_KERNEL,  /* cannot be passed, whoever looks */
    HOLD_WATCHED, /* proctor looks several times a second, and ends what is beyond */
    HOLD_NOTHING,
};

struct arena_wall {
    const char *subject; /* "its memory"; constants, all of them */
    enum hold hold;
    const char *held_by;
    const char *remedy; /* if it could be better; or NULL */
};

#define ARENA_WALLS_MAX 16

/* All of them, at this level; a few are tried for it. How many. */
size_t arena_walls(enum isolation level, struct arena_wall walls[ARENA_WALLS_MAX]);

/* "held", "watched", "not held". */
const char *hold_name(enum hold hold);

#endif
