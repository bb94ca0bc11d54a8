/* Each request is a payload of its own, and its reply is the same again. */
#include "loadgen/protocols/dialogue.h"

#include "base/least.h"

#include <string.h>

static size_t take(const struct dialogue *dialogue, struct request request, struct reply *reply,
                   const char *data, size_t count)
{
    size_t left_bytes = dialogue->request_bytes - reply->received_bytes;
    size_t taken = least(count, left_bytes);
    size_t offset = reply->received_bytes;
    size_t before = dialogue->frame_bytes;
    size_t in_frame = offset < before ? least(before - offset, taken) : 0;
    int cause = 0;
    if (memcmp(data, dialogue->frame + offset, in_frame) != 0)
        cause = CAUSE_WRONG_BYTES;
    else if (in_frame < taken)
        cause = payload_check(&dialogue->payload, request.client, request.sequence,
                              offset + in_frame - before, data + in_frame, taken - in_frame);
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
