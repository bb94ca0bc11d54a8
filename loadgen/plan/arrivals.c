#include "loadgen/plan/arrivals.h"

#include "base/random.h"

#include <assert.h>
#include <math.h>

void arrivals_init(struct arrivals *arrivals, enum arrival_law law, double rate_per_s,
                   uint64_t seed, unsigned worker, unsigned workers)
{
    assert(rate_per_s > 0 && worker < workers);
    *arrivals = (struct arrivals){
        .law = law,
        .rate_per_s = rate_per_s,
        .worker = worker,
        .workers = workers,
        .random_state = seed,
    };
}

static void advance(struct arrivals *arrivals)
{
    arrivals->number++;
    if (arrivals->law == ARRIVALS_CONSTANT) /* multiplied, so that errors do not add up */
        arrivals->offset_ns = (double)arrivals->number * 1e9 / arrivals->rate_per_s;
    else
        arrivals->offset_ns +=
            -log(random_share(&arrivals->random_state)) * 1e9 / arrivals->rate_per_s;
}

int64_t arrivals_next_ns(struct arrivals *arrivals)
{
    do
        advance(arrivals);
    while ((arrivals->number - 1) % arrivals->workers != arrivals->worker);
    return (int64_t)arrivals->offset_ns;
}
