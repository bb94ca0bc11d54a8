#include "bench/metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool bench_metric_is_of_start(enum metric metric)
{
    return metric == METRIC_SERVER_CALLS || metric == METRIC_SERVER_SWITCHES ||
           metric == METRIC_MEMORY;
}

const char *bench_metric_text(enum metric metric, double value, char text[QUANTITY_TEXT_BYTES])
{
    const char *unit = run_metrics[metric].unit;
    if (!isfinite(value))
        return strcpy(text, "-");
    if (strcmp(unit, "ns") == 0)
        return quantity_duration_text(value, text);
    if (strcmp(unit, "us") == 0)
        return quantity_duration_text(1e3 * value, text);
    if (unit[0] != '\0')
        return quantity_count_text(value, text);
    snprintf(text, QUANTITY_TEXT_BYTES, "%.3f", value); /* a count per request */
    return text;
}
