/* Perfetto: a trace that ui.perfetto.dev opens, of a recording.
 *
 * A track for each client, with what became of it as slices (connecting, queued, accepted, served)
 * and what was said as instants; a track for each thread below its process, with what it waited for
 * as slices; a counter for each accept queue; and one track for notes. An arrow leads from "queued"
 * through the thread that accepted to "accepted".
 *
 * The messages and their numbers are those of perfetto.dev/docs/reference/trace-packet-proto. There
 * are five of them here, with twenty fields, and a field takes a line to write: with protobuf-c the
 * same lines would fill in structs, beside copies of the .proto files, a compiler for them in the
 * build and a library in the program. */
#include "results/export/exporter.h"

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
enum { TYPE_BEGIN = 1, TYPE_END = 2, TYPE_INSTANT = 3, TYPE_COUNTER = 4 };
enum { SEQUENCE_CLEARED = 1 };

/*** Tracks ***/

/* A track is known by a number: its kind, and which one of it. */
enum track_kind { OF_NOTES = 1, OF_CLIENTS, OF_CLIENT, OF_LISTENER, OF_PROCESS, OF_THREAD };

static uint64_t track_number(enum track_kind kind, int which)
{
    return (uint64_t)kind << 32 | (uint32_t)which;
}

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

static struct track *track_of_notes(struct trace *trace)
{
    uint64_t number = track_number(OF_NOTES, 0);
    struct track *track = find_track(trace, number);
    return track != NULL ? track : add_track(trace, number, 0, "notes", 0, NULL);
}

static struct track *track_of_client(struct trace *trace, const struct recorded_client *client)
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

static struct track *track_of_listener(struct trace *trace, int id, const char *address)
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
static struct track *track_of_thread(struct trace *trace, int pid, int tid, const char *name)
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

static void annotate(struct bytes *event, const char *name, const char *text)
{
    struct bytes annotation = {0};
    if (text == NULL)
        return;
    add_text(&annotation, ANNOTATION_NAME, name);
    add_text(&annotation, ANNOTATION_TEXT, text);
    protobuf_message(event, EVENT_ANNOTATION, &annotation);
}

static void annotate_number(struct bytes *event, const char *name, int64_t number)
{
    struct bytes annotation = {0};
    add_text(&annotation, ANNOTATION_NAME, name);
    protobuf_number(&annotation, ANNOTATION_NUMBER, (uint64_t)number);
    protobuf_message(event, EVENT_ANNOTATION, &annotation);
}

static struct bytes begin_event(const struct track *track, unsigned type, const char *name)
{
    struct bytes event = {0};
    protobuf_number(&event, EVENT_TYPE, type);
    protobuf_number(&event, EVENT_TRACK, track->number);
    add_text(&event, EVENT_NAME, name);
    return event;
}

static void add_event(struct trace *trace, struct bytes *event)
{
    add_packet(trace, PACKET_TRACK_EVENT, event);
}

static void end_slice(struct trace *trace, struct track *track)
{
    struct bytes event = begin_event(track, TYPE_END, NULL);
    if (track->is_open)
        add_event(trace, &event);
    bytes_release(&event);
    track->is_open = false;
}

/*** Clients ***/

/* The arrow of a client has its id. The thread in the middle, as far as it is known. */
static void show_accepting(struct trace *trace, const struct recorded_client *client)
{
    if (client->owner.tid == 0)
        return;
    const struct track *thread =
        track_of_thread(trace, client->owner.pid, client->owner.tid, client->owner.name);
    char *label = client_label(client);
    char *name = text_of("accepts %s", label);
    struct bytes event = begin_event(thread, TYPE_INSTANT, name);
    protobuf_fixed(&event, EVENT_FLOW, (uint64_t)client->id);
    add_event(trace, &event);
    free(name);
    free(label);
}

