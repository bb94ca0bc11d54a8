#include "watch/following.h"

/* Tasks come in the same order each time, so the search mostly ends where it begins. */
const struct known_task *following_find_task(const struct tracker *tracker, size_t hint, pid_t tid)
{
    for (size_t i = 0; i < tracker->known_count; i++) {
        const struct known_task *known = &tracker->known[(hint + i) % tracker->known_count];
        if (known->tid == tid)
            return known;
    }
    return NULL;
}

int64_t tracker_task_came_ns(const struct tracker *tracker, pid_t tid)
{
    const struct known_task *known = following_find_task(tracker, 0, tid);
    return known != NULL ? known->first_ns : -1;
}
