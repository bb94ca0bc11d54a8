/* The result of a load: of one worker, of a measurement, or of a sum of measurements.
 *
 * Which requests count. Those due within the window, whenever their reply comes; after the window
 * the load waits up to grace_ns for the replies, so that slow ones are not cut out of the result.
 * What is unanswered then is in flight: a number of its own, never an error. It may be answered in
 * a later measurement, where it does not count. What was due but found no idle client until then
 * is unsent, and is counted too.
 */
#ifndef LOADGEN_PLAN_RESULT_H
#define LOADGEN_PLAN_RESULT_H

#include "loadgen/plan/replies.h"
#include "results/measures/failures.h"
#include "results/measures/histogram.h"

#include <stdint.h>

/* Since the load began, over all measurements; asserted after each one:
 * sent = answered + failures_of_requests() + in_flight. */
struct load_totals {
    unsigned clients_connected;
    unsigned silent_connected;
    unsigned slow_connected;
    uint64_t connections; /* made by clients, the first and all later ones */
    uint64_t connections_served;
    unsigned connecting;     /* under way at the end */
    unsigned clients_used;   /* had at least one request to send; in a closed loop, all connected */
    unsigned clients_served; /* had at least one whole and right reply */
    uint64_t sent;
    uint64_t answered;
    uint64_t in_flight;
    uint64_t by_status_class[6]; /* of all replies: those without a status, 1xx, 2xx … */
    uint64_t closed_idle; /* connections that the server has closed while nothing was asked, and
                            * that were made anew */
    uint64_t sent_again;  /* requests whose connection was closed before any of the reply came, so
                            * that they were sent once more; each counts as sent once */
    struct replies unexpected; /* what came instead of a reply as asked for */
    struct replies first;      /* the first reply, where any will do */
    uint64_t slow_answered;    /* read by slow readers, and part of nothing else */
    struct failures failures;
};

#define LOAD_HISTOGRAMS 5

struct load_result {
    struct load_totals totals;
    union {
        struct {
            /* Of the requests of the window that were answered, from when they were due and from
             * when they were sent; and of those that were sent, what lies between the two. */
            struct histogram latency;
            struct histogram service;
            struct histogram slip;
            struct histogram connect; /* from connect(2) to established, of all connections */
            /* Of the connections served: what connecting took, and what the first reply took from
             * when its request was due; not what lay between, if the load had not begun. */
            struct histogram first_service;
        };
        struct histogram histograms[LOAD_HISTOGRAMS]; /* the same, one by one */
    };
    uint64_t windows;       /* of this length together: 1, or of a sum as many as were added */
    int64_t window_ns;      /* as measured: shorter than planned if all clients were lost */
    int64_t planned_ns;     /* what the window was to be, unless the load was stopped */
    int64_t silence_ns;     /* of the window, after the last reply */
    uint64_t window_unsent; /* due, but there was no idle client for them */
    uint64_t window_sent;
    uint64_t window_answered;
    uint64_t answered;           /* in this measurement, the warm-up too */
    int64_t generator_cpu_ns;    /* of this measurement, the warm-up too */
    double busiest_thread_share; /* of the time, that of the generator's busiest thread */
};

void load_result_init(struct load_result *result);
void load_result_release(struct load_result *result);

/* Makes it ready for the next measurement: forgets what belongs to the last one, and keeps what is
 * counted since the load began. */
void load_result_begin_measurement(struct load_result *result);

/* Adds what `from` has counted. */
void load_totals_merge(struct load_totals *into, const struct load_totals *from);

/* Forgets everything but the window's length, which load_result_merge() does not set. */
void load_result_clear(struct load_result *result);

/* Adds one worker's part of a measurement to those of the others: totals, counts, histograms. The
 * busiest thread's share becomes the greater of the two; the window's length stays as it is. */
void load_result_merge(struct load_result *result, const struct load_result *part);

/* Adds a measurement to a sum of some: windows, histograms and what is counted in them, but not the
 * totals, which belong to a load. The busiest thread's share becomes the mean over the windows. */
void load_result_add(struct load_result *sum, const struct load_result *result);

/* Asserts what must hold after a measurement, in the result of a worker or of a load. */
void load_result_check(const struct load_result *result);

/* Answered requests of the window per second of it. */
double load_throughput_per_s(const struct load_result *result);

/* What a load has done since the last time it was asked. */
struct load_interval {
    const char *phase; /* warmup, window or drain */
    int64_t begin_ns;  /* since the begin of the measurement */
    int64_t length_ns;
    unsigned clients_served; /* up to now, as the next one */
    uint64_t failed;
    struct histogram latency; /* of what was answered in the interval */
};

typedef void load_watch_function(const struct load_interval *interval, void *context);

#endif
