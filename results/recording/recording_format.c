#include "results/recording/recording_format.h"

#include "results/recording/recorded.h"

#define WANTED                 1
#define AT(thing, member)      .offset = offsetof(struct recorded_##thing, member)
#define COUNTED(thing, member) .count_offset = offsetof(struct recorded_##thing, member)

const struct recording_field recording_owner_fields[] = {
    {"pid", SHAPE_ID, AT(owner, pid), .is_wanted = WANTED},
    {"tid", SHAPE_ID, AT(owner, tid)},
    {"name", SHAPE_TEXT, AT(owner, name)},
    {0},
};

const struct recording_field recording_target_fields[] = {
    {"name", SHAPE_TEXT, AT(target, name)},
    {"pid", SHAPE_ID, AT(target, pid)},
    {"command", SHAPE_TEXTS, AT(target, command)},
    {"port", SHAPE_ID, AT(target, port)},
    {0},
};

static const struct recording_field listener_fields[] = {
    {"id", SHAPE_ID, AT(listener, id), .is_wanted = WANTED},
    {"address", SHAPE_TEXT, AT(listener, address)},
    {"backlog", SHAPE_COUNT, AT(listener, backlog)},
    {"queued", SHAPE_COUNT, AT(listener, queued)},
    {"owner", SHAPE_OWNER, AT(listener, owner)},
    {"gone", SHAPE_TRUTH, AT(listener, is_gone)},
    {0},
};

static const struct recording_field client_fields[] = {
    {"id", SHAPE_ID, AT(client, id), .is_wanted = WANTED},
    {"name", SHAPE_TEXT, AT(client, name)},
    {"client", SHAPE_TEXT, AT(client, client)},
    {"server", SHAPE_TEXT, AT(client, server)},
    {"listener", SHAPE_ID, AT(client, listener)},
    {"stage", SHAPE_WORD, AT(client, stage), .words = recorded_stage_names, .is_wanted = WANTED},
    {"server_state", SHAPE_TEXT, AT(client, server_state)},
    {"client_state", SHAPE_TEXT, AT(client, client_state)},
    {"inode", SHAPE_COUNT, AT(client, inode)},
    {"owner", SHAPE_OWNER, AT(client, owner)},
    {"unread_bytes", SHAPE_COUNT, AT(client, unread_bytes)},
    {"unsent_bytes", SHAPE_COUNT, AT(client, unsent_bytes)},
    {"requests", SHAPE_COUNT, AT(client, requests)},
    {"why", SHAPE_TEXT, AT(client, why)},
    {0},
};

static const struct recording_field task_fields[] = {
    {"pid", SHAPE_ID, AT(task, pid), .is_wanted = WANTED},
    {"tid", SHAPE_ID, AT(task, tid), .is_wanted = WANTED},
    {"name", SHAPE_TEXT, AT(task, name)},
    {"doing", SHAPE_WORD, AT(task, doing), .words = recorded_doing_names, .is_wanted = WANTED},
    {"call", SHAPE_TEXT, AT(task, call)},
    {"on", SHAPE_WORD, AT(task, on), .words = recorded_on_names},
    {"clients", SHAPE_IDS, AT(task, clients), COUNTED(task, client_count)},
    {"listener", SHAPE_ID, AT(task, listener)},
    {"cpu_ns", SHAPE_COUNT, AT(task, cpu_ns)},
    {"runtime", SHAPE_TRUTH, AT(task, is_runtime)},
    {0},
};

static const struct recording_field bytes_fields[] = {
    {"client", SHAPE_ID, AT(bytes, client), .is_wanted = WANTED},
    {"from", SHAPE_WORD, AT(bytes, from), .words = recorded_side_names, .is_wanted = WANTED},
    {"count", SHAPE_COUNT, AT(bytes, count), .is_wanted = WANTED},
    {"text", SHAPE_TEXT, AT(bytes, text)},
    {0},
};

static const struct recording_field model_fields[] = {
    {"model", SHAPE_TEXT, AT(model, model)},
    {"detail", SHAPE_TEXT, AT(model, detail)},
    {"because", SHAPE_TEXTS, AT(model, because)},
    {0},
};

static const struct recording_field note_fields[] = {
    {"text", SHAPE_TEXT, AT(note, text), .is_wanted = WANTED},
    {0},
};

static const struct recording_field packet_fields[] = {
    {"link", SHAPE_WORD, AT(packet, link), .words = recorded_link_names, .is_wanted = WANTED},
    {"data", SHAPE_DATA, AT(packet, data), COUNTED(packet, data_bytes), .is_wanted = WANTED},
    {"length", SHAPE_COUNT, AT(packet, length), .is_wanted = WANTED},
    {0},
};

static const struct recording_field lost_fields[] = {
    {"pictures", SHAPE_COUNT, AT(lost, pictures), .is_wanted = WANTED},
    {"packets", SHAPE_COUNT, AT(lost, packets)},
    {"why", SHAPE_TEXT, AT(lost, why)},
    {0},
};

static const struct recording_field end_fields[] = {
    {"why", SHAPE_WORD, AT(end, why), .words = recorded_ending_names, .is_wanted = WANTED},
    {0},
};

const struct recording_field *const recording_fields[] = {
    [RECORDED_LISTENER] = listener_fields, [RECORDED_CLIENT] = client_fields,
    [RECORDED_TASK] = task_fields,         [RECORDED_BYTES] = bytes_fields,
    [RECORDED_MODEL] = model_fields,       [RECORDED_NOTE] = note_fields,
    [RECORDED_PACKET] = packet_fields,     [RECORDED_LOST] = lost_fields,
    [RECORDED_END] = end_fields,
};
