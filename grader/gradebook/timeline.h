/* A picture of what was played: who did what, when, and where the program was seen to wait. */
#ifndef GRADER_GRADEBOOK_TIMELINE_H
#define GRADER_GRADEBOOK_TIMELINE_H

#include "base/bytes.h"

#include <jansson.h>

/* Appends a figure of HTML that is well-formed as XML too: a sequence diagram, and a table of the
 * same for who does not see it. `events` is an array of {"t_ms", "actor", "action", "text"} in the
 * order of time; what has an "until_ms" is a wait (waits.h). `left_out`, {"tasks", "waits"} or
 * NULL, counts what is not among them. The page has the style and the patterns of
 * results/sequence/sequence_picture.h; `number` tells several on a page apart. */
void timeline(const json_t *events, const json_t *left_out, size_t number, struct bytes *out);

#endif
