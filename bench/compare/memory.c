/* Theory of operation: memory is known of every start of a block, counts or not: the machine was
 * too busy to time it, not to weigh. The rule looks after as many starts as it has blocks. Where
 * blocks were enough for all that is timed, but not for memory, the servers are started again only
 * to be weighed, which takes no more than their start. */
#include "bench/compare/memory.h"

#include "base/clock.h"
#include "bench/compare/block.h"
#include "bench/compare/starts.h"

#include <math.h>

#define INDIFFERENT_SHARE 0.02       /* of BASE's memory, that count for nothing */
#define STEP_BYTES        (64 << 10) /* that a server may grow by, once */

void comparison_look_at_memory(struct comparison *comparison, const struct decision_rule *rule)
{
    struct compared *compared = &comparison->metrics[METRIC_MEMORY];
    const struct load_plan *load = &comparison->bench.cell->load;
    double connections = fmax(1, load->clients + load->silent + load->slow_readers);
    const struct start_limits limits = {
        .indifferent = STEP_BYTES / connections,
        .indifferent_share = INDIFFERENT_SHARE,
        .must_catch = STEP_BYTES / connections,
        .must_catch_share = rule->must_catch,
    };
    compared->is_gated = true;
    compared_look_at_starts(compared, rule, &comparison->starts[METRIC_MEMORY], &limits);
    if (comparison->starts[METRIC_MEMORY].count == 0 && comparison->block.number > 0)
        compared->by = COMPARED_BY_NOTHING;
}

/* Starts the servers until there are `count` starts, or no more can be made. */
static void start_until(struct comparison *comparison, size_t count)
{
    while (comparison->starts[METRIC_MEMORY].count < count) {
        size_t before = comparison->starts[METRIC_MEMORY].count;
        if (before == 0 || comparison->trouble != NULL || bench_is_stopped(&comparison->bench) ||
            !comparison_has_time(comparison, SIDES * comparison->start_ns))
            return;
        comparison_run_start(comparison);
        if (comparison->starts[METRIC_MEMORY].count == before)
            return;
    }
}

void comparison_weigh(struct comparison *comparison, const struct decision_rule *rule)
{
    const struct compared *memory = &comparison->metrics[METRIC_MEMORY];
    const size_t *count = &comparison->starts[METRIC_MEMORY].count;
    for (size_t i = 0; i < rule->look_count; i++) {
        start_until(comparison, rule->looks[i]);
        bool is_passed = i + 1 < rule->look_count && *count >= rule->looks[i + 1];
        if (is_passed)
            continue;
        comparison_look_at_memory(comparison, rule);
        if (*count < rule->looks[i] || memory->verdict != DECISION_INCONCLUSIVE)
            return;
    }
}
