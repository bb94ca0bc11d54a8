/* Workers behind an event loop: tasks that wait for no client, and run when one speaks. */
#ifndef OBSERVE_WAITING_WORKERS_H
#define OBSERVE_WAITING_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct shape;
struct snapshot;
struct task_list;

#define WORKERS_MAX 64

struct workers {
    pid_t tids[WORKERS_MAX];
    size_t count;
    bool are_needless; /* a client was served, and none of them had run */
};

/* To be called when a client has been served and the server rests again: notes which tasks have run
 * since `before`. `shape` is that of the silent clients, whose own tasks are no workers. */
void workers_note(struct workers *workers, const struct snapshot *snapshot,
                  const struct shape *shape, const struct task_list *before);

/* How many there are; 0 if a client was served without any. */
size_t workers_count(const struct workers *workers);

#endif
