/* A service: its options, its listeners, and what all its models share.
 *
 * What models may call is declared in servers/server.h. How a service ends is in ending.h, and how
 * its clients are counted and turned away is in clients.h.
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

/* When the service ends without being told to. */
enum until {
    UNTIL_NEVER,
    UNTIL_FIRST_CLIENT, /* the first client has left */
    UNTIL_LAST_CLIENT,  /* the last client has left and no other is waiting */
    UNTIL_ENTER,        /* somebody has pressed Enter, or stdin has ended */
};

struct service_options {
    struct address address; /* port 0: the kernel chooses */
    int backlog;
    size_t workers;         /* for models with a fixed number of them; 0: the default */
    size_t max_clients;     /* for models that give each client a thread, a process or a place */
    bool has_own_listeners; /* one for each worker */
    enum until until;
    int objects; /* the folder of files that can be attached, or -1 */
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

    int *listeners;
    size_t listener_count;
    size_t process_count;     /* room in counters->held */
    size_t process;           /* the place of this process in it */
    pid_t owner;              /* the process that service_open() was called in */
    struct launcher launcher; /* of commands, where the protocol runs any */
    _Atomic int first_client; /* -1: none yet, or in another process */
    atomic_bool stopping;
    atomic_bool *held;        /* by descriptor: is it a client being served? */
    _Atomic int held_highest; /* the highest descriptor ever held */
    size_t held_limit;
    _Atomic int reserve_fd; /* see clients.h */
    _Atomic int failure;    /* 0 or -errno: why serving had to end */
};

/* Opens the listeners; `options` must outlive the service. 0 or -errno. */
int service_open(struct service *service, const struct service_options *options);

/* Closes the listeners and frees what service_open() took. */
void service_close(struct service *service);

/* Opens a descriptor to hold in reserve; -1 on failure. */
int service_reserve_descriptor(void);

#endif
