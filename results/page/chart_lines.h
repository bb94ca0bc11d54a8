/* Lines over an axis, as SVG that fits the width it gets: every place is a percentage, so that
 * texts and marks keep their size on a telephone. A mark says its values when one points at it. */
#ifndef RESULTS_PAGE_CHART_LINES_H
#define RESULTS_PAGE_CHART_LINES_H

#include "base/bytes.h"
#include "results/page/chart_scales.h"
#include "text/number.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct chart_axis {
    const char *title;
    enum scale_kind kind;
    enum unit unit;
    bool has_zero;      /* the axis begins at 0, whatever the values */
    struct scale scale; /* made when the chart is drawn */
};

struct chart_point {
    double x;
    double y;
    double low; /* of a band around y, or NaN */
    double high;
};

struct chart_series {
    char *name;
    size_t style; /* see html_mark() */
    bool is_dashed;
    struct chart_point *points; /* by ascending x */
    size_t count;
};

struct line_chart {
    const char *heading; /* over the picture, borrowed; or NULL */
    struct chart_axis x;
    struct chart_axis y;
    size_t mark_stride; /* each so many points have a mark; 0: every one */
    struct chart_series *series;
    size_t count;
};

/* Adds a series; the name is copied. Valid until the next is added. */
struct chart_series *chart_add_series(struct line_chart *chart, const char *name, size_t style);

/* Adds a point. What has no place on the axes is left out when the chart is drawn. */
void chart_add_point(struct chart_series *series, struct chart_point point);

/* The same of a list [x, y]. */
void chart_add_pair(struct chart_series *series, const json_t *pair);

bool chart_is_empty(const struct line_chart *chart);

/* Legend and picture. */
void chart_draw(struct bytes *out, struct line_chart *chart);

void chart_release(struct line_chart *chart);

#endif
