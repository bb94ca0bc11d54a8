/* The clients of a ring: of each its connection, and what it has in the kernel's hands. What is
 * asked of the kernel for them stands in servers/models/io_uring.c, but for the pipe that a
 * command's output comes from: that is waited for here.
 */
#ifndef SERVERS_SERVING_RING_CLIENT_H
#define SERVERS_SERVING_RING_CLIENT_H

#include "base/ring.h"

#include <stdbool.h>

struct connection;
struct service;

struct ring_client {
    struct ring *ring;
    struct connection *connection;
    int fd;
    bool receiving;  /* a standing receive is in the kernel's hands */
    bool cancelling; /* and is being cancelled */
    bool sending;    /* a send is in the kernel's hands */
    bool polling;    /* the pipe that the reply comes from is being waited for */
    bool broken;     /* an operation failed: nobody is left to talk to */
    bool is_due;
    struct ring_client *next_due;
};

/* Takes a freshly accepted client, and enters its descriptor into the ring's table in time for the
 * next request, which must be made at once. Never NULL. */
struct ring_client *ring_client_open(struct ring *ring, struct service *service, int fd);

/* Takes in what the kernel has done for a client, which is put into the list `*due`: once, however
 * many pieces came, so that its reply goes out in one. */
void ring_client_complete(struct ring_client **due, const struct io_uring_cqe *completion);

/* Takes a client out of the list, which is not empty. */
struct ring_client *ring_client_next(struct ring_client **due);

/* The bytes to send next, or 0 of them, as connection_outgoing() has them: also while a send is in
 * the kernel's hands, or while a pipe must be waited for, which is requested here. */
size_t ring_client_outgoing(struct ring_client *client, const char **data);

/* Should its next bytes be received now? */
bool ring_client_wants_more(const struct ring_client *client);

/* Has it left, with nothing of it in the kernel's hands? Then close it. */
bool ring_client_is_over(const struct ring_client *client);

void ring_client_close(struct ring_client *client);

#endif
