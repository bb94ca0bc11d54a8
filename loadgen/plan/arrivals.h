/* When requests are due in an open loop: a schedule that does not care for replies.
 *
 * It is one sequence for the whole load, made from the seed; the workers take turns in it, so that
 * it is the same however many threads there are. Nothing is stored: each worker makes the whole
 * sequence and leaves out what is others'.
 */
#ifndef LOADGEN_PLAN_ARRIVALS_H
#define LOADGEN_PLAN_ARRIVALS_H

#include <stdint.h>

enum arrival_law {
    ARRIVALS_CONSTANT, /* evenly spaced */
    ARRIVALS_POISSON,  /* independent of each other: exponential distances */
};

struct arrivals {
    enum arrival_law law;
    double rate_per_s; /* of all workers */
    unsigned worker;
    unsigned workers;
    uint64_t random_state;
    uint64_t number;  /* of the arrival that `offset_ns` belongs to */
    double offset_ns; /* since the begin of the schedule */
};

/* The schedule of `rate_per_s` > 0 as worker number `worker` of `workers` sees it, before its first
 * arrival. */
void arrivals_init(struct arrivals *arrivals, enum arrival_law law, double rate_per_s,
                   uint64_t seed, unsigned worker, unsigned workers);

/* The next arrival of this worker, in ns since the begin of the schedule. The first of all comes
 * after one interval. */
int64_t arrivals_next_ns(struct arrivals *arrivals);

#endif
