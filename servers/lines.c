#include "servers/lines.h"

#include <string.h>

void lines_append(struct lines *lines, const char *data, size_t count)
{
    bytes_append(&lines->unread, data, count);
}

static enum line_found find(struct lines *lines, bool at_end, struct message *message)
{
    const char *text = bytes_front(&lines->unread);
    size_t available = lines->unread.length;
    const char *newline = available > 0 ? memchr(text, '\n', available) : NULL;
    lines->has_newlines |= newline != NULL;
    size_t length = newline != NULL ? (size_t)(newline - text) : available;
    if (length > LINE_BYTES_MAX)
        return LINE_TOO_LONG;
    if (newline == NULL && (length == 0 || (lines->has_newlines && !at_end)))
        return LINE_NONE;
    lines->taken_bytes = length + (newline != NULL);
    bool has_return = newline != NULL && length > 0 && text[length - 1] == '\r';
    *message = (struct message){
        .text = text,
        .length = length - has_return,
        .ending = newline == NULL ? "" : (has_return ? "\r\n" : "\n"),
    };
    return LINE_FOUND;
}

enum line_found lines_next(struct lines *lines, bool at_end, struct message *message)
{
    bytes_consume(&lines->unread, lines->taken_bytes);
    lines->taken_bytes = 0;
    return find(lines, at_end, message);
}

void lines_release(struct lines *lines)
{
    bytes_release(&lines->unread);
}
