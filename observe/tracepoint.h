/* Counting the system calls of a process tree with the kernel's tracepoint counter. */
#ifndef OBSERVE_TRACEPOINT_H
#define OBSERVE_TRACEPOINT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Can system calls be counted here? 0, or -errno with the reason in `*reason` (a constant). */
int tracepoint_check(const char **reason);

/* A counter for each task that was there when counting began; those that it starts later count in
 * with it. */
struct syscall_counter {
    int *fds;
    size_t count;
};

/* Counts from now on for the process, its threads and its descendants. 0 or -errno. To be closed
 * in either case. */
int syscall_counter_open(struct syscall_counter *counter, pid_t root);

/* How many there have been so far. */
uint64_t syscall_counter_read(const struct syscall_counter *counter);

void syscall_counter_close(struct syscall_counter *counter);

#endif
