#include "tests/support/talk.h"

#include "base/memory.h"
#include "servers/protocols/protocols.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

void begin(struct talk *talk, const char *protocol, const struct protocol_options *options)
{
    *talk = (struct talk){.protocol = protocol_find(protocol)};
    cr_assert_not_null(talk->protocol);
    talk->conversation.options = options;
    talk->conversation.state = allocate(1, talk->protocol->state_size + 1);
}

void say_bytes(struct talk *talk, const char *data, size_t count)
{
    talk->next = talk->protocol->received(&talk->conversation, data, count);
}

void say(struct talk *talk, const char *text)
{
    say_bytes(talk, text, strlen(text));
}

void expect_reply(struct talk *talk, const char *expected)
{
    struct bytes *reply = &talk->conversation.reply;
    cr_expect_eq(reply->length, strlen(expected), "%zu bytes: %.*s", reply->length,
                 (int)reply->length, bytes_front(reply));
    if (reply->length == strlen(expected) && reply->length > 0)
        cr_expect_arr_eq(bytes_front(reply), expected, reply->length);
    bytes_consume(reply, reply->length);
}

void end(struct talk *talk)
{
    if (talk->protocol->end != NULL)
        talk->protocol->end(&talk->conversation);
    free(talk->conversation.state);
    bytes_release(&talk->conversation.reply);
    bytes_release(&talk->conversation.attachment.name);
}
