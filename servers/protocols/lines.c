#include "servers/protocols/lines.h"

#include <errno.h>
#include <string.h>

/* The message at the front. How many bytes it takes with its ending; 0 if there is none, or none
 * that is whole; -EMSGSIZE if it is too long. */
static int find(struct lines *lines, const struct conversation *conversation,
                struct message *message)
{
    const char *text = bytes_front(&lines->unread);
    size_t available = lines->unread.length;
    const char *newline = available > 0 ? memchr(text, '\n', available) : NULL;
    lines->has_newlines |= newline != NULL;
    size_t length = newline != NULL ? (size_t)(newline - text) : available;
    if (length > LINE_BYTES_MAX)
        return -EMSGSIZE;
    bool may_go_on = lines->has_newlines || conversation->goes_on;
    if (newline == NULL && may_go_on && !conversation->at_end)
        return 0;
    bool has_return = newline != NULL && length > 0 && text[length - 1] == '\r';
    *message = (struct message){
        .text = text,
        .length = length - has_return,
        .ending = newline == NULL ? "" : (has_return ? "\r\n" : "\n"),
    };
    return (int)length + (newline != NULL);
}

enum next lines_received(struct conversation *conversation, const char *data, size_t count,
                         message_function *answer, const char *too_long)
{
    struct lines *lines = conversation->state;
    struct message message;
    int taken = 0;
    bytes_append(&lines->unread, data, count);
    while ((taken = find(lines, conversation, &message)) > 0) {
        enum next next = answer(conversation, &message);
        bytes_consume(&lines->unread, (size_t)taken);
        if (next != NEXT_RECEIVE)
            return next;
    }
    if (taken == 0)
        return NEXT_RECEIVE;
    bytes_print(&conversation->reply, "%s", too_long);
    return NEXT_SEE_OFF;
}

void lines_end(struct conversation *conversation)
{
    struct lines *lines = conversation->state;
    bytes_release(&lines->unread);
}
