/* A server that takes part: one of our models, somebody else's command, or one that runs
 * already. */
#ifndef BENCH_CONTENDER_H
#define BENCH_CONTENDER_H

#include "base/address.h"
#include "bench/target.h"

#include <jansson.h>
#include <stdbool.h>

#define BENCH_PORT_PLACE "{port}"

/* All but `name` and `model` are NULL or false unless they are what it is. */
struct contender {
    const char *name;
    const char *model;   /* ours, served by this very program; may be a file "./mine.so" */
    const char *command; /* for a shell, with BENCH_PORT_PLACE in it */
    bool is_running;     /* already, at this address: nothing of it can be started or stopped */
    struct address address;
};

/* Understands "epoll" or "./mine.so" as a model, "HOST:PORT" as a server that runs, anything with
 * "{port}" in it as a command. `text` is kept. 0 or -EINVAL. */
int contender_parse(struct contender *contender, const char *name, const char *text);

/* Starts it with a protocol that answers the load's protocol of this name, and waits until it
 * listens. The words of the command are the caller's to free with contender_free_command(), after
 * a failure too; NULL if it runs already. 0 or -errno; after a failure nothing runs. */
int contender_start(const struct contender *contender, const char *protocol, struct target *target,
                    char ***command);

void contender_free_command(char **command);

#endif
