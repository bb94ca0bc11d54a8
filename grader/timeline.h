/* A picture of what was played: who did what, when. */
#ifndef GRADER_TIMELINE_H
#define GRADER_TIMELINE_H

#include "base/bytes.h"

#include <jansson.h>

/* Appends a figure of HTML that is well-formed as XML too: an SVG with a lane for each actor and
 * the time to the right, and a table of the same for who does not see it. `events` is an array of
 * {"t_ms", "actor", "action", "text"} in the order of time. Styles are the page's: classes
 * "timeline", "lane" and "event"; `number` tells several on a page apart. */
void timeline(const json_t *events, size_t number, struct bytes *out);

#endif
