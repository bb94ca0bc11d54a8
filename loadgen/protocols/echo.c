/* Each request is a payload of its own, and its reply is the same again. */
#include "loadgen/protocols/dialogue.h"

static size_t take(const struct dialogue *dialogue, struct request request, struct reply *reply,
                   const char *data, size_t count)
{
    size_t left_bytes = dialogue->request_bytes - reply->received_bytes;
    size_t taken = count < left_bytes ? count : left_bytes;
    int cause = payload_check(&dialogue->payload, request.client, request.sequence,
                              reply->received_bytes, data, taken);
    if (cause != 0)
        reply_is_wrong(reply, (enum failure_cause)cause);
    else if (taken == left_bytes)
        reply->progress = REPLY_IS_WHOLE;
    return taken;
}

const struct load_protocol load_protocol_echo = {
    .name = "echo",
    .summary = "every request comes back byte for byte",
    .prepare = dialogue_prepare_payload,
    .write = dialogue_write_payload,
    .take = take,
};
