/* The tasks of a submission as looks have shown them, and what each waits for. */
#ifndef GRADER_SIGHTINGS_TASKS_H
#define GRADER_SIGHTINGS_TASKS_H

#include "observe/waiting/waiting.h"
#include "results/recording/recording.h"

struct seen_clients;
struct seen_listeners;

struct seen_task {
    struct recorded_task row; /* as it was written; its list of clients is owned */
    char name[32];
    bool is_there; /* at the latest look */
};

/* All zero is an empty one. */
struct seen_tasks {
    struct seen_task *list;
    size_t count;
    struct waiting waiting;
};

/* Writes what has changed, and tells the clients who waits on them. */
void seen_tasks_look(struct seen_tasks *tasks, struct seen_clients *clients,
                     const struct seen_listeners *listeners, const struct task_list *list,
                     struct recording *recording, int64_t t_ns);

/* The one client that each task of the program's own making sleeps on, as of the latest look; 0:
 * they do not, or not on the same. */
int seen_tasks_common_client(const struct seen_tasks *tasks);

void seen_tasks_release(struct seen_tasks *tasks);

#endif
