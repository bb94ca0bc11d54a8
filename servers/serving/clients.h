/* The clients that a service holds, and those that it turns away.
 *
 * Counting. Each process of a forking server counts the clients it holds in a place of its own, in
 * memory that all of them share. The count of one that was killed is so taken back by its parent.
 *
 * Descriptors. One is held in reserve. When accept fails because there are none left, the reserve
 * is closed, the client accepted and closed at once, and the reserve taken again: the client sees
 * an end of stream instead of an endless wait, and a loop does not spin on a listener that stays
 * readable. What models call for that, service_refuse() and service_accept_failed(), is declared in
 * servers/server.h.
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
