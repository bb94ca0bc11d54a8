#include "base/memory.h"

#include "base/message.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static void *or_die(void *block)
{
    if (block == NULL)
        die(EXIT_PROCTOR_FAILED, "out of memory");
    return block;
}

void *allocate(size_t count, size_t size_bytes)
{
    return or_die(calloc(count > 0 ? count : 1, size_bytes > 0 ? size_bytes : 1));
}

void *reallocate(void *old, size_t count, size_t size_bytes)
{
    return or_die(reallocarray(old, count > 0 ? count : 1, size_bytes));
}

void *grow_by_one(void *old, size_t count, size_t size_bytes)
{
    bool is_full = (count & (count - 1)) == 0; /* 0, too */
    return is_full || old == NULL ? reallocate(old, count > 0 ? 2 * count : 1, size_bytes) : old;
}

char *text_of(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return or_die(length < 0 ? NULL : text);
}

void free_texts(char **texts)
{
    for (char **text = texts; text != NULL && *text != NULL; text++)
        free(*text);
    free(texts);
}
