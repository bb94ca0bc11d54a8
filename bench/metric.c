#include "bench/metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *bench_metric_text(enum metric metric, double value, char text[NUMBER_TEXT_BYTES])
{
    const char *unit = run_metrics[metric].unit;
    if (!isfinite(value))
        return strcpy(text, "-");
    if (strcmp(unit, "ns") == 0)
        return number_duration_text(text, value);
    if (strcmp(unit, "us") == 0)
        return number_duration_text(text, 1e3 * value);
    if (unit[0] != '\0')
        return number_count_text(text, value);
    snprintf(text, NUMBER_TEXT_BYTES, "%.3f", value); /* a count per request */
    return text;
}
