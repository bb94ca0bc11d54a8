/* A line goes out, a line comes back: the expected one, one that begins as expected, or any. */
#include "loadgen/protocols/dialogue.h"

#include "loadgen/plan/plan.h"

#include <string.h>

#define LINE_BYTES_MAX 65536

static void prepare(struct dialogue *dialogue, const struct load_plan *plan)
{
    bytes_print(&dialogue->request, "%s\n", plan->send);
    dialogue->request_bytes = dialogue->request.length;
    dialogue->expected = plan->expect;
    dialogue->expected_bytes = plan->expect != NULL ? strlen(plan->expect) : 0;
    dialogue->expects_prefix = plan->expects_prefix;
    bool has_return = dialogue->expected_bytes > 0 && !plan->expects_prefix &&
                      plan->expect[dialogue->expected_bytes - 1] == '\r';
    dialogue->expected_bytes -= has_return; /* it is cut off received lines, too */
}

static bool is_as_expected(const struct dialogue *dialogue, const char *line, size_t count)
{
    if (count > 0 && line[count - 1] == '\r')
        count--;
    if (dialogue->expected == NULL)
        return true;
    bool has_length = dialogue->expects_prefix ? count >= dialogue->expected_bytes
                                               : count == dialogue->expected_bytes;
    return has_length && memcmp(line, dialogue->expected, dialogue->expected_bytes) == 0;
}

static size_t take(const struct dialogue *dialogue, struct request request, struct reply *reply,
                   const char *data, size_t count)
{
    (void)request;
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
    if (!is_too_long && is_as_expected(dialogue, is_kept ? bytes_front(&reply->kept) : data,
                                       is_kept ? reply->kept.length : length))
        reply->progress = REPLY_IS_WHOLE;
    else
        reply_is_wrong(reply, CAUSE_UNEXPECTED);
    return length + 1;
}

const struct load_protocol load_protocol_exchange = {
    .name = "exchange",
    .summary = "--send a line, --expect a line",
    .prepare = prepare,
    .write = dialogue_write_same,
    .take = take,
};
