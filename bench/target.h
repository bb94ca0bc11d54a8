/* A server under a bench: started as its own process, resident, loaded in turns with others. */
#ifndef BENCH_TARGET_H
#define BENCH_TARGET_H

#include "base/address.h"
#include "bench/guard.h"
#include "observe/event_counter.h"
#include "observe/usage.h"

struct target {
    const char *name;       /* not owned */
    struct process process; /* one of our own programs; pid 0: it is none */
    struct guard guard;     /* of anybody else's; its process has pid 0: there is none */
    struct address address;
};

/* Starts the command, a program of ours, and waits for its line "listening on HOST:PORT". 0;
 * -errno; -EPROTO if the line is another. After a failure nothing runs. */
int target_start(struct target *target, const char *name, char *const *command);

/* The same for a command that prints no such line: waits until the port has a listener, on whatever
 * address, or the timeout is over. It stands below a guard (bench/guard.h). After a failure
 * `*trouble` says what happened, as the end of a sentence that begins with "it"; the caller
 * frees. */
int target_start_on(struct target *target, const char *name, char *const *command, uint16_t port,
                    int64_t timeout_ns, char **trouble);

/* Takes a server that runs already: it is not stopped, and has neither ended nor used anything. */
void target_adopt(struct target *target, const char *name, const struct address *address);

bool target_is_ours(const struct target *target);

/* Has its first process ended? Of one below a guard: all of it, or the first process not well. */
bool target_has_ended(const struct target *target);

/* Waits for that until the deadline; all of that time if the server is not ours. */
bool target_await_end(const struct target *target, int64_t deadline_ns);

/* How it has ended, as the end of a sentence that begins with "it". The caller frees. */
char *target_end_text(const struct target *target);

/* What it has used and counts, without its guard. Only of one that is ours. */
void target_read_usage(const struct target *target, struct usage *usage);
uint64_t target_cpu_ns(const struct target *target);
int target_open_counter(const struct target *target, struct event_counter *counter,
                        enum counted_event event);

/* Processor time of its guard, which is neither the server's nor the load's; 0: it has none. */
uint64_t target_guard_cpu_ns(const struct target *target);

/* Ends it, and all that it has started where it has a guard. */
void target_stop(struct target *target);

#endif
