/* The child processes of a forking server: counted, reaped, and told to end.
 *
 * From children_init() on, SIGTERM, SIGINT, SIGALRM and SIGCHLD are blocked, and arrive only while
 * the server sleeps in ppoll(2) with the mask `signals_open`. So no handler finds the list of
 * children half changed, and no child ends unnoticed between a check and the sleep.
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

/* As fork(2); also -1 if no place is free. The child gets signals again, and ends with its
 * parent. */
pid_t children_fork(struct children *children);

/* Reaps those that have ended, so that none stays a zombie. */
void children_reap(struct children *children);

/* Sends SIGTERM to all and returns when the last has ended. */
void children_end(struct children *children);

#endif
