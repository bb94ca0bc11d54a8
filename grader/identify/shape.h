/* What a server looks like with some clients connected and silent: which process holds each
 * connection, and which task waits for it. */
#ifndef GRADER_IDENTIFY_SHAPE_H
#define GRADER_IDENTIFY_SHAPE_H

#include "grader/play/encounter.h"
#include "observe/wait.h"

/* One client's connection as the server has it. */
struct hold {
    pid_t owner;  /* a process that has a descriptor for it; 0: none */
    pid_t waiter; /* a task that sleeps in a call that the client can end; 0: none */
    pid_t waiter_pid;
    const char *call;       /* in which it sleeps */
    bool is_in_loop;        /* the call also waits for the listener or for another client */
    bool is_edge_triggered; /* in an epoll set */
};

#define SHAPE_CLIENTS_MAX 3

struct shape {
    size_t clients;
    struct hold holds[SHAPE_CLIENTS_MAX];
    size_t accepted;
    size_t processes;
    size_t tasks;          /* threads of all processes, helpers of io_uring apart */
    size_t loops;          /* tasks that wait for a listener with select, poll or epoll, */
    size_t loop_processes; /* in so many processes */
    bool is_main_locked;   /* a first thread waits for another one */
    bool has_ring;         /* a task sleeps in io_uring_enter */
};

/* Does the task wait for a listener? There may be several, one for each loop (SO_REUSEPORT). */
bool task_waits_for_listener(const struct encounter *encounter, const struct task *task,
                             const struct wait *wait);

/* Reads it from the latest snapshot, for `clients` players from number `first` on. */
void shape_read(struct shape *shape, const struct encounter *encounter, size_t first,
                size_t clients);

/* Does a task of its own wait for each client? */
bool shape_has_task_for_each(const struct shape *shape);

#endif
