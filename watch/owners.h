/* Who has the clients on whom nobody was seen to wait. */
#ifndef WATCH_OWNERS_H
#define WATCH_OWNERS_H

struct tracker;

/* Fills in the owners of accepted clients of `tracker->now` that have none, or one that has ended.
 * Searches descriptors only if there are any, and not again in vain. */
void owners_find(struct tracker *tracker);

#endif
