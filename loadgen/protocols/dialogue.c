#include "loadgen/protocols/dialogue.h"

#include "base/least.h"
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

/*** Frames ***/

/* In network order. */
void dialogue_set_frame(struct dialogue *dialogue, const struct load_plan *plan, size_t length)
{
    dialogue->frame_bytes = plan->frame_bytes;
    for (size_t i = 0; i < dialogue->frame_bytes; i++)
        dialogue->frame[i] = (char)(length >> (8 * (dialogue->frame_bytes - 1 - i)));
}

size_t dialogue_frame_length(const struct dialogue *dialogue, const char *text)
{
    size_t length = 0;
    for (size_t i = 0; i < dialogue->frame_bytes; i++)
        length = length << 8 | (unsigned char)text[i];
    return length;
}

/*** Requests ***/

void dialogue_prepare_payload(struct dialogue *dialogue, const struct load_plan *plan)
{
    payload_init(&dialogue->payload, plan->size_bytes, plan->seed);
    dialogue_set_frame(dialogue, plan, plan->size_bytes);
    dialogue->request_bytes = dialogue->frame_bytes + plan->size_bytes;
}

size_t dialogue_write_payload(const struct dialogue *dialogue, struct request request,
                              size_t offset, char *out, size_t room)
{
    size_t before = dialogue->frame_bytes;
    size_t in_frame = offset < before ? least(before - offset, room) : 0;
    if (in_frame > 0)
        memcpy(out, dialogue->frame + offset, in_frame);
    if (in_frame == room)
        return room;
    return in_frame + payload_write(&dialogue->payload, request.client, request.sequence,
                                    offset + in_frame - before, out + in_frame, room - in_frame);
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

char dialogue_letter(struct request request, size_t place)
{
    return (char)('a' + (place + request.client * (size_t)7 + request.sequence) % 26);
}

/*** Replies ***/

size_t dialogue_take_line(struct reply *reply, const char *data, size_t count, const char **line,
                          size_t *length)
{
    const char *end = memchr(data, '\n', count);
    size_t here = end != NULL ? (size_t)(end - data) : count;
    if (end == NULL || reply->kept.length > 0)
        bytes_append(&reply->kept, data, here);
    bool is_kept = reply->kept.length > 0;
    *length = is_kept ? reply->kept.length : here;
    if (*length > REPLY_LINE_BYTES_MAX) /* whether its end has come or not */
        reply_is_wrong(reply, CAUSE_UNEXPECTED);
    else if (end != NULL)
        *line = is_kept ? bytes_front(&reply->kept) : data;
    return end != NULL ? here + 1 : count;
}

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
