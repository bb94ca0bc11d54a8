/* Clients that hear each other (load_protocol.hears): the greeting that lets each of them in, and
 * whether each message that was confirmed to its speaker was heard by the one that is meant.
 *
 * The clients of a worker stand in a circle, and each speaks to the next one: so who speaks and who
 * listens belong to one thread, and a listener that knows how many messages it has heard knows
 * which one comes next. Two counters of each client, taken up independently, then say it all:
 * `confirmed`, of what it has said, and `heard`, of what the one before it has said. */
#ifndef LOADGEN_WORKER_HEARING_H
#define LOADGEN_WORKER_HEARING_H

#include "loadgen/worker/run.h"

/* One client's part in it. All zero: nothing was said or heard. */
struct hearing {
    uint32_t confirmed;
    uint32_t heard;
    size_t greeting_left_bytes; /* to be sent before all requests */
    bool is_greeting;           /* the greeting has not been answered */
};

/* A connection was made: a greeting is to be sent, if the protocol has one. */
void hearing_begin(struct run *run, struct hearing *hearing);

/* The greeting was answered, or its client is lost. */
void hearing_end_greeting(struct run *run, struct hearing *hearing);

/* Counts what a message from another client, which has come instead of a reply, has brought. */
void hearing_note(struct run *run, struct hearing *hearing, const struct reply *reply);

/* Is there something that was confirmed and not heard yet? */
bool hearing_is_open(const struct run *run);

/* At the end of a measurement: counts what a listener has not heard of its speaker. */
void hearing_compare(struct run *run, const struct hearing *speaker,
                     const struct hearing *listener);

#endif
