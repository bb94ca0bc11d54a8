/* What every model shares: the listeners, the clients held, the counters, and how serving ends.
 *
 * What models may call is declared in servers/server.h.
 *
 * Ending. There is one way to stop a server, and it works for a thread that sleeps in recv(2) as
 * well as for a loop that sleeps in epoll_wait(2): the taps are closed. service_stop() shuts the
 * listeners and the receiving side of every client down, so accept fails, every recv first gives
 * what had already arrived and then the end of the stream, and each model comes to its end by the
 * code it has anyway. A client that does not take its replies in DRAIN_SECONDS is cut off. One that
 * is still sending at that moment may be reset, and lose replies that it has not read: the server
 * answers what had arrived, and cannot wait for what has not. --until is the same end, begun by the
 * service itself: it sends the signal.
 *
 * Descriptors. One is held in reserve. When accept fails because there are none left, the reserve
 * is closed, the client accepted and closed at once, and the reserve taken again: the client sees
 * an end of stream instead of an endless wait, and a loop does not spin on a listener that stays
 * readable.
 *
 * Counting. Each process of a forking server counts the clients it holds in a place of its own, in
 * memory that all of them share. The count of one that was killed is so taken back by its parent.
 */
#ifndef SERVERS_SERVING_SERVICE_H
#define SERVERS_SERVING_SERVICE_H

#include "base/address.h"
#include "servers/protocols/launcher.h"
#include "servers/protocols/protocol.h"
#include "servers/server.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What ends the service of itself. */
enum until {
    UNTIL_NEVER,
    UNTIL_FIRST_CLIENT, /* the first client has left */
    UNTIL_LAST_CLIENT,  /* the last client has left, and there is none */
    UNTIL_ENTER,        /* somebody has pressed Enter, or stdin has ended */
};

struct service_options {
    struct address address; /* port 0: the kernel chooses */
    int backlog;
    size_t workers;         /* of a model that has a fixed number of them; 0: its default */
    size_t max_clients;     /* of a model that gives each client a thread, a process or a place */
    bool has_own_listeners; /* one for each worker */
    enum until until;
    int objects; /* the folder of what can be attached, or -1 */
    const struct protocol *protocol;
    struct protocol_options protocol_options;
};

/* In memory shared with child processes, so that forked servers count too. */
struct service_counters {
    _Atomic uint64_t accepted;
    _Atomic uint64_t refused;
    _Atomic uint32_t held[]; /* clients held, by process */
};

struct service {
    const struct service_options *options;
    struct service_counters *counters;

    /* For service.c; source.c starts commands by the launcher, loops.c runs on the listeners. */
    int *listeners;
    size_t listener_count;
    size_t process_count;     /* room in counters->held */
    size_t process;           /* the place of this process in it */
    pid_t owner;              /* the process that service_open() was called in */
    struct launcher launcher; /* of commands, where the protocol runs any */
    _Atomic int first_client; /* -1: not held by this process, or not yet come */
    atomic_bool stopping;
    atomic_bool *held;        /* by descriptor: is it a client being served? */
    _Atomic int held_highest; /* no higher descriptor has ever been held */
    size_t held_limit;
    _Atomic int reserve_fd;
    _Atomic int failure; /* 0 or -errno: why serving had to end */
};

/* Opens the listeners; `options` must outlive the service. 0 or -errno. */
int service_open(struct service *service, const struct service_options *options);

/* SIGTERM and SIGINT stop the service from now on, and so does what --until names. One service per
 * process can be so tied. 0 or -errno. */
int service_stop_on_signals(struct service *service);

/* Ends serving, as the top of this file tells. Safe in a signal handler. */
void service_stop(struct service *service);

/* Takes a freshly accepted client into the list of those held. */
void service_admit(struct service *service, int client);

/* Closes a client that was admitted. */
void service_let_go(struct service *service, int client);

/* How many clients are held, by all processes. */
size_t service_clients(const struct service *service);

/* In a forked process: its clients count under number `process`, 1 or more. In its parent, once it
 * has ended: they are gone. */
void service_enter_process(struct service *service, size_t process);
void service_forget_process(struct service *service, size_t process);

/* Closes the listeners and frees what service_open() took. */
void service_close(struct service *service);

#endif
