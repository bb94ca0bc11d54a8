/* What a slice of load on one server is measured by. */
#ifndef BENCH_METRIC_H
#define BENCH_METRIC_H

#include "results/document/run_metric.h"

#include <stdbool.h>

enum bench_metric {
    METRIC_THROUGHPUT,
    METRIC_P50,
    METRIC_P99,
    METRIC_P999,
    METRIC_SERVER_CPU,      /* of the server's processes, per request, in us */
    METRIC_SERVER_CALLS,    /* system calls of the server's processes, per request */
    METRIC_SERVER_SWITCHES, /* context switches, likewise */
    METRIC_GENERATOR_CPU,   /* of the load's threads, likewise, in us */
    METRIC_MEMORY,          /* of the server's processes for each connection, in bytes */
    METRICS,
};

/* "throughput_per_s" and so on, as they stand in documents. */
const char *bench_metric_name(enum bench_metric metric);

/* Its title, its unit, and which way is better. */
const struct run_metric *bench_metric_find(enum bench_metric metric);

/* Is it counted once for each start of a server, and the same in all slices of that? */
bool bench_metric_is_of_start(enum bench_metric metric);

/* More of it is better, as of throughput; of all else less is. */
bool bench_metric_is_gain(enum bench_metric metric);

#endif
