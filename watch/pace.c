#include "watch/pace.h"

/* The average forgets half within so many looks. */
#define COST_MEMORY 4

void pace_begin(struct pace *pace, int64_t now_ns, int64_t used_ns)
{
    pace->due_ns = now_ns;
    pace->used_ns = used_ns;
    pace->cost_ns = 0;
    pace->left_out = 0;
}

int64_t pace_next(struct pace *pace, int64_t now_ns, int64_t used_ns)
{
    int64_t cost_ns = used_ns - pace->used_ns;
    pace->used_ns = used_ns;
    pace->cost_ns += (cost_ns - pace->cost_ns) / COST_MEMORY;
    int64_t least_ns = (int64_t)((double)pace->cost_ns / pace->most_share);
    int64_t steps =
        least_ns > pace->interval_ns ? (least_ns + pace->interval_ns - 1) / pace->interval_ns : 1;
    pace->due_ns += steps * pace->interval_ns;
    while (pace->due_ns <= now_ns) { /* we were kept from the processor */
        pace->due_ns += pace->interval_ns;
        steps++;
    }
    pace->left_out += (size_t)(steps - 1);
    return pace->due_ns;
}

size_t pace_take_left_out(struct pace *pace)
{
    size_t left_out = pace->left_out;
    pace->left_out = 0;
    return left_out;
}
