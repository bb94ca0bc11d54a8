/* When the next look is due: at a rate, but for no more than a share of a processor. */
#ifndef WATCH_PACE_H
#define WATCH_PACE_H

#include <stddef.h>
#include <stdint.h>

struct pace {
    int64_t interval_ns;
    double most_share;
    int64_t due_ns;
    int64_t used_ns; /* processor time of this process when the look began */
    int64_t cost_ns; /* of a look with all that follows, on the average of the latest ones */
    size_t left_out; /* looks, since that was last asked for */
};

void pace_begin(struct pace *pace, int64_t now_ns, int64_t used_ns);

/* A look has been taken and shown: when the next one is due. `used_ns` is the processor time that
 * this process has used so far. */
int64_t pace_next(struct pace *pace, int64_t now_ns, int64_t used_ns);

/* Looks that were left out since the last call. */
size_t pace_take_left_out(struct pace *pace);

#endif
