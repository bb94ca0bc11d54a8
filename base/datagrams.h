/* Datagrams of UDP, as they come to a socket: whole, one after the other, each with its sender. */
#ifndef BASE_DATAGRAMS_H
#define BASE_DATAGRAMS_H

#include "base/address.h"
#include "base/bytes.h"

/* What IPv4 carries in one. */
#define DATAGRAM_MAX_BYTES ((size_t)65507)

struct datagram {
    struct bytes data; /* may be empty, and is a datagram all the same */
    struct address from;
};

/* That have come and were not taken yet. All zero: none. */
struct datagrams {
    struct datagram *all;
    size_t count;
    size_t bytes; /* all together, and something for each: what they cost */
};

/* Makes a socket ready that is not connected, and so hears all who send to it: errors of what it
 * has sent come to it, too. 0 or -errno. */
int datagrams_prepare(int fd);

/* Sends one, which lies in no queue of ours then. 0 or -errno. */
int datagrams_send(int fd, const struct address *to, const void *data, size_t count);

/* Takes what has come, without waiting, until all together cost `most_bytes`. How many were new;
 * -ECONNREFUSED: the machine has told that nobody is bound where one of ours has gone (ICMP). */
int datagrams_receive(struct datagrams *datagrams, int fd, size_t most_bytes);

/* Hands the first to the caller; false if there is none. */
bool datagrams_take(struct datagrams *datagrams, struct datagram *first);

void datagrams_release(struct datagrams *datagrams);

#endif
