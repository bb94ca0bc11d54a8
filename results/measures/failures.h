/* What went wrong, counted by phase and cause. */
#ifndef RESULTS_MEASURES_FAILURES_H
#define RESULTS_MEASURES_FAILURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum failure_phase {
    PHASE_CONNECT, /* the connection was not made: no request had been sent */
    PHASE_IDLE,    /* it ended while no request was out */
    PHASE_SEND,    /* while a request was being sent, or was next to be */
    PHASE_WAIT,    /* while waiting for the first byte of a reply */
    PHASE_PARTIAL, /* in the middle of a reply */
    PHASE_REPLY,   /* the reply is whole, and the connection goes on, but it is a refusal */
    PHASE_SLOW,    /* it happened to a slow reader, whose requests are not counted */
};

/* Causes that are no errno. They lie above all of those. */
enum failure_cause {
    CAUSE_CLOSED = 1000, /* the server closed the connection */
    CAUSE_WRONG_BYTES,
    CAUSE_OTHER_CLIENT,
    CAUSE_REPEATED,
    CAUSE_UNASKED,    /* more bytes than were asked for */
    CAUSE_UNEXPECTED, /* a reply that says something else */
    CAUSE_NOT_HTTP,
    CAUSE_GIVEN_UP,   /* an earlier reply was wrong, and the connection was given up */
    CAUSE_STATUS_4XX, /* HTTP: what was asked for cannot be had */
    CAUSE_STATUS_5XX,
};

struct failure {
    enum failure_phase phase;
    int cause; /* errno or enum failure_cause */
    uint64_t count;
};

#define FAILURE_KINDS_MAX 32

/* All zero is no failures. Past FAILURE_KINDS_MAX kinds, further ones count as the last. */
struct failures {
    size_t kinds;
    struct failure by[FAILURE_KINDS_MAX];
};

void failures_count(struct failures *failures, enum failure_phase phase, int cause, uint64_t count);
void failures_merge(struct failures *into, const struct failures *from);
uint64_t failures_total(const struct failures *failures);

/* Did it happen to a request that is counted? Those from PHASE_SEND to PHASE_REPLY did. */
bool failure_is_of_request(const struct failure *failure);
uint64_t failures_of_requests(const struct failures *failures);

/* Is the cause a wrong reply, and not the end of the connection? */
bool failure_is_of_reply(int cause);

/* Constant texts: "wait", "connection reset by peer", "closed by the server". */
const char *failure_phase_name(enum failure_phase phase);
const char *failure_cause_text(int cause);

/* A word for programs: "ECONNRESET", "closed". */
const char *failure_cause_name(int cause);

#endif
