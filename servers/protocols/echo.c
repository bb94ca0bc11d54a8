/* Sends back what came: as it comes, or frame by frame. */
#include "servers/protocols/lines.h"
#include "servers/protocols/protocol.h"

static enum next send_back(struct conversation *conversation, const struct message *message)
{
    size_t begin = reply_begin(conversation);
    bytes_append(&conversation->reply, message->text, message->length);
    reply_end(conversation, begin);
    return NEXT_RECEIVE;
}

static enum next echo_received(struct conversation *conversation, const char *data, size_t count)
{
    if (conversation->options->frame_bytes > 0)
        return lines_received(conversation, data, count, send_back, "frame too long");
    bytes_append(&conversation->reply, data, count);
    return NEXT_RECEIVE;
}

const struct protocol protocol_echo = {
    .name = "echo",
    .summary = "sends back what it receives",
    .state_size = sizeof(struct lines),
    .received = echo_received,
    .end = lines_end,
};
