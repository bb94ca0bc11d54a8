/* A line is read into a JSON object, its known fields into a struct, and the object is let go: a
 * recording of hours has millions of lines, in which the same few texts come again and again. Each
 * of those is kept once. */
#include "results/recording/recording_read.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "results/recording/recording_format.h"
#include "text/base64.h"
#include "text/json_field.h"
#include "text/word_list.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILE_BYTES_MAX ((size_t)1 << 30)

/*** What is kept ***/

static const char *keep_text(struct recorded *recorded, const char *text)
{
    if (text == NULL)
        return NULL;
    json_object_set_new(recorded->texts, text, json_true());
    return json_object_iter_key(json_object_iter_at(recorded->texts, text));
}

static void *keep_block(struct recorded *recorded, size_t count, size_t size_bytes)
{
    void *block = allocate(count, size_bytes);
    recorded->blocks =
        grow_by_one(recorded->blocks, recorded->block_count, sizeof recorded->blocks[0]);
    recorded->blocks[recorded->block_count++] = block;
    return block;
}

/*** Fields ***/

/* Each of these returns NULL, or what should stand there. A value is never null here. */

static const char *read_text(struct recorded *recorded, const json_t *value, const char **text)
{
    if (!json_is_string(value))
        return "a text";
    *text = keep_text(recorded, json_string_value(value));
    return NULL;
}

static const char *read_id(const json_t *value, int least, int *id)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < least || number > INT_MAX)
        return least > 0 ? "a whole number from 1" : "a whole number from 0";
    *id = (int)number;
    return NULL;
}

static const char *read_count(const json_t *value, int64_t *count)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return "a whole number that is not below 0";
    *count = json_integer_value(value);
    return NULL;
}

static const char *read_truth(const json_t *value, bool *truth)
{
    if (!json_is_boolean(value))
        return "true or false";
    *truth = json_is_true(value);
    return NULL;
}

static const char *read_word(const json_t *value, const char *const *words, unsigned *word)
{
    size_t place = word_place(words, json_string_value(value));
    if (words[place] == NULL)
        return "a word that is known here";
    *word = (unsigned)place;
    return NULL;
}

static const char *read_ids(struct recorded *recorded, const json_t *value, const int **ids,
                            size_t *count)
{
    const char *trouble = json_is_array(value) ? NULL : "a list of whole numbers";
    int *list = keep_block(recorded, json_array_size(value) + 1, sizeof list[0]);
    *ids = list;
    *count = 0;
    list_each (entry, value) {
        if (trouble == NULL)
            trouble = read_id(entry, 1, &list[(*count)++]);
    }
    return trouble;
}

static const char *read_texts(struct recorded *recorded, const json_t *value,
                              const char *const **texts)
{
    const char *trouble = json_is_array(value) ? NULL : "a list of texts";
    const char **list = keep_block(recorded, json_array_size(value) + 1, sizeof list[0]);
    size_t count = 0;
    *texts = list;
    list_each (entry, value) {
        if (trouble == NULL)
            trouble = read_text(recorded, entry, &list[count++]);
    }
    return trouble;
}

static const char *read_data(struct recorded *recorded, const json_t *value, const void **data,
                             size_t *count)
{
    struct bytes decoded = {0};
    if (!json_is_string(value) || base64_decode(&decoded, json_string_value(value)) < 0)
        return "base64";
    void *block = keep_block(recorded, decoded.length + 1, 1);
    if (decoded.length > 0)
        memcpy(block, bytes_front(&decoded), decoded.length);
    *data = block;
    *count = decoded.length;
    bytes_release(&decoded);
    return NULL;
}

/* What is read: a thing, its fields, and the object it stands in. */
static char *read_fields(struct recorded *recorded, const json_t *object,
                         const struct recording_field *field, char *thing);

static const char *read_field(struct recorded *recorded, const json_t *value,
                              const struct recording_field *field, char *thing)
{
    char *place = thing + field->offset;
    size_t *count = (size_t *)(thing + field->count_offset);
    switch (field->shape) {
    case SHAPE_TEXT:
        return read_text(recorded, value, (const char **)place);
    case SHAPE_ID:
        return read_id(value, field->is_wanted, (int *)place);
    case SHAPE_COUNT:
        return read_count(value, (int64_t *)place);
    case SHAPE_TRUTH:
        return read_truth(value, (bool *)place);
    case SHAPE_WORD:
        return read_word(value, field->words, (unsigned *)place);
    case SHAPE_OWNER:
        return json_is_object(value) ? NULL : "an object";
    case SHAPE_IDS:
        return read_ids(recorded, value, (const int **)place, count);
    case SHAPE_TEXTS:
        return read_texts(recorded, value, (const char *const **)place);
    case SHAPE_DATA:
        return read_data(recorded, value, (const void **)place, count);
    }
    return NULL;
}

/* Owners have no owners. */
static char *read_fields(struct recorded *recorded, const json_t *object,
                         const struct recording_field *field, char *thing)
{
    for (; field->key != NULL; field++) {
        const json_t *value = json_object_get(object, field->key);
        if (value == NULL || json_is_null(value)) {
            if (field->is_wanted)
                return text_of("%s is missing", field->key);
            continue;
        }
        const char *wanted = read_field(recorded, value, field, thing);
        if (wanted != NULL)
            return text_of("%s is not %s", field->key, wanted);
        if (field->shape != SHAPE_OWNER)
            continue;
        char *trouble = read_fields(recorded, value, recording_owner_fields, thing + field->offset);
        if (trouble != NULL)
            return trouble;
    }
    return NULL;
}

