/* A control group of the kernel's around a submission, where we may make one.
 *
 * It counts memory as one sum: what is mapped, shared memory and temporary files that nobody maps
 * any more, sockets, pipes, and what the kernel itself keeps for it. Only the queues of netlink
 * sockets are left out (memory_watch.h).
 *
 * Version 2 and version 1 of control groups are both tried. Where neither can be written to, the
 * submission is watched instead, which is less tight; see memory_watch.h.
 * Formats: the kernel's Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/.
 */
#ifndef GRADER_ARENA_LIMIT_GROUP_H
#define GRADER_ARENA_LIMIT_GROUP_H

#include "grader/arena/limits.h"

#include <stddef.h>
#include <stdint.h>

#define LIMIT_GROUP_PATH_BYTES 512

struct limit_group {
    char folders[4][LIMIT_GROUP_PATH_BYTES]; /* of version 1 each controller has its own */
    int entrances[4];                        /* their lists of processes, to be written to */
    size_t count;
    bool has_memory;
    bool has_processes;
    int memory_events_fd;  /* what the kernel has done to keep the limits; held open, as it is */
    int process_events_fd; /* looked at again and again; -1: none */
    int memory_used_fd;    /* of version 1, where memory of TCP and UDP is counted apart; */
    int sockets_used_fd;   /* -1: not apart */
    int cpu_used_fd;       /* -1: not counted */
    size_t clients;        /* for which there is room */
    struct limits limits;  /* with that room */
};

/* Makes a group with what can be limited; there may be nothing. */
void limit_group_open(struct limit_group *group, const struct limits *limits);

/* How many processes and threads and how much memory it may have from now on: as many as a server
 * of so many clients needs. They are no more than the limits say, so a fork bomb before there are
 * any clients stays small; of memory, which they do not share, each process needs some more. */
void limit_group_allow(struct limit_group *group, const struct limits *limits, size_t clients);

/* Puts the calling process into it, and with it all that it will fork. 0 or -errno. */
int limit_group_enter(const struct limit_group *group);

/* The limit at which the kernel has ended a process or refused a fork; LIMIT_NONE: none. */
enum limit limit_group_reached(const struct limit_group *group);

/* The processor time of all that was ever in it, those that nobody has waited for included; 0: it
 * is not counted. */
uint64_t limit_group_cpu_ns(const struct limit_group *group);

/* Removes the groups of killed runs that lie where ours would, and are empty. Each new group does
 * so too, but those who have been killed a moment ago may not be gone yet. */
void limit_group_sweep(void);

/* Removes it, when all processes in it have ended. */
void limit_group_close(struct limit_group *group);

#endif
