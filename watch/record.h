/* Writes what is watched as a recording (results/recording/recording.h): the first picture whole,
 * then each change. */
#ifndef WATCH_RECORD_H
#define WATCH_RECORD_H

#include "watch/changes.h"

struct watched;

/* Begins a recording in `stream`, which began just now. 0 or -errno. */
int record_begin(struct recording *recording, FILE *stream, const struct watched *target);

/* Writes one change, and bytes that came and went with it. */
void record_change(struct recording *recording, const struct change *change);

#endif
