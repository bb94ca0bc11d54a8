/* Changes with their intervals, one to a row, on an axis of percent: better to the left, worse to
 * the right. */
#ifndef RESULTS_PAGE_CHART_FOREST_H
#define RESULTS_PAGE_CHART_FOREST_H

#include "base/bytes.h"

#include <stddef.h>

struct forest_row {
    const char *label;   /* borrowed */
    const char *verdict; /* same, worse, better or inconclusive, borrowed; or NULL: */
    size_t series;       /* … the mark of this series … */
    const char *note;    /* … and this word, borrowed; or NULL */
    double change;       /* above 0: worse */
    double low;          /* of the interval, or NaN */
    double high;
};

struct forest {
    const char *name; /* what is shown, for screen readers */
    const struct forest_row *rows;
    size_t count;
    double inner_band; /* ± so much is nothing; 0: no band */
    double outer_band; /* ± so much must not be missed; 0: no band */
};

void forest_draw(struct bytes *out, const struct forest *forest);

#endif