static void begin_stage(struct trace *trace, const struct recorded_client *client, bool was_queued)
{
    bool is_in = client->stage == STAGE_ACCEPTED || client->stage == STAGE_SERVED;
    if (was_queued && is_in)
        show_accepting(trace, client);
    struct track *track = track_of_client(trace, client);
    struct bytes event = begin_event(track, TYPE_BEGIN, recorded_stage_names[client->stage]);
    if (client->stage == STAGE_QUEUED)
        protobuf_fixed(&event, EVENT_FLOW, (uint64_t)client->id);
    if (was_queued && is_in)
        protobuf_fixed(&event, EVENT_FLOW_END, (uint64_t)client->id);
    annotate(&event, "client", client->client);
    annotate(&event, "server", client->server);
    annotate(&event, "why", client->why);
    if (client->inode > 0)
        annotate_number(&event, "inode", client->inode);
    if (client->owner.pid > 0)
        annotate_number(&event, "pid", client->owner.pid);
    if (client->owner.tid > 0)
        annotate_number(&event, "tid", client->owner.tid);
    add_event(trace, &event);
    track->is_open = true;
    track->stage = client->stage;
}

/* Texts of one recording that are the same are one: the reader keeps each once. */
static void show_states(struct trace *trace, struct track *track,
                        const struct recorded_client *client)
{
    if (track->states[0] == client->server_state && track->states[1] == client->client_state)
        return;
    char *name =
        text_of("server %s, client %s", client->server_state != NULL ? client->server_state : "-",
                client->client_state != NULL ? client->client_state : "-");
    struct bytes event = begin_event(track, TYPE_INSTANT, name);
    add_event(trace, &event);
    track->states[0] = client->server_state;
    track->states[1] = client->client_state;
    free(name);
}

static void show_client(struct trace *trace, const struct recorded_client *client)
{
    struct track *track = track_of_client(trace, client);
    bool was_queued = track->is_open && track->stage == STAGE_QUEUED;
    bool is_same = track->is_open && track->stage == client->stage;
    if (!is_same)
        end_slice(trace, track);
    if (!is_same && client->stage != STAGE_GONE)
        begin_stage(trace, client, was_queued);
    show_states(trace, track_of_client(trace, client), client);
}

static void show_bytes(struct trace *trace, const struct recorded_bytes *bytes)
{
    const struct track *track =
        track_of_client(trace, &(struct recorded_client){.id = bytes->client});
    char *name = text_of("%s %lld bytes", bytes->from == SIDE_OF_CLIENT ? "says" : "gets",
                         (long long)bytes->count);
    struct bytes event = begin_event(track, TYPE_INSTANT, name);
    annotate(&event, "text", bytes->text);
    add_event(trace, &event);
    free(name);
}

/*** Threads ***/

/* "recvfrom on client 1", "epoll_wait on 3 clients", "runs": to be freed. */
static char *name_of_wait(struct trace *trace, const struct recorded_task *task)
{
    const char *doing = task->doing == DOING_SLEEPS && task->call != NULL
                            ? task->call
                            : recorded_doing_names[task->doing];
    switch (task->on) {
    case ON_CLIENT:
        if (task->client_count != 1)
            return text_of("%s on a client", doing);
        return text_of(
            "%s on %s", doing,
            track_of_client(trace, &(struct recorded_client){.id = task->clients[0]})->text);
    case ON_CLIENTS:
        return text_of("%s on %zu clients", doing, task->client_count);
    case ON_NOTHING:
    case ON_OTHER:
        return text_of("%s", doing);
    default:
        return text_of("%s on a %s", doing, recorded_on_names[task->on]);
    }
}

static void show_task(struct trace *trace, const struct recorded_task *task)
{
    char *name = name_of_wait(trace, task); /* which may add a track */
    struct track *track = track_of_thread(trace, task->pid, task->tid, task->name);
    bool is_same = track->is_open && strcmp(track->text, name) == 0;
    if (!is_same || task->doing == DOING_ENDED)
        end_slice(trace, track);
    if (!is_same && task->doing != DOING_ENDED) {
        struct bytes event = begin_event(track, TYPE_BEGIN, name);
        if (task->is_runtime)
            annotate(&event, "thread", "of its runtime");
        add_event(trace, &event);
        track->is_open = true;
    }
    free(track->text);
    track->text = name;
}

