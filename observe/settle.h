/* Is there anything more to come from a submission, or has it settled?
 *
 * A submission has settled when no thread of it has run between two snapshots and none can run
 * without our input: every one sleeps, its context switches and its system call are the same in
 * both, the sockets are too, and no sleep ends by itself. A thread that polls with a time-out (as
 * Python's socketserver does, twice a second) is never quiet; it counts as settled once it has
 * woken up SETTLE_WAKEUPS times and gone back to the same call while no socket changed; each such
 * thread for itself. As long as bytes or a handshake are under way, nothing has settled.
 *
 * Processor time, not wall time, tells a busy submission from one that spins: on a crowded machine
 * a thread may be runnable for seconds without having run. A submission that spins asks the kernel
 * again and again; one that hardly does may be computing an answer, and has COMPUTING_CPU_NS.
 */
#ifndef OBSERVE_SETTLE_H
#define OBSERVE_SETTLE_H

#include "observe/snapshot.h"

#define SETTLE_INTERVAL_NS 4000000LL /* between two snapshots that are compared */
#define SETTLE_WAKEUPS     3
#define SPINNING_CPU_NS    500000000LL
#define COMPUTING_CPU_NS   5000000000LL
#define COMPUTING_PART     20 /* computing: less than one part in so many is spent in the kernel */

enum activity {
    ACTIVITY_BUSY,    /* something runs, or has run since the last look */
    ACTIVITY_RESTING, /* all sleep, but some may wake up by themselves */
    ACTIVITY_SETTLED,
    ACTIVITY_SPINNING, /* has used SPINNING_CPU_NS while no socket changed, or computed too long */
    ACTIVITY_STOPPED,  /* a task is stopped or traced: what it would do cannot be concluded */
    ACTIVITY_HIDDEN,   /* a task cannot be inspected: nothing can be concluded */
};

struct settle {
    struct snapshot current;  /* the latest, for everybody to read */
    struct snapshot previous; /* the one it is compared with */
    int64_t current_ns;
    int64_t previous_ns;
    struct wakeups {
        pid_t tid;
        unsigned count;
    } * wakeups; /* of tasks that wake up by themselves, since anything else has happened */
    size_t wakeups_count;
    size_t wakeups_capacity;
    struct processor_time time_at_change; /* when a socket last changed */
    int64_t horizon_ns; /* sleeps that end within it are waited for; at least WAIT_HORIZON_NS */
    unsigned changes;   /* how often a socket has changed, as far as was seen */
    bool is_quiet;      /* all tasks slept all the time between the two */
    bool is_still;      /* it would have settled, but for bytes that may be under way */
    bool has_current;
    bool keep_current; /* the next look compares with it */
};

/* Begins anew, after input has been given. `settle` was all zero at first. */
void settle_begin(struct settle *settle);

/* Takes the next snapshot into `current` and says what it means. To be called as often as one
 * likes; conclusions are drawn from snapshots that lie SETTLE_INTERVAL_NS apart. Activity or
 * -errno. */
int settle_look(struct settle *settle, const struct subject *subject);

void settle_release(struct settle *settle);

#endif
