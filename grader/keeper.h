/* The process inside an arena: the first one of its namespaces.
 *
 * It brings the loopback interface up, starts the submission, makes sockets for the grader in
 * the arena's network, reaps whatever is orphaned, and is the arena's life: when it ends, the
 * kernel ends every process of its namespace with it, however they hide.
 *
 * The grader and the keeper talk over a SOCK_SEQPACKET pair: one request, one reply; the end of
 * the submission's first process and of its last one are reported unasked.
 */
#ifndef GRADER_KEEPER_H
#define GRADER_KEEPER_H

/* What the grader says. */
struct keeper_request {
    int family; /* a socket of this family, type and protocol, please */
    int type;
    int protocol;
};

enum keeper_report_kind {
    REPORT_STARTED, /* the submission runs; or `error` tells why it does not */
    REPORT_SOCKET,  /* a descriptor comes along; or `error` tells why not */
    REPORT_ENDED,   /* the submission's first process has ended */
    REPORT_EMPTY,   /* no process of the submission is left, however it forked away */
};

/* Where starting an arena can fail. */
enum keeper_step {
    STEP_MAP_USER,
    STEP_LOOPBACK,
    STEP_TERMINAL,
    STEP_FORK,
    STEP_COMMAND,
};

struct keeper_report {
    enum keeper_report_kind kind;
    int error;             /* 0 or -errno */
    enum keeper_step step; /* of REPORT_STARTED with an error */
    int wait_status;       /* of REPORT_ENDED, as of waitpid(2) */
};

/* Runs in the new namespaces until `control_fd` ends; never returns. */
_Noreturn void keeper_run(int control_fd, int terminal_fd, char *const command[]);

#endif
