/* Theory of operation: clients that may take a request stand in lists, one for each number of
 * requests that they have outstanding. The next arrival of the schedule waits in `due_ns` until it
 * is due and some list has a client. Arrivals that wait behind it need no memory: the schedule is
 * only asked for the next one when this one has been sent.
 */
#include "loadgen/worker/dispatch.h"

#include "base/clock.h"
#include "base/memory.h"

#include <stdlib.h>

void dispatch_init(struct worker *worker)
{
    unsigned depth = worker->plan->depth;
    worker->due_ns = NEVER_NS;
    worker->ready = allocate(depth, sizeof *worker->ready);
    worker->ready_least = depth;
    for (unsigned i = 0; i < depth; i++)
        TAILQ_INIT(&worker->ready[i]);
}

void dispatch_release(struct worker *worker)
{
    free(worker->ready);
}

void dispatch_offer(struct worker *worker, struct client *client)
{
    if (client->ready_in != NULL || !client_may_begin(worker, client))
        return;
    unsigned outstanding = client_outstanding(client);
    client->ready_in = &worker->ready[outstanding];
    TAILQ_INSERT_TAIL(client->ready_in, client, neighbours);
    if (outstanding < worker->ready_least)
        worker->ready_least = outstanding;
}

void dispatch_withdraw(struct client *client)
{
    if (client->ready_in != NULL)
        TAILQ_REMOVE(client->ready_in, client, neighbours);
    client->ready_in = NULL;
}

/* NULL: there is none. It stays where it is. */
static struct client *first_ready(struct worker *worker)
{
    for (; worker->ready_least < worker->plan->depth; worker->ready_least++)
        if (!TAILQ_EMPTY(&worker->ready[worker->ready_least]))
            return TAILQ_FIRST(&worker->ready[worker->ready_least]);
    return NULL;
}

static void take_next_arrival(struct worker *worker)
{
    int64_t due_ns = worker->begin_ns + arrivals_next_ns(&worker->arrivals);
    worker->due_ns = due_ns < worker->window_end_ns ? due_ns : NEVER_NS;
}

void dispatch_begin(struct worker *worker)
{
    const struct load_plan *plan = worker->plan;
    if (!worker_is_scheduled(worker))
        return;
    arrivals_init(&worker->arrivals, plan->arrivals, plan->rate_per_s, plan->seed, worker->number,
                  plan->threads);
    take_next_arrival(worker);
}

void dispatch_send_due(struct worker *worker)
{
    struct client *client = NULL;
    while (worker->due_ns <= worker->now_ns && (client = first_ready(worker)) != NULL) {
        dispatch_withdraw(client);
        client_begin_request(worker, client, worker->due_ns);
        take_next_arrival(worker);
        worker->engine->send(worker, client);
        dispatch_offer(worker, client);
    }
}

int64_t dispatch_next_ns(const struct worker *worker)
{
    for (unsigned i = worker->ready_least; i < worker->plan->depth; i++)
        if (!TAILQ_EMPTY(&worker->ready[i]))
            return worker->due_ns;
    return NEVER_NS;
}

void dispatch_end_at(struct worker *worker, int64_t end_ns)
{
    if (worker->due_ns >= end_ns)
        worker->due_ns = NEVER_NS;
}

void dispatch_count_unsent(struct worker *worker)
{
    while (worker->due_ns != NEVER_NS) {
        worker->result.window_unsent += worker->due_ns >= worker->window_begin_ns;
        take_next_arrival(worker);
    }
}
