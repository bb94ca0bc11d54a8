/* A message goes out, one comes back: the expected one, one that begins as expected, or any. Both
 * are lines, or frames. */
#include "loadgen/protocols/dialogue.h"

#include "base/least.h"
#include "loadgen/plan/plan.h"

#include <string.h>

#define LINE_BYTES_MAX 65536

static void prepare(struct dialogue *dialogue, const struct load_plan *plan)
{
    dialogue_set_frame(dialogue, plan, strlen(plan->send));
    bytes_append(&dialogue->request, dialogue->frame, dialogue->frame_bytes);
    bytes_print(&dialogue->request, "%s%s", plan->send, dialogue->frame_bytes > 0 ? "" : "\n");
    dialogue->request_bytes = dialogue->request.length;
    dialogue->expected = plan->expect;
    dialogue->expected_bytes = plan->expect != NULL ? strlen(plan->expect) : 0;
    dialogue->expects_prefix = plan->expects_prefix;
    bool has_return = dialogue->expected_bytes > 0 && dialogue->frame_bytes == 0 &&
                      !plan->expects_prefix && plan->expect[dialogue->expected_bytes - 1] == '\r';
    dialogue->expected_bytes -= has_return; /* it is cut off received lines, too */
}

static bool is_as_expected(const struct dialogue *dialogue, const char *line, size_t count)
{
    if (count > 0 && line[count - 1] == '\r' && dialogue->frame_bytes == 0)
        count--;
    if (dialogue->expected == NULL)
        return true;
    bool has_length = dialogue->expects_prefix ? count >= dialogue->expected_bytes
                                               : count == dialogue->expected_bytes;
    return has_length && memcmp(line, dialogue->expected, dialogue->expected_bytes) == 0;
}

static void judge(const struct dialogue *dialogue, struct reply *reply, const char *text,
                  size_t count)
{
    reply->said = text;
    reply->said_bytes = count;
    if (is_as_expected(dialogue, text, count))
        reply->progress = REPLY_IS_WHOLE;
    else
        reply_is_wrong(reply, CAUSE_UNEXPECTED);
}

/* Once all of the number is there, takes no more than it says. */
static size_t take_frame(const struct dialogue *dialogue, struct reply *reply, const char *data,
                         size_t count)
{
    struct bytes *kept = &reply->kept;
    size_t before = dialogue->frame_bytes;
    size_t taken = kept->length < before ? least(before - kept->length, count) : 0;
    bytes_append(kept, data, taken);
    if (kept->length < before)
        return taken;
    size_t length = dialogue_frame_length(dialogue, bytes_front(kept));
    size_t more = least(before + length - kept->length, count - taken);
    bytes_append(kept, data + taken, more);
    if (length > LINE_BYTES_MAX)
        reply_is_wrong(reply, CAUSE_UNEXPECTED);
    else if (kept->length == before + length)
        judge(dialogue, reply, bytes_front(kept) + before, length);
    return taken + more;
}

static size_t take(const struct dialogue *dialogue, struct request request, struct reply *reply,
                   const char *data, size_t count)
{
    (void)request;
    if (dialogue->frame_bytes > 0)
        return take_frame(dialogue, reply, data, count);
    const char *end = memchr(data, '\n', count);
    size_t length = end != NULL ? (size_t)(end - data) : count;
    if (end == NULL || reply->kept.length > 0)
        bytes_append(&reply->kept, data, length);
    bool is_kept = reply->kept.length > 0;
    bool is_too_long = (is_kept ? reply->kept.length : length) > LINE_BYTES_MAX;
    if (is_too_long) /* whether its end has come or not */
        reply_is_wrong(reply, CAUSE_UNEXPECTED);
    if (end == NULL)
        return count;
    if (!is_too_long)
        judge(dialogue, reply, is_kept ? bytes_front(&reply->kept) : data,
              is_kept ? reply->kept.length : length);
    return length + 1;
}

const struct load_protocol load_protocol_exchange = {
    .name = "exchange",
    .summary = "--send a message, --expect a message",
    .prepare = prepare,
    .write = dialogue_write_same,
    .take = take,
};
