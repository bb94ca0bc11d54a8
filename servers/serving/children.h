/* The child processes of a forking server: counted, reaped, and told to end.
 *
 * From children_init() on, SIGTERM, SIGINT, SIGALRM and SIGCHLD are blocked. They get through while
 * the server sleeps in a call that is given `signals_open`, such as ppoll(2): no handler finds the
 * list of children half changed, and no child's end is missed between a look and a sleep.
 */
#ifndef SERVERS_SERVING_CHILDREN_H
#define SERVERS_SERVING_CHILDREN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct service;

struct children {
    struct service *service;
    pid_t *pids; /* 0: a free place */
    size_t count;
    size_t limit;
    sigset_t signals_open; /* the signal mask to sleep with */
};

void children_init(struct children *children, struct service *service, size_t limit);

bool children_are_full(const struct children *children);

/* As fork(2); -1 also when they are full. In the child signals get through again, and it ends with
 * its parent. */
pid_t children_fork(struct children *children);

/* Waits for those that have ended, so that none stays a zombie. */
void children_reap(struct children *children);

/* SIGTERM to all; returns when the last has ended. */
void children_end(struct children *children);

#endif
