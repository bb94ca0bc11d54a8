/* Sends back each message with a text before it, and ends it as the client did. */
#include "servers/protocols/lines.h"
#include "servers/protocols/protocol.h"

#include <string.h>

static enum next send_back(struct conversation *conversation, const struct message *line)
{
    struct bytes *reply = &conversation->reply;
    const char *prefix = conversation->options->prefix;
    size_t begin = reply_begin(conversation);
    bytes_append(reply, prefix, strlen(prefix));
    bytes_append(reply, line->text, line->length);
    bytes_append(reply, line->ending, strlen(line->ending));
    reply_end(conversation, begin);
    return NEXT_RECEIVE;
}

static enum next prefix_received(struct conversation *conversation, const char *data, size_t count)
{
    return lines_received(conversation, data, count, send_back, "line too long");
}

const struct protocol protocol_prefix = {
    .name = "prefix",
    .summary = "sends back each message with --prefix before it",
    .state_size = sizeof(struct lines),
    .received = prefix_received,
    .end = lines_end,
};
