/* Where the moments of a sequence stand, from the top to the bottom.
 *
 * Time is to scale as long as not much happens: what happens at once gets the room that it needs,
 * and where nothing happens for long, most of the time is cut out, and said to be. */
#ifndef RESULTS_SEQUENCE_SEQUENCE_AXIS_H
#define RESULTS_SEQUENCE_SEQUENCE_AXIS_H

#include "results/sequence/sequence.h"

/* Time that is cut out. */
struct sequence_cut {
    double y; /* of its middle */
    int64_t length_ns;
};

struct sequence_axis {
    double *y;     /* of the beginning of each mark, */
    double *until; /* and of its end */
    struct sequence_cut *cuts;
    size_t cut_count;
    double bottom;
    bool is_dense; /* there is not room for all labels */
};

/* How high the words of a note stand, from its place upwards. */
typedef double sequence_note_height_function(const struct sequence_mark *note, const void *context);

/* The first moment stands at `top`. */
void sequence_axis_init(struct sequence_axis *axis, const struct sequence *sequence, double top,
                        sequence_note_height_function *note_height, const void *context);
void sequence_axis_release(struct sequence_axis *axis);

#endif
