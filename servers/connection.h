/* The bytes of one client, moved in the manner that its model needs.
 *
 *   blocking   connection_serve(): waits in recv and send; for models that give each client a
 *              thread, a process or everybody's time.
 *   ready      connection_ready(): the kernel has said that the socket is ready; never waits.
 *   completed  connection_received(), connection_outgoing(), connection_sent(): the kernel has
 *              already moved the bytes.
 *
 * In every manner a client that does not take its replies is not read from. What a connection then
 * holds is bounded: by one receive and its reply in the first two manners, in the third also by
 * what had been received before the standing receive could be called back.
 */
#ifndef SERVERS_CONNECTION_H
#define SERVERS_CONNECTION_H

#include "servers/protocol.h"

#include <stdbool.h>
#include <stddef.h>

struct service;

struct connection {
    struct service *service;
    int client;
    struct conversation conversation;
    struct bytes outgoing; /* completed manner: a reply in the kernel's hands must not move */
    bool ending;           /* nothing more is received; close once all is sent */
};

/* What a connection waits for next. */
enum want {
    WANT_RECEIVE,
    WANT_SEND,
    WANT_CLOSE,
};

/* Admits a freshly accepted client and begins its conversation. Never NULL. */
struct connection *connection_open(struct service *service, int client);

/* Closes the client's socket and frees the connection. */
void connection_close(struct connection *connection);

/* Blocking: serves a freshly accepted client from its first byte to its last and closes it. */
void connection_serve(struct service *service, int client);

/* Ready: moves what can be moved now, on a non-blocking socket, and says what to wait for. */
enum want connection_ready(struct connection *connection);

/* Completed: takes what was received; `count` 0 is the end of the stream. */
void connection_received(struct connection *connection, const char *data, size_t count);

/* Completed: the bytes to send next, or 0 of them. They stay where they are until
 * connection_sent() has been told how many of them went out. */
size_t connection_outgoing(struct connection *connection, const char **data);
void connection_sent(struct connection *connection, size_t count);

/* Completed: does it wait for the client to take so much that nothing more should be received? */
bool connection_is_congested(const struct connection *connection);

#endif
