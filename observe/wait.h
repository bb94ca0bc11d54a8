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

/* A sleep that is longer than this is as good as one without end: it is longer than the patience
 * that a grading has, unless more is asked for. */
#define WAIT_HORIZON_NS 30000000000LL

#define WAIT_DESCRIPTORS_MAX 64

struct wait {
    enum wait_kind kind;
    const char *call;        /* its name; NULL if it is not in the table */
    bool is_timed;           /* can end by itself within WAIT_HORIZON_NS, as far as can be seen */
    int64_t timeout_ns;      /* -1: none, or unknown */
    size_t descriptor_count; /* what it waits on, at most WAIT_DESCRIPTORS_MAX of them */
    int descriptors[WAIT_DESCRIPTORS_MAX];
};

void wait_read(struct wait *wait, const struct task *task);

/* Does it wait on the socket with this inode? */
bool wait_is_on_socket(const struct wait *wait, const struct task *task, unsigned inode);

#endif
