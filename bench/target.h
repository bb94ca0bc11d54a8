/* A server under a bench: started as its own process, resident, loaded in turns with others. */
#ifndef BENCH_TARGET_H
#define BENCH_TARGET_H

#include "base/address.h"
#include "base/process.h"

struct target {
    const char *name;       /* not owned */
    struct process process; /* pid 0: not started by us, only its address is known */
    struct address address;
};

/* Starts the command and waits for its line "listening on HOST:PORT". 0; -errno; -EPROTO if the
 * line is another. After a failure nothing runs. */
int target_start(struct target *target, const char *name, char *const *command);

/* The same for a command that prints no such line: waits until this port of 127.0.0.1 has a
 * listener. */
int target_start_on(struct target *target, const char *name, char *const *command, uint16_t port);

/* Takes a server that runs already: it is not stopped, and has neither ended nor used anything. */
void target_adopt(struct target *target, const char *name, const struct address *address);

bool target_is_ours(const struct target *target);

/* Has its first process ended? */
bool target_has_ended(const struct target *target);

void target_stop(struct target *target);

#endif
