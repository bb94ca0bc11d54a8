/* Clients that speak to each other: each says its name, and then "SEND NAME TEXT" to the next one.
 *
 * "SEND-OK" is the reply. What the next one hears, "DELIVERY NAME TEXT", comes to it unasked, at
 * any place between its own replies. The text is SPEAKER-LISTENER-NUMBER-abc…, three hexadecimal
 * numbers of eight digits and letters that depend on them, --size bytes in all; so a listener knows
 * whether it is meant, and whether it has heard this before or has missed something.
 *
 * The clients of a thread stand in a circle (loadgen/worker/hearing.h); their numbers are `threads`
 * apart. Names begin with a number that no other load on this machine has, as a server may learn a
 * moment later that the clients of the load before have left.
 */
#include "loadgen/protocols/dialogue.h"

#include "base/least.h"
#include "loadgen/plan/plan.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The numbers that a text carries need so much of --size; and a line has an end. */
#define CHAT_SIZE_LEAST 27
#define CHAT_SIZE_MOST  65000

#define NAME_FORMAT    "%08x-%08x"
#define NUMBERS_FORMAT "%08x-%08x-%08x-"
#define BEFORE_TEXT    strlen("SEND 01234567-01234567 ")
#define BEFORE_HEARD   strlen("DELIVERY 01234567-01234567 ")

_Static_assert(CHAT_SIZE_LEAST == sizeof "01234567-01234567-01234567-" - 1,
               "has room for the numbers");

/* Its clients stay where they are, or those who speak to them are told that they have left. */
static const char *check(const struct load_plan *plan)
{
    if (plan->requests_per_connection > 0 || plan->slow_readers > 0)
        return "its clients stay and listen to each other; leave out --requests-per-connection and "
               "--slow-readers";
    return plan->size_bytes < CHAT_SIZE_LEAST || plan->size_bytes > CHAT_SIZE_MOST
               ? "a message has 27 to 65000 bytes; change --size"
               : NULL;
}

static void prepare(struct dialogue *dialogue, const struct load_plan *plan)
{
    static atomic_uint loads;
    dialogue->payload.size_bytes = plan->size_bytes;
    dialogue->request_bytes = BEFORE_TEXT + plan->size_bytes + 1;
    dialogue->greeting_bytes = strlen("HELLO-FROM 01234567-01234567\n");
    dialogue->load = (uint32_t)getpid() << 8 | (atomic_fetch_add(&loads, 1) & 0xff);
    dialogue->clients = plan->clients;
    dialogue->threads = plan->threads;
}

/* Whom a client speaks to. */
static uint32_t listener_of(const struct dialogue *dialogue, uint32_t client)
{
    uint32_t next = client + dialogue->threads;
    return next < dialogue->clients ? next : client % dialogue->threads;
}

/*** Saying ***/

static size_t write_greeting(const struct dialogue *dialogue, uint32_t client, size_t offset,
                             char *out, size_t room)
{
    char greeting[64];
    snprintf(greeting, sizeof greeting, "HELLO-FROM " NAME_FORMAT "\n", dialogue->load, client);
    size_t count = least(dialogue->greeting_bytes - offset, room);
    memcpy(out, greeting + offset, count);
    return count;
}

static size_t write_request(const struct dialogue *dialogue, struct request request, size_t offset,
                            char *out, size_t room)
{
    char before[96];
    uint32_t listener = listener_of(dialogue, request.client);
    size_t before_bytes = BEFORE_TEXT + CHAT_SIZE_LEAST;
    snprintf(before, sizeof before, "SEND " NAME_FORMAT " " NUMBERS_FORMAT, dialogue->load,
             listener, request.client, listener, request.sequence);
    size_t count = least(dialogue->request_bytes - offset, room);
    for (size_t i = 0; i < count; i++) {
        size_t place = offset + i;
        if (place < before_bytes)
            out[i] = before[place];
        else if (place + 1 < dialogue->request_bytes)
            out[i] = dialogue_letter(request, place - BEFORE_TEXT);
        else
            out[i] = '\n';
    }
    return count;
}

/*** Hearing ***/

/* Is it, byte for byte, what this load says in this place? Then who says it, and who is meant. */
static bool is_genuine(const struct dialogue *dialogue, const char *line, size_t length,
                       struct request *said, uint32_t *listener)
{
    char numbers[CHAT_SIZE_LEAST + 1] = "";
    char expected[96];
    size_t before_bytes = BEFORE_HEARD + CHAT_SIZE_LEAST;
    if (length != BEFORE_HEARD + dialogue->payload.size_bytes)
        return false;
    snprintf(numbers, sizeof numbers, "%.*s", CHAT_SIZE_LEAST, line + BEFORE_HEARD);
    if (sscanf(numbers, NUMBERS_FORMAT, &said->client, listener, &said->sequence) != 3)
        return false;
    snprintf(expected, sizeof expected, "DELIVERY " NAME_FORMAT " " NUMBERS_FORMAT, dialogue->load,
             said->client, said->client, *listener, said->sequence);
    bool is_same = memcmp(line, expected, before_bytes) == 0 && said->client < dialogue->clients &&
                   *listener == listener_of(dialogue, said->client);
    for (size_t place = CHAT_SIZE_LEAST; is_same && place < dialogue->payload.size_bytes; place++)
        is_same = line[BEFORE_HEARD + place] == dialogue_letter(*said, place);
    return is_same;
}

/* A message that is not the next one from the right speaker is a fault of the server, but none of
 * what this client has asked for. */
static void hear(const struct dialogue *dialogue, struct request request, struct reply *reply,
                 const char *line, size_t length)
{
    struct request said = {0};
    uint32_t listener = 0;
    reply->progress = REPLY_IS_HEARD;
    if (!is_genuine(dialogue, line, length, &said, &listener)) {
        reply->cause = CAUSE_WRONG_BYTES;
        return;
    }
    int32_t further = (int32_t)(said.sequence - request.heard);
    if (listener != request.client)
        reply->cause = CAUSE_OTHER_CLIENT;
    else if (further <= 0)
        reply->cause = CAUSE_REPEATED;
    else
        reply->heard = (uint32_t)further;
}

static bool is(const char *line, size_t length, const char *expected)
{
    return length == strlen(expected) && memcmp(line, expected, length) == 0;
}

static size_t take(const struct dialogue *dialogue, struct request request, struct reply *reply,
                   const char *data, size_t count)
{
    const char *line = NULL;
    size_t length = 0;
    size_t taken = dialogue_take_line(reply, data, count, &line, &length);
    if (line == NULL)
        return taken;
    length -= length > 0 && line[length - 1] == '\r';
    char expected[64] = "SEND-OK";
    if (request.is_greeting)
        snprintf(expected, sizeof expected, "HELLO " NAME_FORMAT, dialogue->load, request.client);
    if (length > strlen("DELIVERY ") && memcmp(line, "DELIVERY ", strlen("DELIVERY ")) == 0)
        hear(dialogue, request, reply, line, length);
    else if (is(line, length, expected))
        reply->progress = REPLY_IS_WHOLE;
    else {
        reply_is_wrong(reply, CAUSE_UNEXPECTED);
        reply->said = line;
        reply->said_bytes = length;
    }
    return taken;
}

const struct load_protocol load_protocol_chat = {
    .name = "chat",
    .summary = "each client speaks to the next one, and hears the one before it",
    .hears = true,
    .check = check,
    .prepare = prepare,
    .greet = write_greeting,
    .write = write_request,
    .take = take,
};
