#include "watch/record.h"

#include "base/clock.h"
#include "watch/target/watched.h"

#include <stdlib.h>

int record_begin(struct recording *recording, FILE *stream, const struct watched *target)
{
    const struct recorded_target recorded = {
        .name = target->name,
        .pid = (int)target->root,
        .port = target->port,
        .command = (const char *const *)target->command,
    };
    return recording_begin(recording, stream, &recorded, clock_wall_ns());
}

static void record_listener(struct recording *recording, const struct change *change)
{
    const struct picture_listener *listener = change->listener;
    char address[ADDRESS_TEXT_BYTES];
    const struct recorded_listener recorded = {
        .id = listener->id,
        .address = address_text(&listener->address, address),
        .backlog = listener->backlog,
        .queued = listener->queued,
        .owner = {.pid = (int)listener->pid, .name = listener->name},
        .is_gone = listener->is_gone,
    };
    recording_listener(recording, change->picture->t_ns, &recorded);
}

static void record_bytes(struct recording *recording, const struct change *change)
{
    uint64_t came = change->client->came_bytes, went = change->client->went_bytes;
    const struct picture_client *before = change->client_before;
    struct recorded_bytes recorded = {.client = change->client->id, .from = SIDE_OF_CLIENT};
    recorded.count = (int64_t)(came - (before != NULL ? before->came_bytes : 0));
    if (recorded.count > 0)
        recording_bytes(recording, change->picture->t_ns, &recorded);
    recorded.from = SIDE_OF_SERVER;
    recorded.count = (int64_t)(went - (before != NULL ? before->went_bytes : 0));
    if (recorded.count > 0)
        recording_bytes(recording, change->picture->t_ns, &recorded);
}

/* One that is not in the picture any more has no ends left. */
static struct picture_client last_row(const struct change *change)
{
    struct picture_client client =
        change->client != NULL ? *change->client : *change->client_before;
    if (change->client != NULL)
        return client;
    client.stage = STAGE_GONE;
    client.server_state = client.client_state = 0;
    client.inode = 0;
    client.unread_bytes = client.unsent_bytes = 0;
    client.why[0] = '\0';
    return client;
}

static void record_client(struct recording *recording, const struct change *change)
{
    const struct picture_client client = last_row(change);
    char own[ADDRESS_TEXT_BYTES], server[ADDRESS_TEXT_BYTES];
    const struct recorded_client recorded = {
        .id = client.id,
        .client = address_text(&client.client, own),
        .server = address_text(&client.server, server),
        .listener = client.listener,
        .stage = client.stage,
        .server_state = client.server_state != 0 ? tcp_state_name(client.server_state) : NULL,
        .client_state = client.client_state != 0 ? tcp_state_name(client.client_state) : NULL,
        .inode = client.inode,
        .owner = {.pid = (int)client.pid, .tid = (int)client.tid, .name = client.owner},
        .unread_bytes = client.unread_bytes,
        .unsent_bytes = client.unsent_bytes,
        .requests = client.requests,
        .why = client.why[0] != '\0' ? client.why : NULL,
    };
    recording_client(recording, change->picture->t_ns, &recorded);
    if (change->client != NULL)
        record_bytes(recording, change);
}

static void record_task(struct recording *recording, const struct change *change)
{
    const struct picture_task *task = change->task != NULL ? change->task : change->task_before;
    bool has_ended = change->task == NULL;
    const struct recorded_task recorded = {
        .pid = (int)task->pid,
        .tid = (int)task->tid,
        .name = task->name,
        .doing = has_ended ? DOING_ENDED : task->doing,
        .call = has_ended ? NULL : task->call,
        .on = has_ended ? ON_NOTHING : task->on,
        .clients = has_ended ? NULL : change->picture->waited + task->first,
        .client_count = has_ended ? 0 : task->count,
        .listener = has_ended ? 0 : task->listener,
        .cpu_ns = (int64_t)task->cpu_ns,
        .is_runtime = task->is_runtime,
    };
    recording_task(recording, change->picture->t_ns, &recorded);
}

static void record_model(struct recording *recording, const struct change *change)
{
    const struct picture_model *model = &change->picture->model;
    const char *because[BECAUSE_MAX + 1] = {NULL};
    for (size_t i = 0; i < model->because_count; i++)
        because[i] = model->because[i];
    const struct recorded_model recorded = {
        .model = model->name, .detail = model->detail, .because = because};
    recording_model(recording, change->picture->t_ns, &recorded);
}

void record_change(struct recording *recording, const struct change *change)
{
    struct bytes note = {0};
    switch (change->kind) {
    case CHANGE_LISTENER:
        record_listener(recording, change);
        break;
    case CHANGE_CLIENT:
        record_client(recording, change);
        break;
    case CHANGE_TASK:
        record_task(recording, change);
        break;
    case CHANGE_MODEL:
        record_model(recording, change);
        break;
    case CHANGE_SHORT_LIVED:
        change_say(change, &note);
        char *text = bytes_take_text(&note);
        recording_note(recording, change->picture->t_ns, text);
        free(text);
        break;
    }
}
