/* Who sends what in an open loop: requests come due by the schedule, and go to the client that has
 * the fewest outstanding, among those to the one that has been waiting longest. */
#ifndef LOADGEN_WORKER_DISPATCH_H
#define LOADGEN_WORKER_DISPATCH_H

#include "loadgen/worker/worker.h"

void dispatch_init(struct worker *worker);
void dispatch_release(struct worker *worker);

/* At the begin of a measurement, once every client that can take a request has been offered;
 * without a schedule nothing is ever due. */
void dispatch_begin(struct worker *worker);

/* Enters a client that may begin a request, unless it is entered; and takes it out, if it is. */
void dispatch_offer(struct worker *worker, struct client *client);
void dispatch_withdraw(struct client *client);

/* Begins and sends what is due, as far as there are clients for it. */
void dispatch_send_due(struct worker *worker);

/* When dispatch_send_due() will next have something to do; NEVER_NS: not by itself. */
int64_t dispatch_next_ns(const struct worker *worker);

/* Drops what would be due later than `end_ns`. */
void dispatch_end_at(struct worker *worker, int64_t end_ns);

/* Counts what was due in the window and is left. */
void dispatch_count_unsent(struct worker *worker);

#endif
