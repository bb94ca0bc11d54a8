#include "loadgen/protocols/dialogue.h"

#include "loadgen/plan/plan.h"

#include <string.h>

void dialogue_init(struct dialogue *dialogue, const struct load_plan *plan)
{
    *dialogue = (struct dialogue){.protocol = plan->protocol};
    dialogue->protocol->prepare(dialogue, plan);
}

void dialogue_release(struct dialogue *dialogue)
{
    payload_release(&dialogue->payload);
    bytes_release(&dialogue->request);
}

/*** Requests ***/

void dialogue_prepare_payload(struct dialogue *dialogue, const struct load_plan *plan)
{
    payload_init(&dialogue->payload, plan->size_bytes, plan->seed);
    dialogue->request_bytes = plan->size_bytes;
}

size_t dialogue_write_payload(const struct dialogue *dialogue, struct request request,
                              size_t offset, char *out, size_t room)
{
    return payload_write(&dialogue->payload, request.client, request.sequence, offset, out, room);
}

size_t dialogue_write_same(const struct dialogue *dialogue, struct request request, size_t offset,
                           char *out, size_t room)
{
    (void)request;
    size_t left_bytes = dialogue->request_bytes - offset;
    size_t count = left_bytes < room ? left_bytes : room;
    memcpy(out, bytes_front(&dialogue->request) + offset, count);
    return count;
}

/*** Replies ***/

void reply_is_wrong(struct reply *reply, enum failure_cause cause)
{
    reply->progress = REPLY_IS_WRONG;
    reply->cause = cause;
}

void reply_reset(struct reply *reply)
{
    bytes_consume(&reply->kept, reply->kept.length);
    http_response_reset(&reply->http);
    *reply = (struct reply){.kept = reply->kept, .http = reply->http};
}

void reply_release(struct reply *reply)
{
    bytes_release(&reply->kept);
    http_response_release(&reply->http);
}
