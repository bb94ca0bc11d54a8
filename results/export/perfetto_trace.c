#include "results/export/perfetto_trace.h"

#include "base/memory.h"
#include "results/export/client_label.h"
#include "results/export/protobuf.h"
#include "text/sanitise.h"

#include <stdlib.h>
#include <string.h>

/*** The published numbers ***/

enum { TRACE_PACKET = 1 };
enum {
    PACKET_CLOCK_SNAPSHOT = 6,
    PACKET_TIMESTAMP = 8,
    PACKET_SEQUENCE_ID = 10,
    PACKET_TRACK_EVENT = 11,
    PACKET_SEQUENCE_FLAGS = 13,
    PACKET_TRACK_DESCRIPTOR = 60,
};
enum { SNAPSHOT_CLOCK = 1, CLOCK_ID = 1, CLOCK_TIME = 2 };
enum { CLOCK_REALTIME_ID = 1, CLOCK_BOOTTIME_ID = 6 }; /* the latter is what times are in */
enum {
    TRACK_UUID = 1,
    TRACK_NAME = 2,
    TRACK_PROCESS = 3,
    TRACK_THREAD = 4,
    TRACK_PARENT = 5,
    TRACK_COUNTER = 8,
};
enum { PROCESS_PID = 1, PROCESS_NAME = 6 };
enum { THREAD_PID = 1, THREAD_TID = 2, THREAD_NAME = 5 };
enum {
    EVENT_ANNOTATION = 4,
    EVENT_TYPE = 9,
    EVENT_TRACK = 11,
    EVENT_NAME = 23,
    EVENT_COUNTER_VALUE = 30,
    EVENT_FLOW = 47,
    EVENT_FLOW_END = 48,
};
enum { ANNOTATION_NUMBER = 4, ANNOTATION_TEXT = 6, ANNOTATION_NAME = 10 };
enum { SEQUENCE_CLEARED = 1 };

/*** Tracks ***/

/* A track is known by a number: its kind, and which one of it. */
enum track_kind { OF_NOTES = 1, OF_CLIENTS, OF_CLIENT, OF_LISTENER, OF_PROCESS, OF_THREAD };

static uint64_t track_number(enum track_kind kind, int which)
{
    return (uint64_t)kind << 32 | (uint32_t)which;
}

/* What stands in a recording anybody may have written; nothing for NULL. */
static void add_text(struct bytes *out, unsigned field, const char *text)
{
    struct bytes clean = {0};
    if (text == NULL)
        return;
    sanitise(&clean, text, strlen(text), SANITISE_LINE);
    protobuf_message(out, field, &clean);
}

/* Takes over `content`. */
static void add_packet(struct trace *trace, unsigned kind, struct bytes *content)
{
    struct bytes packet = {0};
    protobuf_number(&packet, PACKET_TIMESTAMP, (uint64_t)trace->t_ns);
    protobuf_number(&packet, PACKET_SEQUENCE_ID, 1);
    if (!trace->has_begun)
        protobuf_number(&packet, PACKET_SEQUENCE_FLAGS, SEQUENCE_CLEARED);
    trace->has_begun = true;
    protobuf_message(&packet, kind, content);
    protobuf_message(trace->out, TRACE_PACKET, &packet);
}

/* NULL: there is no such track yet. */
static struct track *find_track(struct trace *trace, uint64_t number)
{
    for (size_t i = 0; i < trace->count; i++) {
        size_t at = (trace->latest + i) % trace->count;
        if (trace->tracks[at].number != number)
            continue;
        trace->latest = at;
        return &trace->tracks[at];
    }
    return NULL;
}

/* Says what the track is; `parent` 0: it stands by itself. `kind` 0: without `details`, which are
 * taken over. */
static struct track *add_track(struct trace *trace, uint64_t number, uint64_t parent,
                               const char *name, unsigned kind, struct bytes *details)
{
    struct bytes described = {0};
    protobuf_number(&described, TRACK_UUID, number);
    if (parent != 0)
        protobuf_number(&described, TRACK_PARENT, parent);
    add_text(&described, TRACK_NAME, name);
    if (kind != 0)
        protobuf_message(&described, kind, details);
    add_packet(trace, PACKET_TRACK_DESCRIPTOR, &described);
    trace->tracks = reallocate(trace->tracks, trace->count + 1, sizeof *trace->tracks);
    trace->latest = trace->count;
    trace->tracks[trace->count] = (struct track){.number = number};
    return &trace->tracks[trace->count++];
}

struct track *trace_notes(struct trace *trace)
{
    uint64_t number = track_number(OF_NOTES, 0);
    struct track *track = find_track(trace, number);
    return track != NULL ? track : add_track(trace, number, 0, "notes", 0, NULL);
}

