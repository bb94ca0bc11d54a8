/* Clients beside the load that ask without end and read next to nothing: 1 KiB every 100 ms, with a
 * small receive buffer. A server that waits for one of them lets all others down. They are not
 * measured; what they read is checked. */
#ifndef LOADGEN_WORKER_SLOW_READERS_H
#define LOADGEN_WORKER_SLOW_READERS_H

#include "loadgen/worker/connecting.h"

/* `count` of them, which count on from `first` by `step`. NULL if there are none. */
struct slow_readers *slow_readers_new(unsigned count, unsigned first, unsigned step);
void slow_readers_free(struct slow_readers *readers);

/* All of these do nothing with NULL. The first may wait, until the deadline at most. */
void slow_readers_connect(struct slow_readers *readers, struct run *run,
                          struct connecting *connecting, int64_t deadline_ns);

/* Reads and sends if it is time to. */
void slow_readers_act(struct slow_readers *readers, struct run *run);

/* When it will next be time to; NEVER_NS: never. */
int64_t slow_readers_next_ns(const struct slow_readers *readers);

#endif
