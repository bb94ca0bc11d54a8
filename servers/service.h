/* What every model shares: the listener, the clients held, the counters, and how serving ends.
 *
 * Ending. There is one way to stop a server, and it works for a thread that sleeps in recv(2) as
 * well as for a loop that sleeps in epoll_wait(2): the taps are closed. service_stop() shuts the
 * listener and the receiving side of every client down, so accept fails, every recv first gives
 * what had already arrived and then the end of the stream, and each model comes to its end by the
 * code it has anyway. A client that does not take its replies in DRAIN_SECONDS is cut off. One that
 * is still sending at that moment may be reset, and lose replies that it has not read: the server
 * answers what had arrived, and cannot wait for what has not.
 *
 * Descriptors. One is held in reserve. When accept fails because there are none left, the reserve
 * is closed, the client accepted and closed at once, and the reserve taken again: the client sees
 * an end of stream instead of an endless wait, and a loop does not spin on a listener that stays
 * readable.
 */
#ifndef SERVERS_SERVICE_H
#define SERVERS_SERVICE_H

#include "base/address.h"
#include "servers/protocol.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct service_options {
    struct address address; /* port 0: the kernel chooses */
    int backlog;
    size_t workers;     /* of a model that has a fixed number of threads or processes */
    size_t max_clients; /* of a model that gives each client a thread, a process or a place */
    const struct protocol *protocol;
    struct protocol_options protocol_options;
};

/* In memory shared with child processes, so that forked servers count too. */
struct service_counters {
    _Atomic uint64_t accepted;
    _Atomic uint64_t refused;
};

struct service {
    int listener;
    const struct service_options *options;
    struct service_counters *counters;

    /* For service.c alone. */
    atomic_bool stopping;
    atomic_bool *held;        /* by descriptor: is it a client being served? */
    _Atomic int held_highest; /* no higher descriptor has ever been held */
    size_t held_limit;
    _Atomic int reserve_fd;
    _Atomic int failure; /* 0 or -errno: why serving had to end */
};

/* Opens the listener; `options` must outlive the service. 0 or -errno. */
int service_open(struct service *service, const struct service_options *options);

/* SIGTERM and SIGINT stop the service from now on. One service per process can be so tied. */
void service_stop_on_signals(struct service *service);

/* Ends serving, as the top of this file tells. Safe in a signal handler. */
void service_stop(struct service *service);

bool service_is_stopping(struct service *service);

/* Takes a freshly accepted client into the list of those held. */
void service_admit(struct service *service, int client);

/* Closes a client that was admitted. */
void service_let_go(struct service *service, int client);

/* Closes a client that was accepted but cannot be served, and counts it. */
void service_refuse(struct service *service, int client);

/* To be told whenever accept failed, with its errno: turns a client away if descriptors ran out,
 * ignores what concerns only the client, and stops the service if the listener is broken. */
void service_accept_failed(struct service *service, int error);

/* 0, or -errno if service_accept_failed() had to stop the service: what serve returns. */
int service_outcome(struct service *service);

/* Closes the listener and frees what service_open() took. */
void service_close(struct service *service);

#endif
