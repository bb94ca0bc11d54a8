/* Who waits for whom: for each task the sockets that it sleeps on, as a graph from tasks to inodes.
 *
 * Nothing here knows what a socket is to the caller: a client, a listener, or something else.
 * Whoever asks brings the inodes that matter to him.
 */
#ifndef OBSERVE_WAITING_WAITING_H
#define OBSERVE_WAITING_WAITING_H

#include "observe/task.h"
#include "observe/wait.h"

struct tcp_table;

struct waiter {
    pid_t pid;
    pid_t tid;
    bool is_kernel_worker;
    bool is_timed;  /* its call can end by itself */
    bool has_moved; /* has run since the look before, or is new */
    enum wait_kind kind;
    const char *call; /* NULL: none, or one without a name here */
    unsigned *inodes; /* of the sockets that it waits on; owned */
    size_t inode_count;
    size_t inode_capacity;
    long call_number;
    uint64_t arguments[6];
    uint64_t switches;
};

/* All zero is an empty one. */
struct waiting {
    struct waiter *waiters; /* in the order of the tasks that were read */
    size_t count;
    size_t capacity;
    struct waiter *spare;
};

/* Has any of these tasks run since the latest reading, or come, or gone? */
bool waiting_has_moved(const struct waiting *waiting, const struct task_list *tasks);

/* Reads whom the tasks wait for. Of tasks that sleep in one and the same call since the look
 * before, in the same `waiting`, nothing is read again, unless they wait in a set that others can
 * change (epoll), and any of them has run. */
void waiting_read(struct waiting *waiting, const struct task_list *tasks);

void waiting_release(struct waiting *waiting);

/* Does the task wait for the socket with this inode? Never for 0. */
bool waiter_is_on(const struct waiter *waiter, unsigned inode);

/* Does it wait for a socket that listens? There may be several, one for each loop
 * (SO_REUSEPORT). */
bool waiter_is_on_listener(const struct waiter *waiter, const struct tcp_table *tcp);

#endif
