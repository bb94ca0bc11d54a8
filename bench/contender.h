/* A server that takes part: one of our models, any command, or one that runs already. */
#ifndef BENCH_CONTENDER_H
#define BENCH_CONTENDER_H

#include "base/address.h"
#include "bench/target.h"

#define BENCH_PORT_PLACE "{port}"

enum contender_kind {
    CONTENDER_MODEL,   /* ours, served by this very program; may be a file "./mine.so" */
    CONTENDER_COMMAND, /* for a shell, with BENCH_PORT_PLACE in it */
    CONTENDER_RUNNING, /* already, at an address: we neither start nor stop it */
};

struct load_plan;

struct contender {
    const char *name;
    enum contender_kind kind;
    const char *text; /* the model, the command, or the address as it was given */
    struct address address;
    int64_t start_timeout_ns; /* for a command until it listens */
};

#define START_TIMEOUT_NS (10 * NS_PER_S) /* unless something else is asked for */

/* Understands "epoll" or "./mine.so" as a model, "HOST:PORT" as a server that runs, anything with
 * "{port}" in it as a command. `text` is kept. 0 or -EINVAL. */
int contender_parse(struct contender *contender, const char *name, const char *text);

/* Starts it with a protocol that answers that of the load, and waits until it listens; a command
 * for at most its time. The words of the command are the caller's to free with free_texts(), after
 * a failure too; NULL if it runs already. 0 or -errno; after a failure nothing runs, and `*trouble`
 * says why, as the end of a sentence that begins with "it"; the caller frees. */
int contender_start(const struct contender *contender, const struct load_plan *plan,
                    struct target *target, char ***command, char **trouble);

#endif
