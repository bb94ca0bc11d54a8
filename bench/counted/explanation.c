#include "bench/counted/explanation.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIFFERS 0.02 /* calls per request */

static struct call_difference *find(struct call_difference **calls, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp((*calls)[i].name, name) == 0)
            return &(*calls)[i];
    *calls = grow_by_one(*calls, *count, sizeof **calls);
    (*calls)[*count] = (struct call_difference){.name = name};
    return &(*calls)[(*count)++];
}

/* Sums, so far, of all layouts. */
static void add_side(const struct gate *gate, enum side side, struct call_difference **calls,
                     size_t *count)
{
    for (size_t i = 0; i < gate->layouts; i++) {
        const char *name = NULL;
        json_t *number = NULL;
        json_object_foreach (gate->runs[side][i].calls, name, number) {
            struct call_difference *call = find(calls, count, name);
            double *sum = side == SIDE_NEW ? &call->new : &call->base;
            *sum += json_number_value(number) / (double)gate->layouts;
        }
    }
}

static int compare_differences(const void *one, const void *other)
{
    const struct call_difference *a = one;
    const struct call_difference *b = other;
    double more = fabs(b->new - b->base) - fabs(a->new - a->base);
    return more > 0 ? 1 : more < 0 ? -1 : strcmp(a->name, b->name);
}

struct call_difference *gate_calls(const struct gate *gate, size_t *count)
{
    struct call_difference *calls = NULL;
    *count = 0;
    add_side(gate, SIDE_BASE, &calls, count);
    add_side(gate, SIDE_NEW, &calls, count);
    if (*count > 0)
        qsort(calls, *count, sizeof *calls, compare_differences);
    return calls;
}

bool call_differs(const struct call_difference *call)
{
    return fabs(call->new - call->base) > DIFFERS;
}
