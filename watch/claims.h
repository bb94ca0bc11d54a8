/* Which rows of the table of sockets are the target's listeners and the two ends of its clients. */
#ifndef WATCH_CLAIMS_H
#define WATCH_CLAIMS_H

struct tracker;

/* Fill in the listeners and the clients of `tracker->now`, with those of `then` followed on. */
void claims_find_listeners(struct tracker *tracker);
void claims_find_clients(struct tracker *tracker);

#endif
