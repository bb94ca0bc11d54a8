#include "bench/compare/compared.h"

#include "base/clock.h"
#include "base/memory.h"

#include <math.h>

bool comparison_has_time(const struct comparison *comparison, int64_t needed_ns)
{
    return clock_now_ns() + needed_ns <= comparison->begin_ns + comparison->plan->budget_ns;
}

bool compared_is_measured(const struct compared *compared)
{
    return compared->by == COMPARED_BY_COUNT ||
           (compared->by == COMPARED_BY_STARTS && compared->look_count > 0) ||
           (compared->by == COMPARED_BY_BLOCKS && compared->block_count > 0);
}

bool compared_is_timed_gate(const struct compared *compared)
{
    return compared->is_gated && compared->by == COMPARED_BY_BLOCKS;
}

const struct decision_look *compared_last_look(const struct compared *compared)
{
    return compared->look_count > 0 ? &compared->looks[compared->look_count - 1] : NULL;
}

#define CONFIDENCE_LEAST 0.5

bool compared_has_interval(const struct paired_estimate *estimate)
{
    return isfinite(estimate->low) && isfinite(estimate->high) &&
           estimate->confidence >= CONFIDENCE_LEAST;
}

/* Of nothing nothing can be a share. */
static double change_of_count(double from, double to)
{
    return from > 0 ? to / from - 1 : to == from ? 0 : NAN;
}

double compared_change(const struct compared *compared, enum side other)
{
    if (compared->by == COMPARED_BY_COUNT)
        return change_of_count(compared->values[SIDE_BASE], compared->values[other]);
    return paired_change(compared->estimates[other].shift);
}

void starts_note(struct starts *starts, const double values[SIDES])
{
    double sum = values[SIDE_BASE] + values[SIDE_NEW] + values[SIDE_CONTROL];
    if (!isfinite(sum) || starts->count == COMPARISON_BLOCKS_MAX)
        return;
    for (enum side side = 0; side < SIDES; side++)
        starts->of[side][starts->count] = values[side];
    starts->count++;
}

void comparison_note_trouble(struct comparison *comparison, enum side side, const char *trouble)
{
    if (comparison->trouble != NULL || trouble == NULL)
        return;
    comparison->trouble = text_of("%s", trouble);
    comparison->trouble_of = side;
}
