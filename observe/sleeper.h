/* A task from look to look: since when it has slept, and when it can wake up by itself.
 *
 * The kernel shows what a wait was called with, not when it began. But between two looks that show
 * other numbers of switches the task was awake, so its wait began no earlier than the older one.
 */
#ifndef OBSERVE_SLEEPER_H
#define OBSERVE_SLEEPER_H

#include "observe/runtime.h"
#include "observe/task.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NEVER_WAKES_NS INT64_MAX

enum slumber {
    SLUMBER_AWAKE, /* it runs, or wants to, or cannot be inspected */
    SLUMBER_DEAD,
    SLUMBER_STOPPED,
    SLUMBER_LEFT_ASIDE,     /* a thread of a runtime's own, which is none of the program */
    SLUMBER_ENDLESS,        /* until somebody wakes it */
    SLUMBER_ON_DESCRIPTORS, /* the same, or until its time-out */
    SLUMBER_FOR_A_TIME,     /* sleeps, or waits for a lock, until a time */
};

struct sleeper {
    struct task task; /* as of the latest look */
    enum runtime_thread runtime;
    enum slumber slumber;
    enum slumber before;  /* at the look before */
    bool has_moved;       /* has run since then */
    int64_t awake_ns;     /* the last time at which it may have been awake; 0: unknown */
    int64_t wakes_ns;     /* not earlier, by itself */
    int64_t period_ns;    /* how long it sleeps; 0: endlessly, or unknown */
    uint64_t place;       /* stands for the call and the descriptors it waits on */
    uint64_t first_place; /* where it slept first since rounds are counted; 0: nowhere yet */
    unsigned rounds;      /* how often it has come back there, since then */
    int64_t ran_ns;       /* since the look before: on a processor */
    int64_t starved_ns;   /* and waiting for one */
    struct task begin;    /* as it was when its time began to count */
};

struct sleepers {
    struct sleeper *list; /* in the order of the tasks at the latest look */
    struct sleeper *spare;
    size_t count;
    size_t capacity;
    int64_t looked_ns; /* 0: not yet */
    bool is_same_set;  /* no task has come or gone since the look before */
};

/* Takes in the tasks as they were read just now, not before `now_ns`. */
void sleepers_look(struct sleepers *sleepers, const struct task_list *tasks, int64_t now_ns);

/* Count rounds anew, and processor time. */
void sleepers_begin_rounds(struct sleepers *sleepers);
void sleepers_begin_time(struct sleepers *sleepers);

void sleepers_release(struct sleepers *sleepers);

/* Does it sleep, whatever its slumber is taken for? */
bool sleeper_is_asleep(const struct sleeper *sleeper);

/* Does it sleep until a time that may come? */
bool sleeper_is_timed(const struct sleeper *sleeper);

#endif
