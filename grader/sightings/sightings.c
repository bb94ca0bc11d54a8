#include "grader/sightings/sightings.h"

/* Sockets first, as tasks are named by what they wait on, and then those who serve clients are
 * known. */
void sightings_look(struct sightings *sightings, const struct snapshot *snapshot,
                    struct recording *recording, int64_t t_ns)
{
    seen_clients_match(&sightings->clients, &snapshot->tcp);
    seen_listeners_look(&sightings->listeners, snapshot, recording, t_ns);
    seen_tasks_look(&sightings->tasks, &sightings->clients, &sightings->listeners, &snapshot->tasks,
                    recording, t_ns);
    sightings->clients.sleeps_on = seen_tasks_common_client(&sightings->tasks);
    seen_clients_look(&sightings->clients, &sightings->listeners, snapshot, recording, t_ns);
}

void sightings_end(struct sightings *sightings, struct recording *recording, int64_t t_ns)
{
    const struct snapshot nothing = {.is_consistent = true};
    sightings_look(sightings, &nothing, recording, t_ns);
}

void sightings_release(struct sightings *sightings)
{
    seen_clients_release(&sightings->clients);
    seen_listeners_release(&sightings->listeners);
    seen_tasks_release(&sightings->tasks);
}
