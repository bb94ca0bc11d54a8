/* Clients beside the load that ask without end and read next to nothing: 1 KiB every 100 ms, with a
 * small receive buffer. A server that waits for one of them keeps all others waiting. They are not
 * measured; what they read is checked. */
#ifndef LOADGEN_WORKER_SLOW_READERS_H
#define LOADGEN_WORKER_SLOW_READERS_H

#include "loadgen/worker/connecting.h"

struct slow_readers {
    unsigned count;
    struct client *clients;
    int64_t next_ns; /* when they act next; NEVER_NS: there are none */
};

/* `count` of them, numbered `first`, `first` + `step` and so on. */
void slow_readers_init(struct slow_readers *readers, unsigned count, unsigned first, unsigned step);
void slow_readers_release(struct slow_readers *readers);

/* Connects them one after the other, until the deadline at most. */
void slow_readers_connect(struct slow_readers *readers, struct run *run,
                          struct connecting *connecting, int64_t deadline_ns);

/* Reads and sends if it is time to. */
void slow_readers_act(struct slow_readers *readers, struct run *run);

#endif
