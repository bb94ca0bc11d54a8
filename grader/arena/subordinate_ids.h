/* Users and groups that an ordinary user may give out to processes of its own: subuid(5),
 * subgid(5).
 */
#ifndef GRADER_ARENA_SUBORDINATE_IDS_H
#define GRADER_ARENA_SUBORDINATE_IDS_H

#include <sys/types.h>

struct id_range {
    unsigned first;
    unsigned count; /* 0: there is none */
};

/* The first range of more than one that the file gives to the user of this name or number. */
struct id_range subordinate_ids_read(const char *path, const char *name, uid_t user);

/* Those of our own user, if newuidmap and newgidmap (Debian's package uidmap) let us use them:
 * tried once. Both have a count above 0, or neither. */
struct subordinate_ids {
    struct id_range users;
    struct id_range groups;
};

struct subordinate_ids subordinate_ids(void);

#endif
