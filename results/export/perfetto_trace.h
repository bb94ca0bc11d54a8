/* The tracks of a Perfetto trace and the events on them, written as they are asked for. */
#ifndef RESULTS_EXPORT_PERFETTO_TRACE_H
#define RESULTS_EXPORT_PERFETTO_TRACE_H

#include "base/bytes.h"
#include "results/recording/recorded.h"

struct track {
    uint64_t number;
    bool is_open;              /* a slice of it is under way */
    enum recorded_stage stage; /* of a client, which was in it */
    const char *states[2];     /* of a client, the server's end first */
    char *text;                /* of a client: its label; of a thread: the name of that slice */
};

struct trace {
    struct bytes *out;
    int64_t t_ns;
    struct track *tracks;
    size_t count;
    size_t latest; /* the one that was asked for last */
    bool has_begun;
};

/* By their published numbers. */
enum trace_event_type { TYPE_BEGIN = 1, TYPE_END = 2, TYPE_INSTANT = 3, TYPE_COUNTER = 4 };

/* Says what the time was when the recording began: the trace itself begins at 0. `trace` has its
 * `out`; all else is zero at first. */
void trace_begin(struct trace *trace, int64_t started_wall_ns);

/* Each of these adds the track if it is not there yet. It moves when another is added. */
struct track *trace_notes(struct trace *trace);
struct track *trace_client(struct trace *trace, const struct recorded_client *client);
struct track *trace_listener(struct trace *trace, int id, const char *address);
struct track *trace_thread(struct trace *trace, int pid, int tid, const char *name);

/* An event on the track as of trace->t_ns; `name` may be NULL. trace_add_event() writes and
 * releases it, once it has what the others give it. */
struct bytes trace_event(const struct track *track, enum trace_event_type type, const char *name);
void trace_annotate(struct bytes *event, const char *name, const char *text);
void trace_annotate_number(struct bytes *event, const char *name, int64_t number);
void trace_count(struct bytes *event, int64_t value);
void trace_flow(struct bytes *event, uint64_t arrow, bool is_end);
void trace_add_event(struct trace *trace, struct bytes *event);

/* Ends the slice that is under way, if there is one. */
void trace_end_slice(struct trace *trace, struct track *track);

/* Ends all that are under way, and frees. */
void trace_end(struct trace *trace);

#endif
