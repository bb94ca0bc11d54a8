#include "bench/metric.h"

#include <assert.h>
#include <stddef.h>

const char *bench_metric_name(enum bench_metric metric)
{
    static const char *const names[] = {
        [METRIC_THROUGHPUT] = "throughput_per_s",
        [METRIC_P50] = "p50_ns",
        [METRIC_P99] = "p99_ns",
        [METRIC_P999] = "p99.9_ns",
        [METRIC_SERVER_CPU] = "server_cpu_us_per_request",
        [METRIC_SERVER_CALLS] = "server_syscalls_per_request",
        [METRIC_SERVER_SWITCHES] = "server_switches_per_request",
        [METRIC_GENERATOR_CPU] = "generator_cpu_us_per_request",
        [METRIC_MEMORY] = "bytes_per_connection",
    };
    return names[metric];
}

const struct run_metric *bench_metric_find(enum bench_metric metric)
{
    const struct run_metric *found = run_metric_find(bench_metric_name(metric));
    assert(found != NULL);
    return found;
}

bool bench_metric_is_of_start(enum bench_metric metric)
{
    return metric == METRIC_SERVER_CALLS || metric == METRIC_SERVER_SWITCHES ||
           metric == METRIC_MEMORY;
}

bool bench_metric_is_gain(enum bench_metric metric)
{
    return bench_metric_find(metric)->bigger_is_better;
}
