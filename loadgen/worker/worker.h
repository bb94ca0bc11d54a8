/* One thread of a load: its clients, its engine, its histograms. Shares nothing while it runs;
 * load.c adds up after each phase.
 *
 * The engine reports what happens to a client; the client says what to do next; the worker does it.
 * Only the worker calls the engine. */
#ifndef LOADGEN_WORKER_WORKER_H
#define LOADGEN_WORKER_WORKER_H

#include "loadgen/worker/connecting.h"
#include "loadgen/worker/dispatch.h"
#include "loadgen/worker/engine.h"
#include "loadgen/worker/run.h"
#include "loadgen/worker/slow_readers.h"

#include <stdatomic.h>
#include <stdbool.h>

struct worker {
    struct run run;
    const struct engine *engine;
    void *engine_state;
    int engine_error;      /* of opening it */
    int done_fd;           /* an eventfd that it adds 1 to when it has measured; not its own */
    atomic_bool has_ended; /* read by others while it runs */

    unsigned number; /* among the load's workers */
    struct client *clients;
    unsigned client_count;
    struct flight *flights;
    struct connecting connecting;
    struct dispatch dispatch;
    struct slow_readers slow_readers;

    /* The measurement under way. */
    int64_t grace_end_ns;
    int64_t ended_ns;      /* earlier than planned if every client was lost */
    int64_t busy_ns;       /* the thread's processor time from the beginning to the window's end, */
    int64_t busy_until_ns; /* which is this; 0: it is still to come */
};

/* Worker number `number` of plan->threads, with its share of the clients, of the silent ones and of
 * the slow readers. Plan and dialogue must outlive it. */
void worker_init(struct worker *worker, const struct load_plan *plan,
                 const struct dialogue *dialogue, unsigned number, int done_fd);
void worker_release(struct worker *worker);

/* From another thread, or a signal handler: makes the worker turn to a new page, or stop. */
void worker_wake(struct worker *worker);

/*** What its thread does: opens, connects, measures any number of times, closes ***/

void worker_open(struct worker *worker);
void worker_connect(struct worker *worker);
void worker_measure(struct worker *worker);
void worker_close(struct worker *worker);

/*** What its engine reports ***/

/* The client's connect(2) has ended: 0, or the errno with which it failed. */
void worker_connected(struct worker *worker, struct client *client, int error);

/* Bytes have come, at the time worker->run.now_ns. */
void worker_received(struct worker *worker, struct client *client, const char *data, size_t count);

/* As client_acknowledged(). */
void worker_acknowledged(struct worker *worker, struct client *client, uint32_t bytes);

/* The connection has ended: an errno, or CAUSE_CLOSED. */
void worker_broken(struct worker *worker, struct client *client, int cause);

/* Its socket is closed, and nothing of it can come any more. */
void worker_closed(struct worker *worker, struct client *client);

/* The worker was woken. */
void worker_awake(struct worker *worker);

#endif
