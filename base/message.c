#include "base/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void leave_as_it_is(struct bytes *out, const char *text, size_t count)
{
    bytes_append(out, text, count);
}

static message_cleaner *clean = leave_as_it_is;

void message_set_cleaner(message_cleaner *cleaner)
{
    clean = cleaner;
}

static void say(const char *format, va_list arguments)
{
    char *text = NULL;
    struct bytes message = {0};
    int length = vasprintf(&text, format, arguments);
    bytes_print(&message, "proctor: ");
    clean(&message, length > 0 ? text : "", length > 0 ? (size_t)length : 0);
    bytes_print(&message, "\n");
    fwrite(bytes_front(&message), 1, message.length, stderr);
    bytes_release(&message);
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
