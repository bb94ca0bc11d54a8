/* An echo server that answers after a known time: what a load generator is checked against.
 *
 * Each piece that a client sends comes back when its delay is over. Delays run side by side, or,
 * where `queues`, one after the other as with a single clerk, so that exponential delays and
 * Poisson arrivals make an M/M/1 queue. Stalls stop everything: for stall_ns at the beginning of
 * every stall_every_ns nothing is received and nothing is sent.
 */
#ifndef LOADGEN_RESPONDER_RESPONDER_H
#define LOADGEN_RESPONDER_RESPONDER_H

#include "results/measures/histogram.h"

#include <stdbool.h>
#include <stdint.h>

enum delay_law {
    DELAY_CONSTANT,    /* delay_ns */
    DELAY_BIMODAL,     /* delay_ns, or ten times that, once in ten times */
    DELAY_EXPONENTIAL, /* delay_ns on average */
};

struct responder_plan {
    enum delay_law law;
    int64_t delay_ns;
    bool queues;
    int64_t stall_ns; /* 0: no stalls */
    int64_t stall_every_ns;
    uint64_t seed;
};

/* Serves the listener, a non-blocking socket, until SIGTERM or SIGINT, whose handlers it sets. What
 * it has really done, from the receive of a request to the send of its reply, is recorded in
 * `delays`. 0 or -errno. */
int responder_run(int listener, const struct responder_plan *plan, struct histogram *delays);

#endif
