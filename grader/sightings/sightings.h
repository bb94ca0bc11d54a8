/* What the looks of a grading have shown of clients, listeners and tasks, written to a recording as
 * rows, each when something in it has changed. */
#ifndef GRADER_SIGHTINGS_SIGHTINGS_H
#define GRADER_SIGHTINGS_SIGHTINGS_H

#include "grader/sightings/clients.h"
#include "grader/sightings/listeners.h"
#include "grader/sightings/tasks.h"

/* All zero at first; of one grading, with all its starts. */
struct sightings {
    struct seen_clients clients;
    struct seen_listeners listeners;
    struct seen_tasks tasks;
};

/* Takes a snapshot, and writes what has changed; the clients in it are those that were named by
 * seen_clients_name(). */
void sightings_look(struct sightings *sightings, const struct snapshot *snapshot,
                    struct recording *recording, int64_t t_ns);

/* The submission has ended, and all its tasks and sockets with it. */
void sightings_end(struct sightings *sightings, struct recording *recording, int64_t t_ns);

void sightings_release(struct sightings *sightings);

#endif
