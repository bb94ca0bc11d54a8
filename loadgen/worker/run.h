/* One worker's part of a load as its clients see it: what is said, the window that is measured, the
 * clock, and the figures. */
#ifndef LOADGEN_WORKER_RUN_H
#define LOADGEN_WORKER_RUN_H

#include "base/clock.h"
#include "loadgen/plan/plan.h"
#include "loadgen/plan/result.h"
#include "loadgen/protocols/dialogue.h"
#include "loadgen/worker/page.h"

struct run {
    const struct load_plan *plan;
    const struct dialogue *dialogue;

    /* How others reach the worker while it runs. */
    int wake_fd;             /* an eventfd that makes it look at what is wanted of it */
    _Atomic int64_t stop_ns; /* NEVER_NS: not stopped */
    struct pages pages;

    /* The measurement under way. */
    bool is_measuring;
    int64_t now_ns; /* read when the last event was */
    int64_t begin_ns;
    int64_t window_begin_ns;
    int64_t window_end_ns;
    int64_t last_answer_ns;
    unsigned outstanding; /* requests in flight */
    unsigned greeting;    /* clients whose greeting is not answered */
    unsigned alive;       /* clients that are not lost */

    struct load_result result;
};

/* Is it an open loop? */
static inline bool run_is_scheduled(const struct run *run)
{
    return run->plan->rate_per_s > 0;
}

static inline bool run_is_stopped(const struct run *run)
{
    return atomic_load(&run->stop_ns) != NEVER_NS;
}

#endif
