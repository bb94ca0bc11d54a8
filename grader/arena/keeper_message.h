/* What the grader and the keeper of an arena say to each other, and when it is nonsense.
 *
 * The keeper lives beside the submission, so that what comes from it is taken as coming from
 * outside: a message of another length, or with a value that no keeper would send, is no
 * message. */
#ifndef GRADER_ARENA_KEEPER_MESSAGE_H
#define GRADER_ARENA_KEEPER_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

enum keeper_request_kind {
    REQUEST_SOCKET,   /* make a socket of this family, type and protocol */
    REQUEST_SEGMENTS, /* open the list of System V's shared memory; answered like the one above */
    REQUEST_END,      /* end all processes of the submission; the answer is REPORT_ALL_ENDED */
    REQUEST_STOP,  /* send SIGTERM to the submission's first process; answered by REPORT_STOPPED */
    REQUEST_START, /* start a command, perhaps once more; the answer is REPORT_STARTED */
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

/* How many may have been started beside the submission. */
#define KEEPER_RUNS_MAX 64

enum keeper_report_kind {
    REPORT_STARTED, /* the submission runs; or `error` tells why it does not */
    REPORT_SOCKET,  /* a descriptor comes along; or `error` tells why not */
    REPORT_ENDED,   /* the first process of a run has ended */
    REPORT_EMPTY,   /* no process of the submission is left */
    REPORT_ALL_ENDED,
    REPORT_STOPPED, /* the signal was sent, or there is nobody any more */
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

/* Reads a message of `length` bytes from the grader. False if it is no request. */
bool keeper_request_read(struct keeper_request *request, const void *message, size_t length);

/* Reads one from the keeper, with which a descriptor has come or not. 0; or -EBADMSG if it is no
 * report. */
int keeper_report_read(struct keeper_report *report, const void *message, size_t length,
                       bool has_descriptor);

#endif
