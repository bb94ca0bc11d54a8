/* The one interface between a server's concurrency model and everything else.
 *
 * A model owns waiting and working: it calls accept4(2), decides who waits where, and hands each
 * client to a connection, which moves bytes in the manner that the model needs. A model knows no
 * protocol, and a protocol knows no model.
 *
 * This page is all that a model may use. It is installed as proctor/server.h, so a model of your
 * own, in a shared object that exports `const struct server_model proctor_model`, runs under the
 * same interface: proctor serve ./mine.so
 */
#ifndef PROCTOR_SERVER_H
#define PROCTOR_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* Raised whenever a model built before would no longer run right. */
#define SERVER_INTERFACE 1

struct service;    /* a listener, the clients held, the options, and how serving ends */
struct connection; /* one client and its conversation */

/*** What a model is ***/

/* Serves clients of the service's listener until service_is_stopping() and every client has been
 * closed. 0, or -errno if it could not go on. */
typedef int serve_function(struct service *service);

enum model_needs {
    MODEL_NEEDS_IO_URING = 1 << 0,
    MODEL_NEEDS_OWN_LISTENERS = 1 << 1, /* each of its workers has one; see service_run_loops() */
};

struct server_model {
    unsigned interface; /* SERVER_INTERFACE */
    const char *name;
    const char *summary; /* one line, for `proctor list models` */
    unsigned needs;      /* enum model_needs, or-ed */
    serve_function *serve;
};

/*** The service ***/

/* A blocking TCP socket that listens; a loop sets it non-blocking. */
int service_listener(const struct service *service);

/* --workers: how many threads or processes to have; the number of cores unless given. */
size_t service_workers(const struct service *service);

/* --max-clients: how many clients to take on at once where each costs more than a descriptor. */
size_t service_max_clients(const struct service *service);

/* Must serving end? The listener and the receiving side of every client are then shut down already,
 * so whatever sleeps on one of them wakes up. */
bool service_is_stopping(const struct service *service);

/* Closes a client that was accepted but cannot be served, and counts it. */
void service_refuse(struct service *service, int client);

/* Call this whenever accept failed, with its errno: it turns a client away if descriptors ran out,
 * ignores what concerns only the client, and stops the service if the listener is broken. */
void service_accept_failed(struct service *service, int listener, int error);

/* 0, or -errno if service_accept_failed() had to stop the service: what serve returns. */
int service_outcome(const struct service *service);

/* Runs `loop` once for each worker, one of them in this thread. Each has its own listener, and the
 * kernel spreads the clients over them (SO_REUSEPORT). One worker unless --workers says otherwise.
 * 0, or the -errno of the first loop that failed, which also ends the others. */
typedef int loop_function(struct service *service, int listener);
int service_run_loops(struct service *service, loop_function *loop);

/*** Connections ***/

/* Takes a freshly accepted client, and counts it. Never NULL. */
struct connection *connection_open(struct service *service, int client);

/* Closes the client's socket and frees the connection. */
void connection_close(struct connection *connection);

/* The same for a client that cannot be served any further: it is counted as refused. */
void connection_refuse(struct connection *connection);

/*** … blocking: waits in recv and send ***/

/* Serves a client, whose socket must be blocking, to its last byte and closes it. */
void connection_serve(struct connection *connection);

/*** … ready: moves what can be moved now, and says what to wait for ***/

enum want {
    WANT_RECEIVE, /* call again when connection_awaited() is readable */
    WANT_SEND,    /* … when it is writable */
    WANT_CLOSE,   /* call connection_close() */
};

/* Call this when the kernel says that connection_awaited() is ready. It never waits, provided that
 * the client's socket is non-blocking. */
enum want connection_ready(struct connection *connection);

/* The descriptor to wait for: the client, or for a while the pipe that its reply comes from. It may
 * change with each connection_ready(): then its number is a new one, and the old descriptor may be
 * closed already. */
int connection_awaited(const struct connection *connection);

int connection_client(const struct connection *connection);

/*** … completed: the kernel has already moved the bytes ***/

/* Takes what was received; `count` 0 is the end of the stream. `filled`: it filled the buffer, so
 * more of the same message may follow. May be called whenever bytes come, even when no more are
 * wanted. */
void connection_received(struct connection *connection, const char *data, size_t count,
                         bool filled);

/* The bytes to send next; returns how many, perhaps 0. They stay in place until connection_sent()
 * says how many of them went out. */
size_t connection_outgoing(struct connection *connection, const char **data);
void connection_sent(struct connection *connection, size_t count);

/* Should the next bytes be received now? Not while the client takes no replies. */
bool connection_wants_more(const struct connection *connection);

/* The pipe that the reply comes from, or -1: nothing more goes out until it is readable and
 * connection_pipe_ready() has been called. */
int connection_pipe(const struct connection *connection);
void connection_pipe_ready(struct connection *connection);

/* Has everything been received, and all of the reply been taken by connection_outgoing()? */
bool connection_is_finished(const struct connection *connection);

#endif
