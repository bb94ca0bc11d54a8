/* The clients of a ring: each with its connection and its requests that the kernel is working on.
 * The requests are made in servers/models/io_uring.c, except for one: waiting for the pipe that a
 * command's output comes from is requested here.
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
    bool receiving;  /* a multishot receive is pending */
    bool cancelling; /* … and is being cancelled */
    bool sending;    /* a send is pending */
    bool polling;    /* waiting for the pipe is pending */
    bool unpolling;  /* … and is being cancelled */
    bool broken;     /* a request failed: the client cannot be served further */
    bool is_due;
    struct ring_client *next_due;
};

/* Takes a freshly accepted client, and enters its descriptor into the ring's table together with
 * the next request, which the caller must make at once. Never NULL. */
struct ring_client *ring_client_open(struct ring *ring, struct service *service, int fd);

/* Takes what the kernel has done for a client and puts the client into the list `*due`, but only
 * once: however many pieces have come, the reply then goes out in one. */
void ring_client_complete(struct ring_client **due, const struct io_uring_cqe *completion);

/* Takes a client out of the list, which is not empty. */
struct ring_client *ring_client_next(struct ring_client **due);

/* As connection_outgoing(), but 0 while a send is pending. Requests waiting for the pipe if the
 * reply comes from one. */
size_t ring_client_outgoing(struct ring_client *client, const char **data);

/* Should its next bytes be received now? */
bool ring_client_wants_more(const struct ring_client *client);

/* Has it left, with no request pending? Then close it. */
bool ring_client_is_over(const struct ring_client *client);

void ring_client_close(struct ring_client *client);

#endif
