/* One thread of a load: its clients, its engine, its histograms. Shares nothing while it runs;
 * load.c adds up after each phase. */
#ifndef LOADGEN_WORKER_WORKER_H
#define LOADGEN_WORKER_WORKER_H

#include "loadgen/plan/plan.h"
#include "loadgen/plan/result.h"
#include "loadgen/worker/client.h"
#include "loadgen/worker/engine.h"

#include <stdatomic.h>
#include <stdbool.h>

/* What a worker records for somebody who watches: two pages, of which one is being written. */
struct page {
    struct histogram latency;
    unsigned clients_served;
    uint64_t failed;
};

struct worker {
    const struct load_plan *plan;
    const struct dialogue *dialogue;
    const struct engine *engine;
    void *engine_state;
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
    bool is_measuring;

    unsigned number; /* among the load's workers */
    struct client *clients;
    unsigned client_count;
    struct flight *flights;
    uint32_t flight_mask;
    struct client_list connecting; /* the longest first */
    unsigned connecting_count;
    unsigned source;             /* which of the source addresses is in use, */
    unsigned source_connections; /* and for how many connections by now */
    struct slow_readers *slow_readers;

    /* In an open loop: clients that may take a request, by how many they have outstanding, the
     * longest idle first; and the least that anybody has. */
    struct client_list *ready;
    unsigned ready_least;
    struct arrivals arrivals;
    int64_t due_ns; /* the next request that has not been sent; NEVER_NS: none in this window */

    /* The measurement under way. */
    int64_t now_ns; /* read when the last event was */
    int64_t last_answer_ns;
    int64_t begin_ns;
    int64_t window_begin_ns;
    int64_t window_end_ns;
    int64_t grace_end_ns;
    int64_t ended_ns;      /* earlier than planned if every client was lost */
    int64_t busy_ns;       /* the thread's processor time from the beginning to the window's end, */
    int64_t busy_until_ns; /* which is this; 0: it is still to come */
    unsigned outstanding;  /* requests in flight */
    unsigned alive;        /* clients that are not lost */

    struct load_result result;
};

/* The worker plays clients `number`, + `step` and so on; the last silent_count of its client_count
 * are only connected. */
void worker_init(struct worker *worker, const struct load_plan *plan,
                 const struct dialogue *dialogue, unsigned number, unsigned client_count,
                 unsigned silent_count, unsigned step);
void worker_release(struct worker *worker);

/* From another thread, or a signal handler: makes the worker turn to a new page, or stop. */
void worker_wake(struct worker *worker);

/* Forgets that it was woken. */
void worker_awake(struct worker *worker);

/* The page that is being written, and its protocol for the other one where that is wanted. */
struct page *worker_page(struct worker *worker);
void worker_turn_page(struct worker *worker);

/*** What its thread does: opens, connects, measures as often as is wanted, closes ***/

void worker_open(struct worker *worker);
void worker_connect(struct worker *worker);
void worker_measure(struct worker *worker);
void worker_close(struct worker *worker);

/*** Between the worker's own files ***/

static inline bool worker_is_scheduled(const struct worker *worker)
{
    return worker->plan->rate_per_s > 0;
}

/* Begins to connect a client, and gives up on those that have taken too long. */
void worker_start_connecting(struct worker *worker, struct client *client);
void worker_give_up_connecting(struct worker *worker);

/* When the next of them will have taken too long. */
int64_t worker_give_up_ns(const struct worker *worker);

/* A socket whose connect(2) to the target is under way, or -errno. 0: a receive buffer as usual. */
int worker_open_socket(struct worker *worker, int receive_bytes);

/* Takes a client, whose last requests count as failed for this cause, out of the load. */
void worker_lose(struct worker *worker, struct client *client, int cause);

/* Lets a client that is open begin what it may. */
void worker_use(struct worker *worker, struct client *client);

/* Takes the next bytes of one reply, at most to its end; how many. client->reply then says whether
 * it goes on, is whole, or is wrong: also if nobody asked for it. */
size_t client_take(const struct worker *worker, struct client *client, const char *data,
                   size_t count);

/* May it begin one more request? Begins one that was due then, and is to be sent. */
bool client_may_begin(const struct worker *worker, const struct client *client);
void client_begin_request(struct worker *worker, struct client *client, int64_t due_ns);

#endif
