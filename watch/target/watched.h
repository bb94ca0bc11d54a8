/* What is watched: a process with all below it, found by its number, by where it listens, or
 * started here; and the network that its sockets are in. */
#ifndef WATCH_WATCHED_H
#define WATCH_WATCHED_H

#include "base/address.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum watched_trouble {
    WATCHED_FOUND,
    WATCHED_NO_PROCESS,  /* none has this number */
    WATCHED_NO_LISTENER, /* nothing listens there */
    WATCHED_FAR_AWAY,    /* the address is that of another machine */
    WATCHED_NO_NETWORK,  /* its network cannot be looked into */
    WATCHED_NOT_STARTED, /* the command cannot be run */
};

struct watched {
    char name[64]; /* of its program, or the command's first words; what is not known is "" */
    pid_t root;    /* 0: its process cannot be seen */
    uint16_t port; /* only clients of this port; 0: of all where it listens */
    int netlink_fd;
    int activity_fd;      /* tcp_activity_read() of its network; < 0: cannot be had */
    bool is_ours;         /* started here: ends with us */
    char *const *command; /* its words; NULL: it ran already */
    int error;            /* of a trouble: errno, or 0 */
};

/* Finds a process; where `host` is not NULL, only a listener that is reached there counts. */
enum watched_trouble watched_find_process(struct watched *target, pid_t pid);
enum watched_trouble watched_find_listener(struct watched *target, const struct address *host,
                                           uint16_t port);

/* Starts the command, with our own standard streams, or for a full screen (`is_silent`) with its
 * output kept from it; it gets a SIGTERM when we end, however we do. */
enum watched_trouble watched_start(struct watched *target, char *const command[], bool is_silent);

/* May we see what it does? The kernel shows only to some what a process sleeps in (ptrace(2)). */
bool watched_can_be_seen(const struct watched *target);

/* Has its first process ended? Then the status of what was started here is reaped. */
bool watched_has_ended(struct watched *target);

/* Ends what was started here, and closes. */
void watched_release(struct watched *target);

#endif
