/* What a sleeping task waits for: its system call read back into words. */
#ifndef OBSERVE_WAIT_H
#define OBSERVE_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct task;

enum wait_kind {
    WAIT_NOTHING, /* it runs, or could */
    WAIT_ACCEPT,
    WAIT_RECEIVE,
    WAIT_SEND,
    WAIT_READY, /* select, poll, epoll */
    WAIT_RING,  /* io_uring */
    WAIT_CHILD,
    WAIT_LOCK, /* a futex: a lock, a condition, a join */
    WAIT_TIME, /* sleeps for a time */
    WAIT_OTHER,
};

#define WAIT_DESCRIPTORS_MAX 64

struct wait {
    enum wait_kind kind;
    const char *call;        /* its name; NULL if it is not in the table */
    bool is_timed;           /* can end by itself */
    int64_t timeout_ns;      /* after how long; -1: never, or unknown */
    bool is_left;            /* `timeout_ns` counts from now, not from when the wait began */
    size_t descriptor_count; /* what it waits on, at most WAIT_DESCRIPTORS_MAX of them */
    int descriptors[WAIT_DESCRIPTORS_MAX];
};

/* If the task has run since it was read, its memory may hold another time-out and other descriptors
 * by now: believe them only if a later look finds the task where it was. */
void wait_read(struct wait *wait, const struct task *task);

/* The same without what limits the time: that of a socket is dear to ask for. */
void wait_read_without_limit(struct wait *wait, const struct task *task);

/* Calls `visit` with each descriptor that the task's call waits on, however many, until it returns
 * true; with the inode of its file where the kernel lists that beside it, otherwise 0. */
typedef bool wait_descriptor_function(int fd, unsigned inode, void *context);
void wait_each_descriptor(const struct task *task, wait_descriptor_function *visit, void *context);

/* Does it wait on the socket with this inode? */
bool wait_is_on_socket(const struct wait *wait, const struct task *task, unsigned inode);

#endif
