/* The child processes of a forking server: counted, reaped, and told to end.
 *
 * From children_init() on, SIGTERM, SIGINT, SIGALRM and SIGCHLD are blocked. They get through while
 * the server sleeps in a call that is given `signals_open`, such as ppoll(2).
 */
#ifndef SERVERS_CHILDREN_H
#define SERVERS_CHILDREN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct children {
    pid_t *pids;
    size_t count;
    size_t limit;
    sigset_t signals_open; /* the signal mask to sleep with */
};

void children_init(struct children *children, size_t limit);

bool children_are_full(const struct children *children);
void children_add(struct children *children, pid_t child);

/* Waits for those that have ended, so that none stays a zombie. How many there were. */
size_t children_reap(struct children *children);

/* In a child: these are not its own, signals get through again, and it ends with its parent. */
void children_forget(struct children *children);

/* SIGTERM to all; returns when the last has ended. */
void children_end(struct children *children);

#endif
