/* The labels of an axis, as what stands in an SVG of the axis' own length. */
#ifndef RESULTS_PAGE_CHART_AXIS_H
#define RESULTS_PAGE_CHART_AXIS_H

#include "base/bytes.h"
#include "results/page/chart_scales.h"
#include "text/number.h"

/* From left to right, each below its place: the first and the last reach over the ends. */
void axis_labels_below(struct bytes *out, const struct scale *scale, enum unit unit);

/* From the bottom to the top, each to the left of its place. */
void axis_labels_beside(struct bytes *out, const struct scale *scale, enum unit unit);

#endif
