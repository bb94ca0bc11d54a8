/* Sends back each line with a text before it, and ends it as the client did. */
#include "servers/protocols/lines.h"
#include "servers/protocols/protocol.h"

#include <string.h>

static enum next prefix_received(struct conversation *conversation, const char *data, size_t count)
{
    struct lines *lines = conversation->state;
    struct bytes *reply = &conversation->reply;
    const char *prefix = conversation->options->prefix;
    struct message line;
    enum line_found found = LINE_NONE;
    lines_append(lines, data, count);
    while ((found = lines_next(lines, conversation_rest(conversation), &line)) == LINE_FOUND) {
        bytes_append(reply, prefix, strlen(prefix));
        bytes_append(reply, line.text, line.length);
        bytes_append(reply, line.ending, strlen(line.ending));
    }
    if (found == LINE_NONE)
        return NEXT_RECEIVE;
    bytes_print(reply, "line too long\n");
    return NEXT_CLOSE;
}

const struct protocol protocol_prefix = {
    .name = "prefix",
    .summary = "sends back each line with --prefix before it",
    .state_size = sizeof(struct lines),
    .received = prefix_received,
    .end = lines_end,
};
