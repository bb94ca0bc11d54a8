/* What may be claimed about a submission that has not done what is waited for.
 *
 * The rule of rest (docs/rest.md): "it has not" is claimed on one of three grounds, and only so far
 * as the ground carries.
 *
 * 1. Proved: no task can run before somebody else acts, or before a time that lies beyond the
 *    window. Threads of a runtime's own are left aside (runtime.h); nothing else is.
 * 2. Passed over: each task that sleeps with a time-out waits on descriptors and has come back to
 *    the same wait SETTLE_ROUNDS times, while nothing changed. That is evidence of the present
 *    only, and only for what lies in a queue and is not taken.
 * 3. By the clock: some task sleeps for a time of its own, or runs. Then only "not within so long"
 *    is claimed.
 *
 * To go on to the next step needs none of these, only rest: all sleep, nothing is under way.
 *
 * Who runs has not refused: processor time is unrest, until it is too much. It is told from wall
 * time, as on a crowded machine a thread may wait for a processor for seconds; and the clock of a
 * submission goes as if it had the machine for itself.
 */
#ifndef OBSERVE_SETTLE_H
#define OBSERVE_SETTLE_H

#include "observe/sleeper.h"
#include "observe/snapshot.h"

#define SETTLE_INTERVAL_NS 4000000LL /* between two snapshots that are compared */
#define SETTLE_ROUNDS      3

/* Too much processor time for one task while nothing changes: in all, as it may be computing an
 * answer; in the kernel, which it asks again and again; and where there is nothing to answer, in
 * all for one that asks the kernel, that is, spends one part in so many there. */
#define COMPUTING_CPU_NS 5000000000LL
#define ASKING_KERNEL_NS 400000000LL
#define SPINNING_CPU_NS  500000000LL
#define SPINNING_PART    20

enum activity {
    ACTIVITY_BUSY,        /* something runs, or has run since the last look */
    ACTIVITY_RESTING,     /* all sleep, and nothing is under way */
    ACTIVITY_PASSED_OVER, /* and have come round without a change */
    ACTIVITY_SETTLED,     /* and none will wake up by itself before `until_ns` */
    ACTIVITY_SPINNING,    /* it uses the processor and does nothing else */
    ACTIVITY_STOPPED,     /* a task is stopped or traced: what it would do cannot be concluded */
    ACTIVITY_HIDDEN,      /* a task cannot be inspected: nothing can be concluded */
};

struct settle {
    struct snapshot current;  /* the latest, for everybody to read */
    struct snapshot previous; /* the one it is compared with */
    struct sleepers sleepers;
    int64_t current_ns;
    int64_t previous_ns;
    int64_t until_ns;        /* what a proof must reach; set before each look */
    int64_t own_ns;          /* time since the beginning, by the clock of settle_own_time_ns() */
    int64_t worked_ns;       /* of `own_ns`, when it was last seen to work */
    int64_t counted_from_ns; /* when processor time began to count */
    int processors;          /* that it may run on; 0: not yet counted */
    unsigned changes;        /* how often a socket has changed, as far as was seen */
    bool has_nothing_to_do;  /* set: sockets that change are no excuse for processor time */
    bool is_at_rest;         /* all tasks slept, all the time but for those with time-outs */
    bool is_proved;          /* none will wake up by itself before `until_ns` */
    bool is_endless;         /* and none ever will */
    bool has_come_round;     /* passed over, in any case as far as the tasks go */
    bool has_current;
    bool keep_current; /* the next look compares with it */
};

/* Begins anew, after input has been given. `settle` was all zero at first. */
void settle_begin(struct settle *settle);

/* Takes the next snapshot into `current` and says what it means. To be called as often as one
 * likes; conclusions are drawn from snapshots that lie SETTLE_INTERVAL_NS apart. Activity or
 * -errno. */
int settle_look(struct settle *settle, const struct subject *subject);

/* The longest time that a task sleeps by itself without waiting for a descriptor, as of the latest
 * look; those beyond `most_ns` do not count. */
int64_t settle_longest_nap_ns(const struct settle *settle, int64_t most_ns);

/* How long `passed_ns` would have been for tasks with the machine for themselves: they ran for
 * `ran_ns` in all, and wanted to for `wanted_ns`; what others kept from them does not count. */
int64_t settle_own_time_ns(int64_t passed_ns, int64_t ran_ns, int64_t wanted_ns, int processors);

/* Processor time that the submission has used since it began to count. */
int64_t settle_used_ns(const struct settle *settle);

void settle_release(struct settle *settle);

#endif
