/* Where a submission runs: namespaces of its own, a terminal of its own, and no way out.
 *
 * The network namespace holds nothing but a loopback interface, so hard-coded ports never collide
 * and nothing leaves the machine. The process namespace makes sure that the end is the end:
 * arena_close() kills its first process, and the kernel then kills all others, also those that
 * ignore SIGTERM, forked away or called setsid(2). The terminal makes programs print line by
 * line; nothing is ever typed on it unless the grader does.
 */
#ifndef GRADER_ARENA_H
#define GRADER_ARENA_H

#include "base/bytes.h"
#include "grader/keeper.h"

#include <stdbool.h>
#include <sys/types.h>

enum isolation {
    ISOLATION_ROOT, /* namespaces made as root */
    ISOLATION_USER, /* namespaces inside a user namespace of an ordinary user */
};

struct arena {
    enum isolation isolation;
    pid_t keeper;
    int control_fd;
    int terminal_fd;
    int netlink_fd; /* for tcp_table_read(), in the arena's network */
    bool has_ended; /* the submission's first process, with wait_status */
    int wait_status;
    bool is_empty;       /* its last process has ended too */
    bool is_lost;        /* the keeper has gone, and all with it: proctor's own trouble */
    struct bytes output; /* the last OUTPUT_KEPT_BYTES of what the submission printed */
    size_t output_dropped_bytes;
};

#define OUTPUT_KEPT_BYTES 65536

/* Makes an arena and starts `command` in it. 0, or -errno with the step that failed in words in
 * `*what` (a constant); -ENOENT and -EACCES with `*is_command` set mean that the command itself
 * cannot be run. */
int arena_open(struct arena *arena, enum isolation isolation, char *const command[],
               const char **what, bool *is_command);

/* The same with the best isolation that is to be had: root's, if we are root and may, else the
 * user's. */
int arena_open_best(struct arena *arena, char *const command[], const char **what,
                    bool *is_command);

/* A socket in the arena's network; the caller closes it. Descriptor or -errno. */
int arena_socket(struct arena *arena, int family, int type, int protocol);

/* Takes what the submission has printed and what the keeper has reported, without waiting. True
 * if anything was new. */
bool arena_drain(struct arena *arena);

/* Ends every process in the arena, waits until the last is gone, and releases everything. */
void arena_close(struct arena *arena);

/* "root namespaces", "user namespaces": for results. */
const char *isolation_name(enum isolation isolation);

#endif
