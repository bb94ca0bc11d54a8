/* One thread of a load: its clients, its epoll set, its histograms. Shares nothing while it runs;
 * load.c adds up after the join. */
#ifndef LOADGEN_WORKER_H
#define LOADGEN_WORKER_H

#include "loadgen/load.h"
#include "loadgen/payload.h"

#include <stdatomic.h>
#include <stdbool.h>

enum client_state {
    CLIENT_UNBORN, /* connect(2) has not been called */
    CLIENT_CONNECTING,
    CLIENT_IDLE,    /* connected, nothing outstanding */
    CLIENT_SILENT,  /* connected, and never used */
    CLIENT_SENDING, /* a request is partly sent */
    CLIENT_WAITING, /* a request is out */
    CLIENT_GONE,    /* failed and closed */
};

struct client {
    int fd;
    enum client_state state;
    uint32_t connection; /* unique in the load */
    uint32_t sequence;   /* of the outstanding request */
    size_t sent_bytes;
    size_t received_bytes;
    int64_t connecting_since_ns;
    int64_t due_ns;  /* when the outstanding request ought to have been sent */
    int64_t sent_ns; /* when it was */
    uint64_t replies;
};

/* What a worker records for somebody who watches: two pages, of which one is being written. */
struct page {
    struct histogram latency;
    unsigned clients_served;
    uint64_t failed;
};

struct worker {
    const struct load_plan *plan;
    const struct payload *payload;
    int epoll_fd;
    int wake_fd; /* an eventfd that makes the worker look at what is wanted of it */
    int done_fd; /* another, that it adds 1 to when it has measured; not its own */

    /* Written by others while the worker runs. */
    _Atomic int64_t stop_ns; /* NEVER_NS: not stopped */
    atomic_uint page_wanted;

    /* Read by others while it runs. */
    atomic_uint page_current;
    atomic_bool has_ended;
    struct page pages[2];
    bool is_watched;

    struct client *clients;
    unsigned client_count;
    unsigned silent_count; /* of them, the last */
    char *request;         /* the request being sent, written anew for each */

    /* In an open loop. */
    struct client **idle; /* a ring of client_count places, the longest idle first */
    unsigned idle_first;
    unsigned idle_count;
    struct arrivals arrivals;
    int64_t due_ns; /* the next request that has not been sent; NEVER_NS: none in this window */

    /* The measurement under way. */
    int64_t begin_ns;
    int64_t window_begin_ns;
    int64_t window_end_ns;
    int64_t grace_end_ns;
    int64_t ended_ns;     /* earlier than planned if every client was lost */
    unsigned outstanding; /* requests in flight */
    unsigned alive;       /* clients that are connected */

    struct load_result result;
};

/* The worker plays clients first_connection, + connection_step and so on; the last silent_count of
 * its client_count are only connected. */
void worker_init(struct worker *worker, const struct load_plan *plan, const struct payload *payload,
                 unsigned first_connection, unsigned client_count, unsigned silent_count,
                 unsigned connection_step);
void worker_release(struct worker *worker);

/* Says which events of the client's socket are waited for; `operation` as of epoll_ctl(2). */
void worker_watch(struct worker *worker, struct client *client, int operation, unsigned events);

/* From another thread, or a signal handler: makes the worker turn to a new page, or stop. */
void worker_wake(struct worker *worker);

/* Forgets that it was woken. */
void worker_awake(struct worker *worker);

/* The page that is being written, and its exchange for the other one where that is wanted. */
struct page *worker_page(struct worker *worker);
void worker_turn_page(struct worker *worker);

/* The two things a worker's thread can do. */
void worker_connect(struct worker *worker);
void worker_measure(struct worker *worker);

#endif
