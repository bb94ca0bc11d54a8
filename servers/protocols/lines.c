#include "servers/protocols/lines.h"

#include "base/least.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char *line_end_of(const struct conversation *conversation)
{
    const char *line_end = conversation->options->line_end;
    return line_end != NULL ? line_end : "\n";
}

/*** What a message is ***/

/* All three: the message at the front of `text`. How many bytes it takes with its ending; 0 if
 * there is none, or none that is whole; -EMSGSIZE if it is too long. */
static int find_frame(const struct conversation *conversation, const char *text, size_t available,
                      struct message *message)
{
    size_t before = conversation->options->frame_bytes;
    size_t length = 0;
    if (available < before)
        return 0;
    for (size_t i = 0; i < before; i++)
        length = length << 8 | (unsigned char)text[i];
    if (length > LINE_BYTES_MAX)
        return -EMSGSIZE;
    *message = (struct message){.text = text + before, .length = length, .ending = ""};
    return available - before < length ? 0 : (int)(before + length);
}

/* The message without the line feed, or with the carriage return, that end it. */
static void cut_off_end(struct message *message)
{
    const char *end = message->text + message->length;
    if (message->length == 0 || end[-1] != '\n')
        return;
    bool has_return = message->length > 1 && end[-2] == '\r';
    message->ending = has_return ? "\r\n" : "\n";
    message->length -= strlen(message->ending);
}

static int find_receive(const struct conversation *conversation, const char *text, size_t available,
                        struct message *message)
{
    if (available > LINE_BYTES_MAX)
        return -EMSGSIZE;
    if (conversation->goes_on && !conversation->at_end)
        return 0;
    *message = (struct message){.text = text, .length = available, .ending = ""};
    cut_off_end(message);
    return (int)available;
}

static int find_line(const struct conversation *conversation, const char *text, size_t available,
                     struct message *message)
{
    const char *line_end = line_end_of(conversation);
    const char *end = memmem(text, available, line_end, strlen(line_end));
    size_t length = end != NULL ? (size_t)(end - text) : available;
    if (length > LINE_BYTES_MAX)
        return -EMSGSIZE;
    if (end == NULL && !conversation->at_end)
        return 0;
    size_t whole = length + (end != NULL ? strlen(line_end) : 0);
    *message = (struct message){.text = text, .length = whole, .ending = ""};
    if (strcmp(line_end, "\n") == 0) {
        cut_off_end(message);
    } else if (end != NULL) {
        message->length = length;
        message->ending = line_end;
    }
    return (int)whole;
}

static int find(const struct conversation *conversation, const struct bytes *unread,
                struct message *message)
{
    const struct protocol_options *options = conversation->options;
    if (unread->length == 0)
        return 0;
    if (options->frame_bytes > 0)
        return find_frame(conversation, bytes_front(unread), unread->length, message);
    return (line_end_of(conversation)[0] == '\0' ? find_receive : find_line)(
        conversation, bytes_front(unread), unread->length, message);
}

enum next lines_received(struct conversation *conversation, const char *data, size_t count,
                         message_function *answer, const char *too_long)
{
    struct lines *lines = conversation->state;
    struct message message;
    int taken = 0;
    bytes_append(&lines->unread, data, count);
    while ((taken = find(conversation, &lines->unread, &message)) > 0) {
        enum next next = answer(conversation, &message);
        bytes_consume(&lines->unread, (size_t)taken);
        if (next != NEXT_RECEIVE)
            return next;
    }
    if (taken == 0)
        return NEXT_RECEIVE;
    reply_with(conversation, too_long, "\n");
    return NEXT_SEE_OFF;
}

void lines_end(struct conversation *conversation)
{
    struct lines *lines = conversation->state;
    bytes_release(&lines->unread);
}

/*** Replies ***/

size_t reply_begin(struct conversation *conversation)
{
    static const char number[sizeof(uint32_t)] = {0};
    size_t begin = conversation->reply.length;
    assert(conversation->options->frame_bytes <= sizeof number);
    bytes_append(&conversation->reply, number, conversation->options->frame_bytes);
    return begin;
}

void reply_end(struct conversation *conversation, size_t begin)
{
    struct bytes *reply = &conversation->reply;
    size_t before = conversation->options->frame_bytes;
    if (before == 0)
        return;
    size_t most = ((size_t)1 << (8 * before)) - 1;
    size_t length = least(reply->length - begin - before, most);
    reply->length = begin + before + length;
    for (size_t i = 0; i < before; i++)
        bytes_front(reply)[begin + i] = (char)(length >> (8 * (before - 1 - i)));
}

void reply_with(struct conversation *conversation, const char *text, const char *ending)
{
    size_t begin = reply_begin(conversation);
    bytes_append(&conversation->reply, text, strlen(text));
    if (conversation->options->frame_bytes == 0)
        bytes_append(&conversation->reply, ending, strlen(ending));
    reply_end(conversation, begin);
}
