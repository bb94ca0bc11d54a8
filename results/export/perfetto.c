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
#include "results/export/perfetto_trace.h"

#include <stdlib.h>
#include <string.h>

/*** Clients ***/

/* The arrow of a client has its id. The thread in the middle, as far as it is known. */
static void show_accepting(struct trace *trace, const struct recorded_client *client)
{
    if (client->owner.tid == 0)
        return;
    const struct track *thread =
        trace_thread(trace, client->owner.pid, client->owner.tid, client->owner.name);
    char *label = client_label(client);
    char *name = text_of("accepts %s", label);
    struct bytes event = trace_event(thread, TYPE_INSTANT, name);
    trace_flow(&event, (uint64_t)client->id, false);
    trace_add_event(trace, &event);
    free(name);
    free(label);
}

static void begin_stage(struct trace *trace, const struct recorded_client *client, bool was_queued)
{
    bool is_in = client->stage == STAGE_ACCEPTED || client->stage == STAGE_SERVED;
    if (was_queued && is_in)
        show_accepting(trace, client);
    struct track *track = trace_client(trace, client);
    struct bytes event = trace_event(track, TYPE_BEGIN, recorded_stage_names[client->stage]);
    if (client->stage == STAGE_QUEUED)
        trace_flow(&event, (uint64_t)client->id, false);
    if (was_queued && is_in)
        trace_flow(&event, (uint64_t)client->id, true);
    trace_annotate(&event, "client", client->client);
    trace_annotate(&event, "server", client->server);
    trace_annotate(&event, "why", client->why);
    if (client->inode > 0)
        trace_annotate_number(&event, "inode", client->inode);
    if (client->owner.pid > 0)
        trace_annotate_number(&event, "pid", client->owner.pid);
    if (client->owner.tid > 0)
        trace_annotate_number(&event, "tid", client->owner.tid);
    trace_add_event(trace, &event);
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
    struct bytes event = trace_event(track, TYPE_INSTANT, name);
    trace_add_event(trace, &event);
    track->states[0] = client->server_state;
    track->states[1] = client->client_state;
    free(name);
}

static void show_client(struct trace *trace, const struct recorded_client *client)
{
    struct track *track = trace_client(trace, client);
    bool was_queued = track->is_open && track->stage == STAGE_QUEUED;
    bool is_same = track->is_open && track->stage == client->stage;
    if (!is_same)
        trace_end_slice(trace, track);
    if (!is_same && client->stage != STAGE_GONE)
        begin_stage(trace, client, was_queued);
    show_states(trace, trace_client(trace, client), client);
}

static void show_bytes(struct trace *trace, const struct recorded_bytes *bytes)
{
    const struct track *track = trace_client(trace, &(struct recorded_client){.id = bytes->client});
    char *name = text_of("%s %lld bytes", bytes->from == SIDE_OF_CLIENT ? "says" : "gets",
                         (long long)bytes->count);
    struct bytes event = trace_event(track, TYPE_INSTANT, name);
    trace_annotate(&event, "text", bytes->text);
    trace_add_event(trace, &event);
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
            trace_client(trace, &(struct recorded_client){.id = task->clients[0]})->text);
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
    struct track *track = trace_thread(trace, task->pid, task->tid, task->name);
    bool is_same = track->is_open && strcmp(track->text, name) == 0;
    if (!is_same || task->doing == DOING_ENDED)
        trace_end_slice(trace, track);
    if (!is_same && task->doing != DOING_ENDED) {
        struct bytes event = trace_event(track, TYPE_BEGIN, name);
        if (task->is_runtime)
            trace_annotate(&event, "thread", "of its runtime");
        trace_add_event(trace, &event);
        track->is_open = true;
    }
    free(track->text);
    track->text = name;
}

/*** All the others ***/

static void show_listener(struct trace *trace, const struct recorded_listener *listener)
{
    const struct track *track = trace_listener(trace, listener->id, listener->address);
    struct bytes event = trace_event(track, TYPE_COUNTER, NULL);
    trace_count(&event, listener->queued);
    trace_add_event(trace, &event);
}

static void show_note(struct trace *trace, const char *text)
{
    struct bytes event = trace_event(trace_notes(trace), TYPE_INSTANT, text);
    trace_add_event(trace, &event);
}

static void show_model(struct trace *trace, const struct recorded_model *model)
{
    char *name = text_of("model: %s", model->model != NULL ? model->model : "not known");
    struct bytes event = trace_event(trace_notes(trace), TYPE_INSTANT, name);
    trace_annotate(&event, "detail", model->detail);
    for (size_t i = 0; model->because != NULL && model->because[i] != NULL; i++)
        trace_annotate(&event, "because", model->because[i]);
    trace_add_event(trace, &event);
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

static void render(const struct recorded *recorded, struct bytes *out)
{
    struct trace trace = {.out = out};
    trace_begin(&trace, recorded->started_wall_ns);
    for (size_t i = 0; i < recorded->count; i++)
        show(&trace, &recorded->changes[i]);
    trace_end(&trace);
}

const struct exporter export_perfetto = {
    .name = "perfetto",
    .summary = "of a recording: who waits for whom, for ui.perfetto.dev",
    .of_recording = render,
};
