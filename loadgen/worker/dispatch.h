/* Which client sends what in an open loop: requests come due by the schedule, and go to the client
 * that has the fewest outstanding, among those to the one that has been waiting longest. It
 * decides; nothing is sent here. */
#ifndef LOADGEN_WORKER_DISPATCH_H
#define LOADGEN_WORKER_DISPATCH_H

#include "loadgen/worker/client.h"

struct dispatch {
    /* Clients that may take a request, by how many they have outstanding, the longest idle first;
     * and the least that anybody has. */
    struct client_list *ready;
    unsigned depth;
    unsigned ready_least;
    struct arrivals arrivals;
    int64_t due_ns; /* the next request that has not been sent; NEVER_NS: none in this window */
};

void dispatch_init(struct dispatch *dispatch, const struct load_plan *plan);
void dispatch_release(struct dispatch *dispatch);

/* At the begin of a measurement, once every client that can take a request has been offered, for
 * worker number `worker`; without a schedule nothing is ever due. */
void dispatch_begin(struct dispatch *dispatch, const struct run *run, unsigned worker);

/* Enters a client that may begin a request; one that has had a reply since it was entered goes to
 * the end of its new row. */
void dispatch_offer(struct dispatch *dispatch, const struct run *run, struct client *client);

/* Takes it out, if it is entered. */
void dispatch_withdraw(struct client *client);

/* The client that begins the next request now, taken out, and when that request was due. NULL:
 * nothing is due, or no client is free. */
struct client *dispatch_take(struct dispatch *dispatch, const struct run *run, int64_t *due_ns);

/* When dispatch_take() will next have something; NEVER_NS: not by itself. */
int64_t dispatch_next_ns(struct dispatch *dispatch);

/* Drops what would be due later than `end_ns`. */
void dispatch_end_at(struct dispatch *dispatch, int64_t end_ns);

/* Takes out what was due and is left; how much of that was due in the window. */
uint64_t dispatch_drop_unsent(struct dispatch *dispatch, const struct run *run);

#endif