struct track *trace_client(struct trace *trace, const struct recorded_client *client)
{
    uint64_t all = track_number(OF_CLIENTS, 0);
    uint64_t number = track_number(OF_CLIENT, client->id);
    struct track *track = find_track(trace, number);
    if (track != NULL)
        return track;
    if (find_track(trace, all) == NULL)
        add_track(trace, all, 0, "clients", 0, NULL);
    char *label = client_label(client);
    track = add_track(trace, number, all, label, 0, NULL);
    track->text = label;
    return track;
}

struct track *trace_listener(struct trace *trace, int id, const char *address)
{
    uint64_t number = track_number(OF_LISTENER, id);
    struct track *track = find_track(trace, number);
    if (track != NULL)
        return track;
    char *name = text_of("accept queue of %s", address);
    track = add_track(trace, number, 0, name, TRACK_COUNTER, &(struct bytes){0});
    free(name);
    return track;
}

/* A process is described by the name of its first thread that was seen. */
struct track *trace_thread(struct trace *trace, int pid, int tid, const char *name)
{
    uint64_t process = track_number(OF_PROCESS, pid);
    uint64_t number = track_number(OF_THREAD, tid);
    struct track *track = find_track(trace, number);
    if (track != NULL)
        return track;
    struct bytes details = {0};
    if (find_track(trace, process) == NULL) {
        protobuf_number(&details, PROCESS_PID, (uint64_t)pid);
        add_text(&details, PROCESS_NAME, name);
        add_track(trace, process, 0, NULL, TRACK_PROCESS, &details);
    }
    protobuf_number(&details, THREAD_PID, (uint64_t)pid);
    protobuf_number(&details, THREAD_TID, (uint64_t)tid);
    add_text(&details, THREAD_NAME, name);
    return add_track(trace, number, process, NULL, TRACK_THREAD, &details);
}

/*** Events ***/

void trace_annotate(struct bytes *event, const char *name, const char *text)
{
    struct bytes annotation = {0};
    if (text == NULL)
        return;
    add_text(&annotation, ANNOTATION_NAME, name);
    add_text(&annotation, ANNOTATION_TEXT, text);
    protobuf_message(event, EVENT_ANNOTATION, &annotation);
}

void trace_annotate_number(struct bytes *event, const char *name, int64_t number)
{
    struct bytes annotation = {0};
    add_text(&annotation, ANNOTATION_NAME, name);
    protobuf_number(&annotation, ANNOTATION_NUMBER, (uint64_t)number);
    protobuf_message(event, EVENT_ANNOTATION, &annotation);
}

struct bytes trace_event(const struct track *track, enum trace_event_type type, const char *name)
{
    struct bytes event = {0};
    protobuf_number(&event, EVENT_TYPE, type);
    protobuf_number(&event, EVENT_TRACK, track->number);
    add_text(&event, EVENT_NAME, name);
    return event;
}

void trace_add_event(struct trace *trace, struct bytes *event)
{
    add_packet(trace, PACKET_TRACK_EVENT, event);
}

void trace_end_slice(struct trace *trace, struct track *track)
{
    struct bytes event = trace_event(track, TYPE_END, NULL);
    if (track->is_open)
        trace_add_event(trace, &event);
    bytes_release(&event);
    track->is_open = false;
}

void trace_count(struct bytes *event, int64_t value)
{
    protobuf_number(event, EVENT_COUNTER_VALUE, (uint64_t)value);
}

void trace_flow(struct bytes *event, uint64_t arrow, bool is_end)
{
    protobuf_fixed(event, is_end ? EVENT_FLOW_END : EVENT_FLOW, arrow);
}

/*** All of it ***/

static void add_clock(struct bytes *snapshot, uint64_t id, uint64_t time_ns)
{
    struct bytes clock = {0};
    protobuf_number(&clock, CLOCK_ID, id);
    protobuf_number(&clock, CLOCK_TIME, time_ns);
    protobuf_message(snapshot, SNAPSHOT_CLOCK, &clock);
}

void trace_begin(struct trace *trace, int64_t started_wall_ns)
{
    struct bytes snapshot = {0};
    add_clock(&snapshot, CLOCK_BOOTTIME_ID, 0);
    add_clock(&snapshot, CLOCK_REALTIME_ID, (uint64_t)started_wall_ns);
    add_packet(trace, PACKET_CLOCK_SNAPSHOT, &snapshot);
}

void trace_end(struct trace *trace)
{
    for (size_t i = 0; i < trace->count; i++) {
        trace_end_slice(trace, &trace->tracks[i]);
        free(trace->tracks[i].text);
    }
    free(trace->tracks);
}
