/* The clients that a service holds, and those that it turns away.
 *
 * Counting. Each process of a forking server counts its clients in its own place in shared memory,
 * so when one is killed, its parent can take back its count.
 *
 * Descriptors. One is held in reserve. When accept fails for want of descriptors, the reserve is
 * closed, the client accepted and closed at once, and the reserve opened again: the client sees an
 * end of stream instead of waiting for ever, and a loop does not spin on a listener that stays
 * readable. Models use service_refuse() and service_accept_failed() of servers/server.h for that.
 */
#ifndef SERVERS_SERVING_CLIENTS_H
#define SERVERS_SERVING_CLIENTS_H

#include "servers/server.h"

/* Takes a freshly accepted client into the list of those held. */
void service_admit(struct service *service, int client);

/* Closes a client that was admitted. */
void service_let_go(struct service *service, int client);

/* How many clients are held, by all processes. */
size_t service_clients(const struct service *service);

/* In child number `child`, from 0: its clients count as its own from now on. In its parent, once it
 * has ended: they are gone. */
void service_enter_child(struct service *service, size_t child);
void service_forget_child(struct service *service, size_t child);

#endif
