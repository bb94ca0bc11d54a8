/* What a submission uses, looked at from outside: for what no control group counts.
 *
 * Where there is none, its memory is the sum of what its processes map, of shared memory that
 * nobody maps any more (System V's by name; the kernel's own count of the machine tells of the
 * rest), and of the queues of TCP, UDP and netlink; of sockets there is a number. It cannot keep
 * more anonymous shared memory than SHARED_ANONYMOUS_MAX_BYTES in one piece, nor files that have no
 * name: see system_call_filter.h. With a control group there are the queues of netlink alone, which
 * no group counts.
 */
#ifndef GRADER_ARENA_USAGE_WATCH_H
#define GRADER_ARENA_USAGE_WATCH_H

#include "grader/arena/limits.h"

#include <stdbool.h>
#include <sys/types.h>

struct limit_group;

struct usage_watch {
    pid_t keeper;
    const struct limit_group *group;
    bool has_namespaces;            /* of its own: what is in them is its */
    int segments_fd;                /* /proc/sysvipc/shm of its namespace; -1: not looked at */
    int64_t machine_at_first_bytes; /* shared memory of the whole machine, when it was opened */
    int64_t looked_ns;              /* when it was last looked at */
};

/* Takes over what the keeper has opened (or -1); `group` must outlive it. */
void usage_watch_open(struct usage_watch *watch, pid_t keeper, const struct limit_group *group,
                      bool has_namespaces, int segments_fd);

/* The limit that was reached, of memory, processor time or sockets; LIMIT_NONE: none. */
enum limit usage_watch_look(struct usage_watch *watch, const struct limits *limits,
                            const struct task_list *tasks);

void usage_watch_close(struct usage_watch *watch);

#endif
