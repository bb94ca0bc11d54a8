/* A worker's clients that are being connected, and where from.
 *
 * A source address has some 28,000 ports towards one server, and each is held for a while after it
 * was used; when half of them are taken, the kernel looks through all of those before it finds a
 * free one. On the loopback network every address from 127.0.0.1 on is our own, so the next one is
 * taken well before.
 */
#ifndef LOADGEN_WORKER_CONNECTING_H
#define LOADGEN_WORKER_CONNECTING_H

#include "loadgen/worker/client.h"

struct connecting {
    struct client_list clients; /* the longest first */
    unsigned count;
    unsigned source;             /* which of the source addresses is in use, */
    unsigned source_connections; /* and for how many connections by now */
};

void connecting_init(struct connecting *connecting);

/* A socket whose connect(2) to the target is under way, or -errno. 0: a receive buffer as usual. */
int connecting_open_socket(struct connecting *connecting, const struct load_plan *plan,
                           int receive_bytes);

/* Gives the client such a socket and enters it: 0 or -errno. And takes it out, however that has
 * ended. */
int connecting_start(struct connecting *connecting, const struct load_plan *plan,
                     struct client *client);
void connecting_end(struct connecting *connecting, struct client *client);

/* When the first of them will have taken too long. */
int64_t connecting_give_up_ns(const struct connecting *connecting, const struct load_plan *plan);

/* When a client may begin to connect, in ns since the load began to. */
int64_t connecting_ramp_ns(const struct load_plan *plan, const struct client *client);

#endif
