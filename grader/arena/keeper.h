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

#include <stdbool.h>
#include <stdint.h>

struct limit_group;
struct limits;
struct sandbox;

enum keeper_request_kind {
    REQUEST_SOCKET, /* make a socket of this family, type and protocol */
    REQUEST_END,    /* end all processes of the submission; the answer is REPORT_ALL_ENDED */
    REQUEST_START,  /* start a command, perhaps once more; the answer is REPORT_STARTED */
};

struct keeper_request {
    enum keeper_request_kind kind;
    int family;
    int type;
    int protocol;
    unsigned command; /* of REQUEST_START: its place in the plan */
    unsigned run;     /* likewise: 0, the submission itself, or the number by which its end is
                       * reported; that one's terminal comes along */
};

enum keeper_report_kind {
    REPORT_STARTED, /* the submission runs; or `error` tells why it does not */
    REPORT_SOCKET,  /* a descriptor comes along; or `error` tells why not */
    REPORT_ENDED,   /* the first process of a run has ended */
    REPORT_EMPTY,   /* no process of the submission is left */
    REPORT_ALL_ENDED,
};

/* Where starting an arena can fail. */
enum keeper_step {
    STEP_MAP_USER,
    STEP_LOOPBACK,
    STEP_TERMINAL,
    STEP_FORK,
    STEP_LEND,
    STEP_BOUND,
    STEP_SANDBOX,
    STEP_COMMAND,
};

struct keeper_report {
    enum keeper_report_kind kind;
    int error;             /* 0 or -errno */
    enum keeper_step step; /* of REPORT_STARTED with an error */
    unsigned run;          /* of REPORT_ENDED */
    int wait_status;       /* of REPORT_ENDED, as of waitpid(2) */
    int fd;                /* of REPORT_SOCKET with KEEPER_HOLDS_IT: its number in the keeper */
};

/* The socket could not be passed, as the user has more descriptors in flight than it may have,
 * which any process of the same user can bring about: the keeper holds it until the next request,
 * to be copied from there. */
#define KEEPER_HOLDS_IT (-ETOOMANYREFS)

/* Receives what the keeper at the other end of the control says; to be called in the grader. 0, or
 * -errno; -ETIMEDOUT at the deadline. */
int keeper_receive(int control_fd, struct keeper_report *report, int *fd, int64_t deadline_ns);

/* Where a submission's command is looked for. */
#define SUBMISSION_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct keeper_plan {
    int control_fd;
    int terminal_fd;
    char *const *const *commands; /* NULL-terminated; the first is the submission's */
    const struct limits *limits;
    const struct limit_group *group; /* the submission enters it, the keeper does not */
    struct sandbox *sandbox; /* what the submission runs in; NULL: the file system as it is */
    char *const *writable;   /* folders, without a sandbox; or NULL */
    bool starts_later;       /* when it is asked to, for the first time as well */
    const char *folder;      /* where to start, without a sandbox; NULL: where it is */
    bool has_namespaces;     /* of processes and of the network */
    bool shares_network;     /* of which another keeper has made it */
    bool has_user_namespace; /* beside that of the sandbox */
};

/* How many may have been started beside the submission. */
#define KEEPER_RUNS_MAX 64

/* Runs until `control_fd` ends; never returns. */
_Noreturn void keeper_run(const struct keeper_plan *plan);

#endif
