/* The plan of a load: which server, how many clients, what they send and how often. */
#ifndef LOADGEN_PLAN_PLAN_H
#define LOADGEN_PLAN_PLAN_H

#include "base/address.h"
#include "loadgen/plan/arrivals.h"

#include <stdbool.h>
#include <stddef.h>

struct engine;
struct load_protocol;

/* Is it waited before the load until a request is answered as expected? */
enum readiness { READY_WHERE_EXPECTED, READY_YES, READY_NO };

struct load_plan {
    struct address address;
    unsigned clients;
    unsigned silent;       /* clients that are connected beside them, and never say anything */
    unsigned slow_readers; /* likewise, of which each asks for much and reads it slowly */
    unsigned threads;      /* at most clients */
    const unsigned *cpus;  /* that the threads are pinned to, in turn; kept by the caller */
    unsigned cpu_count;    /* 0: not pinned */
    const struct engine *engine;          /* NULL: epoll */
    bool engine_is_chosen;                /* by proctor, not by who asked for the load */
    bool may_take_another;                /* epoll, if that one cannot be opened */
    const struct load_protocol *protocol; /* NULL: echo */
    size_t size_bytes;                    /* of a request of echo or sink, and of a reply of echo */
    size_t frame_bytes;  /* echo, sink, exchange: of the length before each message; 0: none */
    const char *send;    /* exchange: what is sent, a line end behind it; kept by the caller, as */
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
    enum readiness ready; /* see loadgen/readiness.h; not the load's to look at */
    uint64_t seed;        /* of the payloads and of the schedule */
};

#endif