/*** All the others ***/

static void show_listener(struct trace *trace, const struct recorded_listener *listener)
{
    const struct track *track = track_of_listener(trace, listener->id, listener->address);
    struct bytes event = begin_event(track, TYPE_COUNTER, NULL);
    protobuf_number(&event, EVENT_COUNTER_VALUE, (uint64_t)listener->queued);
    add_event(trace, &event);
}

static void show_note(struct trace *trace, const char *text)
{
    struct bytes event = begin_event(track_of_notes(trace), TYPE_INSTANT, text);
    add_event(trace, &event);
}

static void show_model(struct trace *trace, const struct recorded_model *model)
{
    char *name = text_of("model: %s", model->model != NULL ? model->model : "not known");
    struct bytes event = begin_event(track_of_notes(trace), TYPE_INSTANT, name);
    annotate(&event, "detail", model->detail);
    for (size_t i = 0; model->because != NULL && model->because[i] != NULL; i++)
        annotate(&event, "because", model->because[i]);
    add_event(trace, &event);
    free(name);
}

static void show_lost(struct trace *trace, const struct recorded_lost *lost)
{
    char *text = text_of("%lld pictures and %lld packets were left out%s%s",
                         (long long)lost->pictures, (long long)lost->packets,
                         lost->why != NULL ? ": " : "", lost->why != NULL ? lost->why : "");
    show_note(trace, text);
    free(text);
}

static void show(struct trace *trace, const struct recorded_change *change)
{
    trace->t_ns = change->t_ns;
    switch (change->kind) {
    case RECORDED_LISTENER:
        show_listener(trace, &change->listener);
        break;
    case RECORDED_CLIENT:
        show_client(trace, &change->client);
        break;
    case RECORDED_TASK:
        show_task(trace, &change->task);
        break;
    case RECORDED_BYTES:
        show_bytes(trace, &change->bytes);
        break;
    case RECORDED_MODEL:
        show_model(trace, &change->model);
        break;
    case RECORDED_NOTE:
        show_note(trace, change->note.text);
        break;
    case RECORDED_LOST:
        show_lost(trace, &change->lost);
        break;
    case RECORDED_PACKET: /* for pcapng */
    case RECORDED_END:
        break;
    }
}

static void add_clock(struct bytes *snapshot, uint64_t id, uint64_t time_ns)
{
    struct bytes clock = {0};
    protobuf_number(&clock, CLOCK_ID, id);
    protobuf_number(&clock, CLOCK_TIME, time_ns);
    protobuf_message(snapshot, SNAPSHOT_CLOCK, &clock);
}

/* What the time was when the recording began: the trace itself begins at 0. */
static void add_clocks(struct trace *trace, int64_t started_wall_ns)
{
    struct bytes snapshot = {0};
    add_clock(&snapshot, CLOCK_BOOTTIME_ID, 0);
    add_clock(&snapshot, CLOCK_REALTIME_ID, (uint64_t)started_wall_ns);
    add_packet(trace, PACKET_CLOCK_SNAPSHOT, &snapshot);
}

static void render(const struct recorded *recorded, struct bytes *out)
{
    struct trace trace = {.out = out};
    add_clocks(&trace, recorded->started_wall_ns);
    for (size_t i = 0; i < recorded->count; i++)
        show(&trace, &recorded->changes[i]);
    for (size_t i = 0; i < trace.count; i++) {
        end_slice(&trace, &trace.tracks[i]);
        free(trace.tracks[i].text);
    }
    free(trace.tracks);
}

const struct exporter export_perfetto = {
    .name = "perfetto",
    .summary = "of a recording: who waits for whom, for ui.perfetto.dev",
    .of_recording = render,
};
