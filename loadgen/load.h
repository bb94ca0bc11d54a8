/* A load on one server: many clients in a few threads, measured in windows.
 *
 * Closed loop: each client sends a request, waits for the whole reply, checks it and sends the
 * next. Open loop: requests are due by a schedule, whatever the replies do. One that is due goes to
 * the client that has been idle longest; if there is none it waits until one is, and its latency
 * counts from the time when it was due.
 *
 * A load connects its clients once and can then be measured again and again; between two
 * measurements its clients stay connected and silent. So several resident servers can be loaded
 * in turns.
 *
 * Which requests count. Those due within the window, whenever their reply comes; after the window
 * the load waits up to grace_ns for the replies, so that slow ones are not cut out of the result.
 * What is unanswered then is in flight: a number of its own, never an error. It may be answered in
 * a later measurement, where it does not count. What was due but found no idle client until then
 * is unsent, and is counted too.
 */
#ifndef LOADGEN_LOAD_H
#define LOADGEN_LOAD_H

#include "base/address.h"
#include "loadgen/plan/arrivals.h"
#include "results/measures/failures.h"
#include "results/measures/histogram.h"

#include <stdbool.h>

struct engine;
struct load_protocol;
struct load;

struct load_plan {
    struct address address;
    unsigned clients;
    unsigned silent;       /* clients that are connected beside them, and never say anything */
    unsigned slow_readers; /* likewise, of which each asks for much and reads it slowly */
    unsigned threads;      /* at most clients */
    const unsigned *cpus;  /* that the threads are pinned to, in turn; kept by the caller */
    unsigned cpu_count;    /* 0: not pinned */
    const struct engine *engine;          /* NULL: epoll */
    const struct load_protocol *protocol; /* NULL: echo */
    size_t size_bytes;                    /* of a request of echo or sink, and of a reply of echo */
    const char *send;    /* line: what is sent, a line end behind it; kept by the caller, as */
    const char *expect;  /* what must come back (NULL: any line), */
    bool expects_prefix; /* or how it must begin; */
    const char *path;    /* http: what is asked for */
    unsigned depth;      /* requests outstanding on one connection, at most; 0 means 1 */
    unsigned requests_per_connection; /* then it is closed and made anew; 0: it is kept */
    int64_t ramp_ns;                  /* that connecting is spread over */
    double rate_per_s;                /* 0: closed loop */
    enum arrival_law arrivals;
    int64_t connect_timeout_ns;
    int64_t grace_ns;
    uint64_t seed; /* of the payloads and of the schedule */
};

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
    uint64_t by_status_class[6]; /* of what was answered: those without a status, 1xx, 2xx … */
    uint64_t slow_answered;      /* read by slow readers, and part of nothing else */
    struct failures failures;
};

struct load_result {
    struct load_totals totals;
    /* Of the requests of the window that were answered, from when they were due and from when they
     * were sent; and of those that were sent, what lies between the two. */
    struct histogram latency;
    struct histogram service;
    struct histogram slip;
    struct histogram connect; /* from connect(2) to established, of all connections */
    /* Of the connections served: what connecting took, and what the first reply took from when its
     * request was due; not what lay between, if the load had not begun. */
    struct histogram first_service;
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

/* Prepares a load, connects nobody. `plan` is copied. Never NULL. */
struct load *load_new(const struct load_plan *plan);

/* Connects all clients; returns how many were connected. Failures stand in the totals. */
unsigned load_connect(struct load *load);

/* Loads the server for warmup_ns + window_ns + at most the grace, and measures the window. Ends
 * early if no client is left. `result` must have been through load_result_init(). */
void load_measure(struct load *load, int64_t warmup_ns, int64_t window_ns,
                  struct load_result *result);

/* Lets `watch` be called with what is new, at the end of each phase and every interval_ns; from
 * the thread that called load_measure(), while the load goes on. */
void load_watch(struct load *load, int64_t interval_ns, load_watch_function *watch, void *context);

/* Ends connecting, or the warm-up and the window, now; what is under way has its grace. Safe in a
 * signal handler. */
void load_stop(struct load *load);

/* Answered requests of the window per second of it. */
double load_throughput_per_s(const struct load_result *result);

/* Closes every connection and ends the threads. */
void load_free(struct load *load);

/* Adds a measurement to a sum of some: windows, histograms and what is counted in them, but not the
 * totals, which belong to a load. The busiest thread's share becomes the mean over the windows. */
void load_result_add(struct load_result *sum, const struct load_result *result);

void load_result_init(struct load_result *result);
void load_result_release(struct load_result *result);

#endif
