/* Each request is a payload of its own, and its reply is the same again. */
#include "loadgen/protocols/dialogue.h"

static enum failure_cause cause_of(enum payload_verdict verdict)
{
    static const enum failure_cause causes[] = {
        [PAYLOAD_WRONG_BYTES] = CAUSE_WRONG_BYTES,
        [PAYLOAD_OTHER_CLIENT] = CAUSE_OTHER_CLIENT,
        [PAYLOAD_REPEATED] = CAUSE_REPEATED,
    };
    return causes[verdict];
}

static size_t take(const struct dialogue *dialogue, struct request request, struct reply *reply,
                   const char *data, size_t count)
{
    size_t left_bytes = dialogue->request_bytes - reply->received_bytes;
    size_t taken = count < left_bytes ? count : left_bytes;
    enum payload_verdict verdict = payload_check(
        &dialogue->payload, request.client, request.sequence, reply->received_bytes, data, taken);
    if (verdict != PAYLOAD_RIGHT)
        reply_is_wrong(reply, cause_of(verdict));
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