/*** Lines ***/

/* "2026-11-30T23:00:00.123456Z"; 0 if it is no time. */
static int64_t read_time(const char *text)
{
    struct tm utc = {0};
    const char *fraction = text != NULL ? strptime(text, "%Y-%m-%dT%H:%M:%S", &utc) : NULL;
    if (fraction == NULL)
        return 0;
    int64_t wall_ns = (int64_t)timegm(&utc) * NS_PER_S;
    int64_t unit_ns = NS_PER_S / 10;
    for (const char *digit = fraction + 1; *fraction == '.' && isdigit((unsigned char)*digit);
         digit++, unit_ns /= 10)
        wall_ns += (*digit - '0') * unit_ns;
    return wall_ns;
}

static char *read_header(struct recorded *recorded, json_t *line)
{
    if (!field_is_word(line, "schema", SCHEMA_WATCH))
        return text_of("not a recording: its first line has no schema '%s'", SCHEMA_WATCH);
    recorded->header = json_incref(line);
    recorded->started = field_text(line, "started");
    recorded->started_wall_ns = read_time(recorded->started);
    if (recorded->started == NULL)
        return text_of("started is missing");
    const json_t *target = json_object_get(line, "target");
    if (!json_is_object(target))
        return text_of("target is missing");
    return read_fields(recorded, target, recording_target_fields, (char *)&recorded->target);
}

static char *read_change(struct recorded *recorded, const json_t *line)
{
    struct recorded_change change = {0};
    const char *kind = field_text(line, "kind");
    if (kind == NULL)
        return text_of("kind is missing");
    size_t place = word_place(recorded_kind_names, kind);
    if (recorded_kind_names[place] == NULL) {
        recorded->unknown++;
        return NULL;
    }
    change.kind = (enum recorded_kind)place;
    if (read_count(json_object_get(line, "t_ns"), &change.t_ns) != NULL)
        return text_of("t_ns is not a whole number that is not below 0");
    if (recorded->count > 0 && change.t_ns < recorded->changes[recorded->count - 1].t_ns)
        return text_of("t_ns is below that of the line before");
    char *trouble = read_fields(recorded, line, recording_fields[place], (char *)&change.listener);
    if (trouble != NULL)
        return trouble;
    recorded->changes =
        grow_by_one(recorded->changes, recorded->count, sizeof recorded->changes[0]);
    recorded->changes[recorded->count++] = change;
    return NULL;
}

/* What is wrong with a line; the caller frees. */
static char *read_line(struct recorded *recorded, const char *text, size_t count, bool may_break)
{
    json_error_t error;
    json_t *line = json_loadb(text, count, JSON_REJECT_DUPLICATES, &error);
    if (line == NULL)
        return may_break && recorded->header != NULL ? NULL
                                                     : text_of("not valid JSON: %s", error.text);
    char *trouble = NULL;
    if (!json_is_object(line))
        trouble = text_of("not an object");
    else
        trouble =
            recorded->header == NULL ? read_header(recorded, line) : read_change(recorded, line);
    json_decref(line);
    return trouble;
}

static char *read_lines(struct recorded *recorded, const char *text, size_t count)
{
    size_t number = 0;
    for (size_t at = 0; at < count;) {
        const char *end = memchr(text + at, '\n', count - at);
        size_t length = end != NULL ? (size_t)(end - text) - at : count - at;
        char *trouble = read_line(recorded, text + at, length, end == NULL);
        number++;
        if (trouble != NULL) {
            char *placed = text_of("%s:%zu: %s", recorded->path, number, trouble);
            free(trouble);
            return placed;
        }
        at += length + 1;
    }
    return recorded->header != NULL ? NULL : text_of("%s: is empty", recorded->path);
}

int recorded_parse(struct recorded *recorded, const char *text, size_t count, const char *path,
                   char **trouble)
{
    *recorded = (struct recorded){.path = text_of("%s", path), .texts = json_object()};
    char *fault = read_lines(recorded, text, count);
    recorded->is_cut =
        recorded->count == 0 || recorded->changes[recorded->count - 1].kind != RECORDED_END;
    if (fault == NULL)
        return 0;
    recorded_release(recorded);
    *trouble = fault;
    return -EINVAL;
}

int recorded_read(struct recorded *recorded, const char *path, char **trouble)
{
    char *text = NULL;
    size_t count = 0;
    int error = input_read(path, FILE_BYTES_MAX, &text, &count);
    if (error < 0) {
        *trouble = error == -EFBIG ? text_of("%s: longer than a gibibyte; record less", path)
                                   : text_of("%s: %s", path, strerror(-error));
        return -EINVAL;
    }
    error = recorded_parse(recorded, text, count, path, trouble);
    free(text);
    return error;
}

void recorded_release(struct recorded *recorded)
{
    for (size_t i = 0; i < recorded->block_count; i++)
        free(recorded->blocks[i]);
    free(recorded->blocks);
    free(recorded->changes);
    json_decref(recorded->texts);
    json_decref(recorded->header);
    free(recorded->path);
    *recorded = (struct recorded){0};
}

bool recorded_is_one(const char *text, size_t count)
{
    const char *end = memchr(text, '\n', count);
    json_t *line = json_loadb(text, end != NULL ? (size_t)(end - text) : count, 0, NULL);
    bool is_one = field_is_word(line, "schema", SCHEMA_WATCH);
    json_decref(line);
    return is_one;
}
