/* Workers behind an event loop: tasks that wait for no client, and run when one speaks. */
#ifndef GRADER_IDENTIFY_WORKERS_H
#define GRADER_IDENTIFY_WORKERS_H

#include "grader/identify/shape.h"
#include "grader/play/encounter.h"
#include "observe/task.h"

#define WORKERS_MAX 64

struct workers {
    pid_t tids[WORKERS_MAX];
    size_t count;
    bool are_needless; /* a client was served, and none of them had run */
};

/* To be called when a client has been served and the server rests again: notes which tasks have run
 * since `before`. `shape` is that of the silent clients, whose own tasks are no workers. */
void workers_note(struct workers *workers, const struct encounter *encounter,
                  const struct shape *shape, const struct task_list *before);

/* How many there are; 0 if a client was served without any. */
size_t workers_count(const struct workers *workers);

#endif
