/* The process inside an arena: the first one of its namespaces, where it has some.
 *
 * It sets up the network (network.h), starts the submission, makes sockets for the grader in
 * the arena's network and reaps orphans. When it ends, the kernel ends every process of its
 * namespace with it, however they hide. Without a process namespace it ends them itself: it
 * inherits all orphans.
 *
 * The grader and the keeper talk over a SOCK_SEQPACKET pair: one request, one reply; the end of
 * the submission's first process and of its last one are reported unasked.
 */
#ifndef GRADER_ARENA_KEEPER_H
#define GRADER_ARENA_KEEPER_H

#include "grader/arena/keeper_message.h"
#include "grader/arena/system_call_filter.h"

#include <stdbool.h>
#include <stdint.h>

struct limit_group;
struct limits;
struct sandbox;

/* Receives what the keeper at the other end of the control says; to be called in the grader. 0, or
 * -errno; -ETIMEDOUT at the deadline, -EBADMSG if it is no report. */
int keeper_receive(int control_fd, struct keeper_report *report, int *fd, int64_t deadline_ns);

/* Where a submission's command is looked for. */
#define SUBMISSION_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct keeper_plan {
    int control_fd;
    int terminal_fd;
    char *const *const *commands; /* NULL-terminated; the first is the submission's */
    const struct limits *limits;
    const struct limit_group *group;       /* the submission enters it, the keeper does not */
    struct system_call_filter_plan filter; /* of a submission without a sandbox */
    struct sandbox *sandbox; /* what the submission runs in; NULL: the file system as it is */
    char *const *writable;   /* folders, without a sandbox; or NULL */
    bool starts_later;       /* when it is asked to, for the first time as well */
    const char *folder;      /* where to start, without a sandbox; NULL: where it is */
    bool has_namespaces;     /* of processes and of the network */
    bool shares_network;     /* of which another keeper has made it */
    bool has_user_namespace; /* beside that of the sandbox */
};

/* Runs until `control_fd` ends; never returns. */
_Noreturn void keeper_run(const struct keeper_plan *plan);

#endif
