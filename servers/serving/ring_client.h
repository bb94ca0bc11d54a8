/* The clients of a ring: of each its connection, and what it has in the kernel's hands. */
#ifndef SERVERS_SERVING_RING_CLIENT_H
#define SERVERS_SERVING_RING_CLIENT_H

#include "base/ring.h"

#include <stdbool.h>

struct connection;
struct service;

struct ring_clients {
    struct ring ring;
    struct ring_client *due; /* those for which something has been done */
};

struct ring_client {
    struct ring_clients *company;
    struct connection *connection;
    int fd;
    bool receiving;  /* a standing receive is in the kernel's hands */
    bool cancelling; /* and has been called back */
    bool sending;    /* a send is in the kernel's hands */
    bool polling;    /* the pipe that the reply comes from is being waited for */
    bool broken;     /* an operation failed: there is nobody to talk to any more */
    bool is_due;     /* something has been done for it since it was last advanced */
    struct ring_client *next_due;
};

/* Takes a freshly accepted client and asks for its first bytes. Never NULL. */
struct ring_client *ring_client_open(struct ring_clients *company, struct service *service, int fd);

/* Takes in what the kernel has done for this client. */
void ring_client_complete(struct ring_client *client, const struct io_uring_cqe *completion);

/* Asks the kernel for whatever is due next for the clients for which something has been done: once
 * for each, however many pieces came, so that its reply goes out in one. Frees those that have left
 * and of which the last request has come back; how many. */
int ring_clients_advance(struct ring_clients *company);

#endif
