/* A responder in a process of its own, on a port of 127.0.0.1 that the kernel chooses. */
#ifndef LOADGEN_RESPONDER_RESPONDER_PROCESS_H
#define LOADGEN_RESPONDER_RESPONDER_PROCESS_H

#include "base/address.h"
#include "loadgen/responder/responder.h"

#include <sys/types.h>

struct responder_process {
    struct address address;
    pid_t pid;
    struct histogram *delays; /* that it made; shared memory, written by it */
};

/* Starts it; it ends with the calling thread at the latest. 0 or -errno. */
int responder_start(struct responder_process *process, const struct responder_plan *plan);

/* Ends it and adds the delays it made to `delays`, unless that is NULL. 0, or -EPROTO if it failed
 * and its record is worthless. */
int responder_end(struct responder_process *process, struct histogram *delays);

#endif
