#include "base/bytes.h"

#include "base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an idle queue may keep; thousands of idle connections each hold one. */
#define KEPT_CAPACITY_BYTES 4096

static void make_room(struct bytes *bytes, size_t count)
{
    if (bytes->first + bytes->length + count <= bytes->capacity_bytes)
        return;
    if (bytes->first > 0) {
        memmove(bytes->block, bytes->block + bytes->first, bytes->length);
        bytes->first = 0;
    }
    size_t needed_bytes = bytes->length + count;
    if (needed_bytes <= bytes->capacity_bytes)
        return;
    size_t capacity_bytes = bytes->capacity_bytes > 0 ? bytes->capacity_bytes : 64;
    while (capacity_bytes < needed_bytes)
        capacity_bytes *= 2;
    bytes->block = reallocate(bytes->block, capacity_bytes, 1);
    bytes->capacity_bytes = capacity_bytes;
}

void bytes_append(struct bytes *bytes, const void *data, size_t count)
{
    if (count == 0)
        return;
    make_room(bytes, count);
    memcpy(bytes->block + bytes->first + bytes->length, data, count);
    bytes->length += count;
}

void bytes_print(struct bytes *bytes, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    bytes_append(bytes, text, (size_t)length);
    free(text);
}

void bytes_pad(struct bytes *bytes, size_t from, size_t letters)
{
    size_t there = 0;
    for (size_t i = from; i < bytes->length; i++)
        there += ((unsigned char)bytes_front(bytes)[i] & 0xC0U) != 0x80; /* not a later byte */
    for (; there < letters; there++)
        bytes_append(bytes, " ", 1);
}

char *bytes_front(const struct bytes *bytes)
{
    return bytes->block != NULL ? bytes->block + bytes->first : NULL;
}

void bytes_consume(struct bytes *bytes, size_t count)
{
    assert(count <= bytes->length);
    bytes->length -= count;
    bytes->first += count;
    if (bytes->length > 0)
        return;
    bytes->first = 0;
    if (bytes->capacity_bytes > KEPT_CAPACITY_BYTES)
        bytes_release(bytes);
}

bool bytes_contain(const struct bytes *bytes, const void *needle, size_t needle_bytes)
{
    return bytes->length > 0 &&
           memmem(bytes_front(bytes), bytes->length, needle, needle_bytes) != NULL;
}

char *bytes_take_text(struct bytes *bytes)
{
    bytes_append(bytes, "", 1);
    char *text = text_of("%s", bytes_front(bytes));
    bytes_release(bytes);
    return text;
}

void bytes_release(struct bytes *bytes)
{
    free(bytes->block);
    *bytes = (struct bytes){0};
}
