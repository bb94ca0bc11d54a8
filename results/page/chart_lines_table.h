/* What lines over an axis show, as a table. */
#ifndef RESULTS_PAGE_CHART_LINES_TABLE_H
#define RESULTS_PAGE_CHART_LINES_TABLE_H

#include "results/page/chart_lines.h"

/* A row for each x, a column for each series. */
void chart_table(struct bytes *out, const struct line_chart *chart);

#endif
