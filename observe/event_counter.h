/* Counting what a process tree does with the kernel's own counters: perf_event_open(2). Tasks
 * that start and end meanwhile count too. */
#ifndef OBSERVE_EVENT_COUNTER_H
#define OBSERVE_EVENT_COUNTER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum counted_event {
    EVENT_SYSTEM_CALLS, /* by a tracepoint, which makes every call on the machine a little slower */
    EVENT_SWITCHES,     /* context switches */
    EVENT_CPU_NS,       /* processor time */
    COUNTED_EVENTS,
};

/* Can they be counted here? 0, or -errno with the reason in `*reason` (a constant). */
int event_counter_check(enum counted_event event, const char **reason);

/* A counter for each task that was there when counting began; those that it starts later count in
 * with it. */
struct event_counter {
    enum counted_event event;
    int *fds;
    size_t count;
};

/* Counts from now on for the process, its threads and its descendants. 0 or -errno. To be closed
 * in either case. */
int event_counter_open(struct event_counter *counter, enum counted_event event, pid_t root);

/* The same for the descendants alone. */
int event_counter_open_descendants(struct event_counter *counter, enum counted_event event,
                                   pid_t root);

/* How many there have been so far. */
uint64_t event_counter_read(const struct event_counter *counter);

void event_counter_close(struct event_counter *counter);

#endif
