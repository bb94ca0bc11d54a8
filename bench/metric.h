/* What a slice of load on one server is measured by: the metrics of results/document/run_metric.h.
 */
#ifndef BENCH_METRIC_H
#define BENCH_METRIC_H

#include "results/document/run_metric.h"
#include "text/number.h"

#include <stdbool.h>

/* Is it counted once for each start of a server, and the same in all slices of that? */
bool bench_metric_is_of_start(enum metric metric);

/* A value of it in a table: "81.0k", "7.90us", or "-" if it is not finite. Returns `text`. */
const char *bench_metric_text(enum metric metric, double value, char text[NUMBER_TEXT_BYTES]);

#endif
