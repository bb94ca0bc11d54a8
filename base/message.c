#include "base/message.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static message_cleaner *clean; /* NULL: texts stay as they are */

/* What the cleaner says itself, as that memory is gone, is not cleaned. */
static _Thread_local bool is_cleaning;

void message_set_cleaner(message_cleaner *cleaner)
{
    clean = cleaner;
}

/* Where memory is gone, only the format is said: it is ours. */
static void say(const char *format, va_list arguments)
{
    char *text = NULL;
    char *cleaned = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    if (text != NULL && clean != NULL && !is_cleaning) {
        is_cleaning = true;
        cleaned = clean(text);
        is_cleaning = false;
    }
    fprintf(stderr, "proctor: %s\n", cleaned != NULL ? cleaned : text != NULL ? text : format);
    free(cleaned);
    free(text);
}

void warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

void die(enum exit_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    exit((int)code);
}
