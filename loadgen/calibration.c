/* Theory of operation: both loads stay connected and take slices in turns, A B B A, so that a
 * machine that becomes slower meanwhile becomes slower for both. What is compared is the processor
 * time of the generator's thread per request, the best slice of each: what disturbs a slice only
 * ever makes it dearer.
 */
#include "loadgen/calibration.h"

#include "base/clock.h"
#include "loadgen/responder/responder_process.h"
#include "loadgen/worker/engine.h"

#include <math.h>
#include <sched.h>
#include <string.h>

#define CLIENTS_MAX    64
#define SIZE_BYTES_MAX 16384
#define LEAD_IN_NS     (2 * NS_PER_MS)
#define SLICE_NS       (8 * NS_PER_MS)

struct candidate {
    const struct engine *engine;
    struct load *load;
    double cost_ns; /* of a request, in the best slice */
};

static void open_candidate(struct candidate *candidate, const struct load_plan *plan,
                           const struct address *address)
{
    struct load_plan own = {
        .address = *address,
        .clients = plan->clients < CLIENTS_MAX ? plan->clients : CLIENTS_MAX,
        .threads = 1,
        .cpus = plan->cpus,
        .cpu_count = plan->cpu_count,
        .engine = candidate->engine,
        .size_bytes = plan->size_bytes < SIZE_BYTES_MAX ? plan->size_bytes : SIZE_BYTES_MAX,
        .depth = plan->depth,
        .connect_timeout_ns = NS_PER_S,
        .grace_ns = NS_PER_S,
    };
    candidate->load = load_new(&own);
    candidate->cost_ns = INFINITY;
    load_connect(candidate->load);
}

static void take_slice(struct candidate *candidate, struct load_result *result)
{
    load_measure(candidate->load, LEAD_IN_NS, SLICE_NS, result);
    if (result->answered > 0)
        candidate->cost_ns =
            fmin(candidate->cost_ns, (double)result->generator_cpu_ns / (double)result->answered);
}

static const struct engine *compare(const struct load_plan *plan, const struct address *address)
{
    struct candidate candidates[] = {{.engine = &engine_epoll}, {.engine = &engine_io_uring}};
    static const size_t turns[] = {0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0};
    struct load_result result;
    load_result_init(&result);
    for (size_t i = 0; i < 2; i++)
        open_candidate(&candidates[i], plan, address);
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++)
        take_slice(&candidates[turns[i]], &result);
    for (size_t i = 0; i < 2; i++)
        load_free(candidates[i].load);
    load_result_release(&result);
    return candidates[candidates[1].cost_ns < candidates[0].cost_ns].engine;
}

/* Away from where we may be pinned to: a server would be elsewhere too. */
static void let_run_anywhere(pid_t pid)
{
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    sched_setaffinity(pid, sizeof all, &all);
}

const struct engine *calibration_choose(const struct load_plan *plan)
{
    static const struct responder_plan at_once = {.law = DELAY_CONSTANT};
    struct responder_process responder;
    const char *reason = NULL;
    if (engine_io_uring.check(&reason) < 0 || responder_start(&responder, &at_once) < 0)
        return &engine_epoll;
    let_run_anywhere(responder.pid);
    const struct engine *chosen = compare(plan, &responder.address);
    responder_end(&responder, NULL);
    return chosen;
}
