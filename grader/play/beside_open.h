/* The assignment's own programs are started beside a submission. */
#ifndef GRADER_PLAY_BESIDE_OPEN_H
#define GRADER_PLAY_BESIDE_OPEN_H

#include "grader/play/beside.h"

/* Starts all of them in the network of encounter->arena, and waits until they listen. 0, or -errno;
 * -ECHILD: encounter->lost is the one that ended or did not listen. */
int besides_open(struct encounter *encounter, const struct beside *besides, size_t count,
                 struct arena_trouble *trouble);

#endif
