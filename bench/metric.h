/* What a slice of load on one server is measured by: the metrics of results/document/run_metric.h.
 */
#ifndef BENCH_METRIC_H
#define BENCH_METRIC_H

#include "results/document/run_metric.h"
#include "text/number.h"

/* A value of it in a table: "81.0k", "7.90us", or "-" if it is not finite. Returns `text`. */
const char *bench_metric_text(enum metric metric, double value, char text[NUMBER_TEXT_BYTES]);

#endif
