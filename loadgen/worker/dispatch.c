/* Theory of operation: clients that may take a request stand in lists, one for each number of
 * requests that they have outstanding. The next arrival of the schedule waits in `due_ns` until it
 * is due and some list has a client. Arrivals that wait behind it need no memory: the schedule is
 * only asked for the next one when this one has been taken.
 */
#include "loadgen/worker/dispatch.h"

#include "base/clock.h"
#include "base/memory.h"

#include <stdlib.h>

void dispatch_init(struct dispatch *dispatch, const struct load_plan *plan)
{
    unsigned depth = plan->depth;
    *dispatch = (struct dispatch){.due_ns = NEVER_NS, .depth = depth, .ready_least = depth};
    dispatch->ready = allocate(depth, sizeof *dispatch->ready);
    for (unsigned i = 0; i < depth; i++)
        TAILQ_INIT(&dispatch->ready[i]);
}

void dispatch_release(struct dispatch *dispatch)
{
    free(dispatch->ready);
}

void dispatch_offer(struct dispatch *dispatch, const struct run *run, struct client *client)
{
    unsigned outstanding = client_outstanding(client);
    if (!client_may_begin(run, client) || client->ready_in == &dispatch->ready[outstanding])
        return;
    dispatch_withdraw(client);
    client->ready_in = &dispatch->ready[outstanding];
    TAILQ_INSERT_TAIL(client->ready_in, client, neighbours);
    if (outstanding < dispatch->ready_least)
        dispatch->ready_least = outstanding;
}

void dispatch_withdraw(struct client *client)
{
    if (client->ready_in != NULL)
        TAILQ_REMOVE(client->ready_in, client, neighbours);
    client->ready_in = NULL;
}

/* NULL: none is. It stays where it is. */
static struct client *first_ready(struct dispatch *dispatch)
{
    for (; dispatch->ready_least < dispatch->depth; dispatch->ready_least++)
        if (!TAILQ_EMPTY(&dispatch->ready[dispatch->ready_least]))
            return TAILQ_FIRST(&dispatch->ready[dispatch->ready_least]);
    return NULL;
}

static void take_next_arrival(struct dispatch *dispatch, const struct run *run)
{
    int64_t due_ns = run->begin_ns + arrivals_next_ns(&dispatch->arrivals);
    dispatch->due_ns = due_ns < run->window_end_ns ? due_ns : NEVER_NS;
}

void dispatch_begin(struct dispatch *dispatch, const struct run *run, unsigned worker)
{
    const struct load_plan *plan = run->plan;
    if (!run_is_scheduled(run))
        return;
    arrivals_init(&dispatch->arrivals, plan->arrivals, plan->rate_per_s, plan->seed, worker,
                  plan->threads);
    take_next_arrival(dispatch, run);
}

struct client *dispatch_take(struct dispatch *dispatch, const struct run *run, int64_t *due_ns)
{
    if (dispatch->due_ns > run->now_ns)
        return NULL;
    struct client *client = first_ready(dispatch);
    if (client == NULL)
        return NULL;
    dispatch_withdraw(client);
    *due_ns = dispatch->due_ns;
    take_next_arrival(dispatch, run);
    return client;
}

int64_t dispatch_next_ns(struct dispatch *dispatch)
{
    return first_ready(dispatch) != NULL ? dispatch->due_ns : NEVER_NS;
}

void dispatch_end_at(struct dispatch *dispatch, int64_t end_ns)
{
    if (dispatch->due_ns >= end_ns)
        dispatch->due_ns = NEVER_NS;
}

uint64_t dispatch_drop_unsent(struct dispatch *dispatch, const struct run *run)
{
    uint64_t unsent = 0;
    for (; dispatch->due_ns != NEVER_NS; take_next_arrival(dispatch, run))
        unsent += dispatch->due_ns >= run->window_begin_ns;
    return unsent;
}
