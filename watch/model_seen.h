/* The concurrency model as far as it has been seen: nobody plays clients here, so it is named only
 * once those that came by themselves have shown enough.
 */
#ifndef WATCH_MODEL_SEEN_H
#define WATCH_MODEL_SEEN_H

struct model_seen;
struct tracker;

struct model_seen *model_seen_new(void);
void model_seen_free(struct model_seen *seen);

/* Takes in the picture `tracker->now` and what it was made of, and fills in its model. */
void model_seen_look(struct model_seen *seen, struct tracker *tracker);

#endif
