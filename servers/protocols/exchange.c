/* Answers each message with the same text, as it stands. */
#include "servers/protocols/lines.h"
#include "servers/protocols/protocol.h"

static const char *exchange_check(const struct protocol_options *options)
{
    return options->answer != NULL ? NULL : "needs --answer TEXT, which every message gets";
}

static enum next answer(struct conversation *conversation, const struct message *message)
{
    (void)message;
    reply_with(conversation, conversation->options->answer, "");
    return NEXT_RECEIVE;
}

static enum next exchange_received(struct conversation *conversation, const char *data,
                                   size_t count)
{
    return lines_received(conversation, data, count, answer, "too long");
}

const struct protocol protocol_exchange = {
    .name = "exchange",
    .summary = "answers each message with --answer",
    .state_size = sizeof(struct lines),
    .check = exchange_check,
    .received = exchange_received,
    .end = lines_end,
};
