#include "results/recording/recording.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/memory.h"
#include "results/document/document.h"
#include "results/document/machine.h"
#include "results/recording/recording_format.h"
#include "text/base64.h"
#include "text/json_dump.h"
#include "text/sanitise.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*** Fields ***/

static json_t *describe_text(const char *text)
{
    if (text == NULL)
        return json_null();
    struct bytes clean = {0};
    sanitise(&clean, text, strlen(text), SANITISE_STRING);
    json_t *string = json_stringn(clean.length > 0 ? bytes_front(&clean) : "", clean.length);
    bytes_release(&clean);
    return string;
}

static json_t *describe_word(const char *word)
{
    return word[0] != '\0' ? json_string(word) : json_null();
}

static json_t *describe_id(int id)
{
    return id > 0 ? json_integer(id) : json_null();
}

static json_t *describe_ids(const int *ids, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_integer(ids[i]));
    return list;
}

static json_t *describe_texts(const char *const *texts)
{
    if (texts == NULL)
        return json_null();
    json_t *list = json_array();
    for (; *texts != NULL; texts++)
        json_array_append_new(list, describe_text(*texts));
    return list;
}

static json_t *describe_data(const void *data, size_t count)
{
    struct bytes encoded = {0};
    base64_append(&encoded, data, count);
    json_t *string = json_stringn(encoded.length > 0 ? bytes_front(&encoded) : "", encoded.length);
    bytes_release(&encoded);
    return string;
}

static void add_fields(json_t *object, const struct recording_field *field, const void *thing);

static json_t *describe_owner(const struct recorded_owner *owner) /* NOLINT(misc-no-recursion) */
{
    if (owner->pid == 0)
        return json_null();
    json_t *object = json_object();
    add_fields(object, recording_owner_fields, owner);
    return object;
}

/* Owners have no owners. */
static json_t *describe_field(const struct recording_field *field, /* NOLINT(misc-no-recursion) */
                              const char *thing)
{
    const char *place = thing + field->offset;
    size_t count = 0;
    memcpy(&count, thing + field->count_offset, sizeof count);
    switch (field->shape) {
    case SHAPE_TEXT:
        return describe_text(*(const char *const *)place);
    case SHAPE_ID:
        return describe_id(*(const int *)place);
    case SHAPE_COUNT:
        return json_integer(*(const int64_t *)place);
    case SHAPE_TRUTH:
        return json_boolean(*(const bool *)place);
    case SHAPE_WORD:
        return describe_word(field->words[*(const unsigned *)place]);
    case SHAPE_OWNER:
        return describe_owner((const struct recorded_owner *)place);
    case SHAPE_IDS:
        return describe_ids(*(const int *const *)place, count);
    case SHAPE_TEXTS:
        return describe_texts(*(const char *const *const *)place);
    case SHAPE_DATA:
        return describe_data(*(const void *const *)place, count);
    }
    return json_null();
}

static void add_fields(json_t *object, /* NOLINT(misc-no-recursion) */
                       const struct recording_field *field, const void *thing)
{
    for (; field->key != NULL; field++)
        json_object_set_new(object, field->key, describe_field(field, thing));
}

/*** Lines ***/

/* "2026-11-30T23:00:00.123456Z" */
static json_t *describe_time(int64_t wall_ns)
{
    char second[32];
    time_t wall_s = (time_t)(wall_ns / NS_PER_S);
    struct tm utc;
    strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", gmtime_r(&wall_s, &utc));
    return json_sprintf("%s.%06lldZ", second, (long long)(wall_ns % NS_PER_S / NS_PER_US));
}

json_t *recorded_header_describe(const struct recorded_target *target, int64_t started_wall_ns)
{
    json_t *described = json_object();
    add_fields(described, recording_target_fields, target);
    return json_pack("{s:s, s:{s:s, s:s, s:s}, s:o, s:o, s:o}", "schema", SCHEMA_WATCH, //
                     "tool", "name", "proctor", "version", tool_version(), "commit", tool_commit(),
                     "machine", machine_describe(), "started", describe_time(started_wall_ns),
                     "target", described);
}

json_t *recorded_change_describe(const struct recorded_change *change)
{
    json_t *object = json_object();
    json_object_set_new(object, "t_ns", json_integer(change->t_ns));
    json_object_set_new(object, "kind", json_string(recorded_kind_names[change->kind]));
    add_fields(object, recording_fields[change->kind], &change->listener);
    return object;
}

/* A line that is longer than the stream's buffer goes out in pieces: a reader who comes between
 * them finds a broken last line, and passes it over. */
static int write_line(struct recording *recording, json_t *object)
{
    struct bytes line = {0};
    json_append(&line, object, JSON_COMPACT);
    bytes_append(&line, "\n", 1);
    json_decref(object);
    errno = 0;
    if (fwrite(bytes_front(&line), 1, line.length, recording->stream) != line.length ||
        fflush(recording->stream) != 0)
        recording->error = errno != 0 ? -errno : -EIO;
    bytes_release(&line);
    return recording->error;
}

int recording_begin(struct recording *recording, FILE *stream, const struct recorded_target *target,
                    int64_t started_wall_ns)
{
    *recording = (struct recording){.stream = stream};
    return write_line(recording, recorded_header_describe(target, started_wall_ns));
}

int recording_change(struct recording *recording, const struct recorded_change *change)
{
    if (recording->error < 0)
        return recording->error;
    struct recorded_change line = *change;
    if (line.t_ns < recording->last_ns)
        line.t_ns = recording->last_ns;
    recording->last_ns = line.t_ns;
    return write_line(recording, recorded_change_describe(&line));
}

int recording_listener(struct recording *recording, int64_t t_ns,
                       const struct recorded_listener *listener)
{
    return recording_change(recording,
                            &(struct recorded_change){t_ns, RECORDED_LISTENER, {*listener}});
}

int recording_client(struct recording *recording, int64_t t_ns,
                     const struct recorded_client *client)
{
    return recording_change(recording,
                            &(struct recorded_change){t_ns, RECORDED_CLIENT, {.client = *client}});
}

int recording_task(struct recording *recording, int64_t t_ns, const struct recorded_task *task)
{
    return recording_change(recording,
                            &(struct recorded_change){t_ns, RECORDED_TASK, {.task = *task}});
}

int recording_bytes(struct recording *recording, int64_t t_ns, const struct recorded_bytes *bytes)
{
    return recording_change(recording,
                            &(struct recorded_change){t_ns, RECORDED_BYTES, {.bytes = *bytes}});
}

int recording_model(struct recording *recording, int64_t t_ns, const struct recorded_model *model)
{
    return recording_change(recording,
                            &(struct recorded_change){t_ns, RECORDED_MODEL, {.model = *model}});
}

int recording_note(struct recording *recording, int64_t t_ns, const char *text)
{
    return recording_change(recording,
                            &(struct recorded_change){t_ns, RECORDED_NOTE, {.note = {text}}});
}

int recording_packet(struct recording *recording, int64_t t_ns,
                     const struct recorded_packet *packet)
{
    return recording_change(recording,
                            &(struct recorded_change){t_ns, RECORDED_PACKET, {.packet = *packet}});
}

int recording_lost(struct recording *recording, int64_t t_ns, int64_t pictures, const char *why)
{
    return recording_change(recording,
                            &(struct recorded_change){
                                t_ns, RECORDED_LOST, {.lost = {.pictures = pictures, .why = why}}});
}

int recording_end(struct recording *recording, int64_t t_ns, enum recorded_ending why)
{
    return recording_change(recording,
                            &(struct recorded_change){t_ns, RECORDED_END, {.end = {why}}});
}
