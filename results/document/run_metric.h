/* What is measured of a server: the names, titles and units of all metrics in one table. */
#ifndef RESULTS_DOCUMENT_RUN_METRIC_H
#define RESULTS_DOCUMENT_RUN_METRIC_H

#include "text/number.h"

#include <stdbool.h>

enum metric {
    METRIC_THROUGHPUT,
    METRIC_P50,
    METRIC_P99,
    METRIC_P999,
    METRIC_SERVER_CPU,      /* of the server's processes, per request */
    METRIC_SERVER_CALLS,    /* system calls of the server's processes, per request */
    METRIC_SERVER_SWITCHES, /* context switches, likewise */
    METRIC_MEMORY,          /* of the server's processes for each connection */
    METRIC_GENERATOR_CPU,   /* of the load's threads, per request */
    METRICS,
};

struct run_metric {
    const char *name;    /* in documents, with its unit: "p99_ns" */
    const char *title;   /* for people: "p99 latency" */
    const char *unit;    /* "req/s", "ns", "us", "bytes", or "" for a count per request */
    enum unit page_unit; /* the same, for number_text() */
    const char *slug;    /* for those who want no blanks: "latency-p99" */
    const char *group;   /* where a result without rounds has it; NULL: in itself */
    const char *member;
    bool bigger_is_better;
    bool is_counter; /* the same again whenever it is counted; not so context switches: a client
                      * that is quick enough spares the server some */
};

/* All of them, by their number; behind them one that has no name. */
extern const struct run_metric run_metrics[METRICS + 1];

/* Runs the statement after it for each of them. */
/* NOLINTBEGIN(bugprone-macro-parentheses): names that are declared take none. */
#define run_each_metric(metric)                                                                    \
    for (const struct run_metric *metric = run_metrics; metric->name != NULL; metric++)
/* NOLINTEND(bugprone-macro-parentheses) */

/* NULL: there is none of that name, or `name` is NULL. */
const struct run_metric *run_metric_find(const char *name);

/* How far apart two counts of the same may lie: the first and the last request of a slice may be
 * counted on one side of its edge only. */
double run_metric_count_tolerance(double count);

/* Room for what the function below writes. */
#define RUN_METRIC_TEXT_BYTES 48

/* A value with three digits and its unit, "81.0k req/s" or "7.90us"; "–" if it was not measured.
 * Returns `text`. */
const char *run_metric_text(const struct run_metric *metric, double value,
                            char text[RUN_METRIC_TEXT_BYTES]);

#endif
