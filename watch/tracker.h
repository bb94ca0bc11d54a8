/* Follows the clients of a server from look to look: each look makes the next picture.
 *
 * What lies between two looks is not seen: a client that came and went there is only counted, and
 * of what it sent no more is known than what the kernel still holds.
 */
#ifndef WATCH_TRACKER_H
#define WATCH_TRACKER_H

#include "watch/following.h"

/* `target` stays the caller's. */
void tracker_init(struct tracker *tracker, const struct watched *target);

/* Looks, and makes `now` the picture of it. 0 or -errno. */
int tracker_look(struct tracker *tracker);

/* Makes the next picture from a snapshot that is in `tracker->snapshot` already, taken `t_ns` after
 * the beginning: what tracker_look() does after it has read. */
void tracker_take(struct tracker *tracker, int64_t t_ns);

void tracker_release(struct tracker *tracker);

#endif
