/* A contender's server with the load on it: resident, loaded a slice at a time. */
#ifndef BENCH_LANE_H
#define BENCH_LANE_H

#include "bench/contender.h"
#include "bench/metric.h"
#include "bench/pinning.h"
#include "loadgen/load.h"
#include "observe/event_counter.h"
#include "observe/usage.h"

/* A slice of load on one server. What could not be measured is NAN. */
struct slice {
    double values[METRICS];
    int64_t begin_ns;
    int64_t end_ns;
    double server_cpu_ns;   /* that the server used, from begin to end; NAN: not known */
    double stolen_share;    /* of all processors, by other machines on the same host */
    double foreign_share;   /* by all but this server and its load; both in ticks, so rough */
    double generator_share; /* of the time, that of the load's busiest thread */
    /* Where it stood; not the lane's to know. */
    size_t row;
    unsigned repetition;
    unsigned round;
    const char *dropped; /* why it does not count, a constant; NULL: it does */
    bool counts_cpu;     /* although it was dropped, for what the scheduler gave the server */
};

struct lane {
    char **command; /* owned; NULL: it runs already */
    struct target target;
    struct load *load;         /* NULL: it is not open */
    struct load_result result; /* of the last slice */
    struct load_result total;  /* of all slices kept, but for the load's totals */
    bool is_churn;             /* clients come and go: children of the server too, perhaps */
    struct event_counter counters[COUNTED_EVENTS]; /* those that are open have tasks to count */
    const char *uncounted[COUNTED_EVENTS];         /* why it is not, a constant; NULL: it is */
    double of_start[METRICS]; /* what is known after the first slice and the same in all others */
    struct usage idle;        /* before any client */
    double memory_bytes;      /* of the server with all connections; NAN: not known */
    char *trouble;            /* what was wrong with it, a sentence; NULL: nothing; owned */
};

/* Starts the server and connects the clients of `plan`. Its system calls and context switches are
 * counted in the first slice, which the caller drops: counting makes every system call on the
 * machine a little slower. Says in `trouble` if the server cannot be started. To be released in
 * either case. */
void lane_open(struct lane *lane, const struct contender *contender, const struct load_plan *plan,
               const struct pinning *pinning);

/* May slices be taken? Not of a server that was not started or has ended. */
bool lane_is_open(const struct lane *lane);

/* Loads the server for lead_in_ns, and then for slice_ns in which it is measured. It must be open;
 * afterwards it may have ended, and nothing of the slice counts. True if it counts. */
bool lane_take_slice(struct lane *lane, int64_t lead_in_ns, int64_t slice_ns, struct slice *slice);

/* Processor time that the server has used since its start; NAN: not known. */
double lane_server_cpu_ns(const struct lane *lane);

/* Adds the last slice to the total. */
void lane_keep_slice(struct lane *lane);

/* Ends load and server, and looks what went wrong meanwhile. Figures and trouble stay. */
void lane_close(struct lane *lane);
void lane_release(struct lane *lane);

#endif
