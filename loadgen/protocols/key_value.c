/* Stores a value and asks for it again, in one request: "set KEY VALUE" and "get KEY", each a line.
 *
 * Each client has a key of its own, and each request another value of --size bytes, in which client
 * and request stand, so that a value of another client or an old one is named for what it is. All
 * requests are equally long: both are hexadecimal numbers of eight digits.
 */
#include "loadgen/protocols/dialogue.h"

#include "base/least.h"
#include "loadgen/plan/plan.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define DIGITS ((size_t)8)

/* "set c01234567 VALUE\nget c01234567\n" and "OK\nVALUE VALUE\n". */
#define BEFORE_VALUE (strlen("set c") + DIGITS + 1)
#define AFTER_VALUE  (strlen("\nget c") + DIGITS + 1)
#define BEFORE_REPLY strlen("OK\nVALUE ")

static void prepare(struct dialogue *dialogue, const struct load_plan *plan)
{
    dialogue->payload.size_bytes = plan->size_bytes;
    dialogue->request_bytes = BEFORE_VALUE + plan->size_bytes + AFTER_VALUE;
}

/* The value of a request: client-sequence-abc…, cut off after `size_bytes`. */
static char letter_of_value(const char *numbers, struct request request, size_t place)
{
    return place < 2 * (DIGITS + 1) ? numbers[place] : dialogue_letter(request, place);
}

static size_t write_request(const struct dialogue *dialogue, struct request request, size_t offset,
                            char *out, size_t room)
{
    char before[64], after[64], numbers[64];
    size_t size_bytes = dialogue->payload.size_bytes;
    int before_bytes = snprintf(before, sizeof before, "set c%08x ", request.client);
    int after_bytes = snprintf(after, sizeof after, "\nget c%08x\n", request.client);
    snprintf(numbers, sizeof numbers, "%08x-%08x-", request.client, request.sequence);
    assert((size_t)before_bytes == BEFORE_VALUE && (size_t)after_bytes == AFTER_VALUE);
    size_t count = least(dialogue->request_bytes - offset, room);
    for (size_t i = 0; i < count; i++) {
        size_t place = offset + i;
        if (place < BEFORE_VALUE)
            out[i] = before[place];
        else if (place < BEFORE_VALUE + size_bytes)
            out[i] = letter_of_value(numbers, request, place - BEFORE_VALUE);
        else
            out[i] = after[place - BEFORE_VALUE - size_bytes];
    }
    return count;
}

/* What a letter that is not the expected one says. */
static enum failure_cause cause_at(size_t place)
{
    if (place < BEFORE_REPLY)
        return CAUSE_UNEXPECTED; /* an error, or no such key */
    if (place < BEFORE_REPLY + DIGITS)
        return CAUSE_OTHER_CLIENT;
    return place < BEFORE_REPLY + 2 * DIGITS + 1 ? CAUSE_REPEATED : CAUSE_WRONG_BYTES;
}

static size_t take(const struct dialogue *dialogue, struct request request, struct reply *reply,
                   const char *data, size_t count)
{
    static const char before[] = "OK\nVALUE ";
    char numbers[64];
    size_t size_bytes = dialogue->payload.size_bytes;
    snprintf(numbers, sizeof numbers, "%08x-%08x-", request.client, request.sequence);
    for (size_t i = 0; i < count; i++) {
        size_t place = reply->received_bytes + i;
        bool is_end = place == BEFORE_REPLY + size_bytes;
        char due = '\n';
        if (place < BEFORE_REPLY)
            due = before[place];
        else if (!is_end)
            due = letter_of_value(numbers, request, place - BEFORE_REPLY);
        if (data[i] != due) {
            reply_is_wrong(reply, is_end ? CAUSE_WRONG_BYTES : cause_at(place));
            return i + 1;
        }
        if (is_end) {
            reply->progress = REPLY_IS_WHOLE;
            return i + 1;
        }
    }
    return count;
}

const struct load_protocol load_protocol_key_value = {
    .name = "key-value",
    .summary = "stores a value of --size bytes and gets it back, both in one request",
    .prepare = prepare,
    .write = write_request,
    .take = take,
};
