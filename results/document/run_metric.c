#include "results/document/run_metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct run_metric run_metrics[METRICS + 1] = {
    [METRIC_THROUGHPUT] = {"throughput_per_s", "throughput", "req/s", UNIT_PER_SECOND, "throughput",
                           NULL, "throughput_per_s", true, false},
    [METRIC_P50] = {"p50_ns", "p50 latency", "ns", UNIT_NANOSECONDS, "latency", "latency_ns", "p50",
                    false, false},
    [METRIC_P99] = {"p99_ns", "p99 latency", "ns", UNIT_NANOSECONDS, "latency-p99", "latency_ns",
                    "p99", false, false},
    [METRIC_P999] = {"p99.9_ns", "p99.9 latency", "ns", UNIT_NANOSECONDS, "latency-p99-9",
                     "latency_ns", "p99.9", false, false},
    [METRIC_SERVER_CPU] = {"server_cpu_us_per_request", "server CPU per request", "us",
                           UNIT_MICROSECONDS, "server-cpu-per-request", "server",
                           "cpu_us_per_request", false, false},
    [METRIC_SERVER_CALLS] = {"server_syscalls_per_request", "system calls per request", "",
                             UNIT_COUNT, "syscalls-per-request", "server", "syscalls_per_request",
                             false, true},
    [METRIC_SERVER_SWITCHES] = {"server_switches_per_request", "context switches per request", "",
                                UNIT_COUNT, "switches-per-request", "server",
                                "switches_per_request", false, false},
    [METRIC_MEMORY] = {"bytes_per_connection", "memory per connection", "bytes", UNIT_BYTES,
                       "bytes-per-connection", "server", "bytes_per_connection", false, true},
    [METRIC_GENERATOR_CPU] = {"generator_cpu_us_per_request", "generator CPU per request", "us",
                              UNIT_MICROSECONDS, "generator-cpu-per-request", "generator",
                              "cpu_us_per_request", false, false},
};

const struct run_metric *run_metric_find(const char *name)
{
    run_each_metric (metric)
        if (name != NULL && strcmp(metric->name, name) == 0)
            return metric;
    return NULL;
}

double run_metric_count_tolerance(double count)
{
    return 0.005 * (1 + fabs(count));
}

const char *run_metric_text(const struct run_metric *metric, double value,
                            char text[RUN_METRIC_TEXT_BYTES])
{
    char quantity[NUMBER_TEXT_BYTES];
    if (isnan(value))
        snprintf(text, RUN_METRIC_TEXT_BYTES, "–");
    else if (strcmp(metric->unit, "ns") == 0)
        snprintf(text, RUN_METRIC_TEXT_BYTES, "%s", number_duration_text(quantity, value));
    else if (strcmp(metric->unit, "us") == 0)
        snprintf(text, RUN_METRIC_TEXT_BYTES, "%s", number_duration_text(quantity, 1e3 * value));
    else if (metric->unit[0] == '\0')
        snprintf(text, RUN_METRIC_TEXT_BYTES, "%.3g", value);
    else
        snprintf(text, RUN_METRIC_TEXT_BYTES, "%s %s", number_count_text(quantity, value),
                 metric->unit);
    return text;
}
