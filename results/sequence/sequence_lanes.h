/* Where the lanes of a sequence stand, from the left to the right, and their heads. */
#ifndef RESULTS_SEQUENCE_SEQUENCE_LANES_H
#define RESULTS_SEQUENCE_SEQUENCE_LANES_H

#include "base/bytes.h"
#include "results/sequence/sequence.h"
#include "results/sequence/sequence_axis.h"

/* In pixels: the times, to the left of all lanes; a head. */
#define SEQUENCE_TIMES_WIDTH 58.0
#define SEQUENCE_HEAD_HEIGHT 38.0

struct sequence_layout {
    const struct sequence *sequence;
    size_t number;   /* of the figure, on a page with several */
    double *centres; /* of the lanes, from the left */
    double *widths;
    double width; /* of all */
    struct sequence_axis axis;
};

void sequence_layout_init(struct sequence_layout *layout, const struct sequence *sequence,
                          size_t number);
void sequence_layout_release(struct sequence_layout *layout);

/* Lines from the top to the bottom, and what they stand for: at the top, and again and again where
 * the picture is longer than a screen. */
void sequence_draw_lanes(struct bytes *out, const struct sequence_layout *layout);

/* Appends the lines of a note; how many there are. `out` may be NULL. */
size_t sequence_note_lines(struct bytes *out, const struct sequence_layout *layout,
                           const char *text, double y);

#endif
