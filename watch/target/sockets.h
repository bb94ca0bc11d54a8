/* The sockets of a target, from look to look, as cheaply as they can be had: a server that is
 * watched has less of the processor's caches whenever the kernel walks through its whole table. */
#ifndef WATCH_SOCKETS_H
#define WATCH_SOCKETS_H

#include "observe/tcp_again.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero but for `now` is none that was read. */
struct sockets {
    struct tcp_table *now; /* as they were read last; the caller's */
    struct tcp_table spare;
    struct tcp_activity activity; /* before that */
    bool has_activity;
    uint64_t whole_opens; /* when the kernel's table was read from end to end */
    int64_t whole_ns;
    size_t wholes; /* how often it was */
    size_t *places;
    size_t place_capacity;
    uint64_t ports[(UINT16_MAX + 1) / 64]; /* a bit for each of the target's */
};

/* How to reach them. */
struct sockets_way {
    int netlink_fd;
    int activity_fd; /* < 0: cannot be had; then everything is read each time */
};

/* Has no segment passed since they were read last? Then they are what they were, unless the target
 * has run (accept(), recv()) or a timer has. Where false, sockets_read() is to be called. */
bool sockets_are_quiet(struct sockets *sockets, const struct sockets_way *way, int64_t now_ns);

/* The target listens there, or did. */
void sockets_note_port(struct sockets *sockets, uint16_t port);

/* Reads them: those at the target's ports anew, others as they were found when all were read. 0 or
 * -errno. */
int sockets_read(struct sockets *sockets, const struct sockets_way *way, int64_t now_ns);

/* Are the target's connections and listeners still as they were read? Ends with the first that is
 * not. */
bool sockets_stay(struct sockets *sockets, const struct sockets_way *way);

void sockets_release(struct sockets *sockets);

#endif
