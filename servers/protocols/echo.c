/* Sends back what came. */
#include "servers/protocols/protocol.h"

static enum next echo_received(struct conversation *conversation, const char *data, size_t count)
{
    bytes_append(&conversation->reply, data, count);
    return NEXT_RECEIVE;
}

const struct protocol protocol_echo = {
    .name = "echo",
    .summary = "sends back what it receives",
    .received = echo_received,
};
