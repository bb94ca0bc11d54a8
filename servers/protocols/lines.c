#include "servers/protocols/lines.h"

#include "servers/protocols/protocol.h"

#include <string.h>

void lines_append(struct lines *lines, const char *data, size_t count)
{
    bytes_append(&lines->unread, data, count);
}

static enum line_found find(struct lines *lines, enum line_rest rest, struct message *message)
{
    const char *text = bytes_front(&lines->unread);
    size_t available = lines->unread.length;
    const char *newline = available > 0 ? memchr(text, '\n', available) : NULL;
    lines->has_newlines |= newline != NULL;
    size_t length = newline != NULL ? (size_t)(newline - text) : available;
    if (length > LINE_BYTES_MAX)
        return LINE_TOO_LONG;
    bool is_message = newline != NULL || rest == REST_IS_MESSAGE ||
                      (rest == REST_IS_GUESSED && !lines->has_newlines);
    if (!is_message || available == 0)
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

enum line_found lines_next(struct lines *lines, enum line_rest rest, struct message *message)
{
    bytes_consume(&lines->unread, lines->taken_bytes);
    lines->taken_bytes = 0;
    return find(lines, rest, message);
}

enum line_rest conversation_rest(const struct conversation *conversation)
{
    if (conversation->at_end)
        return REST_IS_MESSAGE;
    return conversation->goes_on ? REST_WAITS : REST_IS_GUESSED;
}

void lines_release(struct lines *lines)
{
    bytes_release(&lines->unread);
}

void lines_end(struct conversation *conversation)
{
    lines_release(conversation->state);
}
