#include "results/measures/failures.h"

#include <string.h>

/* Where to count when there is no room for a new kind: with the last one of requests, or the last
 * one of anything else. */
static struct failure *last_of_kind(struct failures *failures, enum failure_phase phase)
{
    const struct failure wanted = {.phase = phase};
    size_t last = FAILURE_KINDS_MAX - 1;
    while (last > 0 && failure_is_of_request(&failures->by[last]) != failure_is_of_request(&wanted))
        last--;
    return &failures->by[last];
}

void failures_count(struct failures *failures, enum failure_phase phase, int cause, uint64_t count)
{
    struct failure *failure = failures->by;
    for (; failure < failures->by + failures->kinds; failure++)
        if (failure->phase == phase && failure->cause == cause)
            break;
    if (failure == failures->by + FAILURE_KINDS_MAX)
        failure = last_of_kind(failures, phase);
    else if (failure == failures->by + failures->kinds) {
        *failure = (struct failure){.phase = phase, .cause = cause};
        failures->kinds++;
    }
    failure->count += count;
}

void failures_merge(struct failures *into, const struct failures *from)
{
    for (size_t i = 0; i < from->kinds; i++)
        failures_count(into, from->by[i].phase, from->by[i].cause, from->by[i].count);
}

uint64_t failures_total(const struct failures *failures)
{
    uint64_t total = 0;
    for (size_t i = 0; i < failures->kinds; i++)
        total += failures->by[i].count;
    return total;
}

bool failure_is_of_request(const struct failure *failure)
{
    return failure->phase >= PHASE_SEND && failure->phase <= PHASE_REPLY;
}

bool failure_is_of_reply(int cause)
{
    return cause > CAUSE_CLOSED;
}

uint64_t failures_of_requests(const struct failures *failures)
{
    uint64_t total = 0;
    for (size_t i = 0; i < failures->kinds; i++)
        if (failure_is_of_request(&failures->by[i]))
            total += failures->by[i].count;
    return total;
}

const char *failure_phase_name(enum failure_phase phase)
{
    static const char *const names[] = {
        [PHASE_CONNECT] = "connect", [PHASE_IDLE] = "idle",       [PHASE_SEND] = "send",
        [PHASE_WAIT] = "wait",       [PHASE_PARTIAL] = "partial", [PHASE_REPLY] = "reply",
        [PHASE_SLOW] = "slow",
    };
    return names[phase];
}

static const struct {
    int cause;
    const char *name, *text;
} own_causes[] = {
    {CAUSE_CLOSED, "closed", "closed by the server"},
    {CAUSE_WRONG_BYTES, "wrong_bytes", "a reply with wrong bytes"},
    {CAUSE_OTHER_CLIENT, "other_client", "a reply that belongs to another client"},
    {CAUSE_REPEATED, "repeated", "a duplicate reply"},
    {CAUSE_UNASKED, "unasked", "more bytes than requested"},
    {CAUSE_UNEXPECTED, "unexpected", "a reply other than the expected one"},
    {CAUSE_NOT_HTTP, "not_http", "a reply that is not HTTP/1"},
    {CAUSE_STATUS_4XX, "status_4xx", "a reply with a status of 4xx"},
    {CAUSE_STATUS_5XX, "status_5xx", "a reply with a status of 5xx"},
    {CAUSE_GIVEN_UP, "given_up", "abandoned with its connection after a wrong reply"},
};

const char *failure_cause_text(int cause)
{
    for (size_t i = 0; i < sizeof own_causes / sizeof own_causes[0]; i++)
        if (own_causes[i].cause == cause)
            return own_causes[i].text;
    const char *text = strerrordesc_np(cause);
    return text != NULL ? text : "unknown error";
}

const char *failure_cause_name(int cause)
{
    for (size_t i = 0; i < sizeof own_causes / sizeof own_causes[0]; i++)
        if (own_causes[i].cause == cause)
            return own_causes[i].name;
    const char *name = strerrorname_np(cause);
    return name != NULL ? name : "unknown";
}
