/* Theory of operation: a client's requests are begun, sent and answered in order. Beginning one
 * moves a counter and notes the time; its bytes are written when the engine asks for them, so that
 * several go out in one call. What has come is handed to the protocol piece by piece; a whole reply
 * ends the first request that is not answered.
 *
 * In a closed loop the end of one request is the beginning of the next, at the same reading of the
 * clock. A client that has had its share of requests on this connection hangs up and connects anew.
 */
#include "loadgen/worker/client.h"

#include "base/clock.h"
#include "base/socket.h"
#include "loadgen/worker/acknowledgement.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

/*** Losing ***/

static enum failure_phase phase_of(const struct client *client, uint32_t request)
{
    if (request == client->answered + 1 && client->reply.received_bytes > 0)
        return PHASE_PARTIAL;
    return request - client->answered <= client->sent - client->answered ? PHASE_WAIT : PHASE_SEND;
}

/* A wrong reply is one request's failure; the end of a connection is that of all of them. */
static void fail_outstanding(struct run *run, struct client *client, int cause)
{
    struct failures *failures = &run->result.totals.failures;
    uint32_t first = client->answered + 1;
    for (uint32_t request = first; request != client->begun + 1; request++) {
        bool is_own = request == first || !failure_is_of_reply(cause);
        failures_count(failures, phase_of(client, request), is_own ? cause : CAUSE_GIVEN_UP, 1);
    }
    run->outstanding -= client_outstanding(client);
    client->answered = client->sent = client->begun;
    client->sent_bytes = 0;
}

static enum client_next hang_up(struct client *client)
{
    reply_reset(&client->reply);
    client->state = CLIENT_CLOSING;
    return NEXT_HANG_UP;
}

/* Takes a client, whose last requests count as failed for this cause, out of the load. */
static enum client_next lose(struct run *run, struct client *client, int cause)
{
    if (client_outstanding(client) > 0)
        fail_outstanding(run, client, cause);
    else
        failures_count(&run->result.totals.failures, PHASE_IDLE, cause, 1);
    run->alive -= !client->is_silent;
    client->is_lost = true;
    return hang_up(client);
}

/* Hangs up in order; the client will connect anew. What was asked for beyond what the server was
 * willing to say is asked again, or has failed. */
static enum client_next part(struct run *run, struct client *client)
{
    if (run->dialogue->protocol->is_resumable) {
        run->result.totals.sent_again += client_outstanding(client);
        client->sent = client->answered;
        client->sent_bytes = 0;
    } else if (client_outstanding(client) > 0) {
        fail_outstanding(run, client, CAUSE_CLOSED);
    }
    return hang_up(client);
}

/* A connection on which nothing was ever asked may be closed, too, but not at once: a server that
 * does that would be connected to without end. */
#define KEPT_LEAST_NS NS_PER_S

/* Has the server only closed a connection that it has served, before it could know of the requests
 * that are under way? (RFC 9112, 9.3.1 and 9.5) */
static bool is_closed_between_requests(const struct run *run, const struct client *client,
                                       int cause)
{
    bool is_close = cause == CAUSE_CLOSED || cause == ECONNRESET || cause == EPIPE;
    bool was_kept = client->is_served_here || client->is_answered_here ||
                    (client_outstanding(client) == 0 &&
                     run->now_ns - client->connecting_since_ns >= KEPT_LEAST_NS);
    return is_close && was_kept && client->reply.received_bytes == 0 && !client->is_silent &&
           run->dialogue->protocol->is_resumable;
}

enum client_next client_closed(struct client *client)
{
    client->state = client->is_lost ? CLIENT_GONE : CLIENT_APART;
    return client->is_lost ? NEXT_NOTHING : NEXT_CONNECT;
}

enum client_next client_broken(struct run *run, struct client *client, int cause)
{
    bool is_end_of_reply = cause == CAUSE_CLOSED && client->reply.lasts_until_end;
    if (!is_end_of_reply && is_closed_between_requests(run, client, cause)) {
        run->result.totals.closed_idle += client_outstanding(client) == 0;
        return part(run, client);
    }
    if (!is_end_of_reply || client->sent == client->answered)
        return lose(run, client, is_end_of_reply ? CAUSE_UNASKED : cause);
    client->reply.progress = REPLY_IS_WHOLE;
    return client_received(run, client, NULL, 0);
}

/*** Connecting ***/

static enum client_next fail_to_connect(struct run *run, struct client *client, int cause)
{
    failures_count(&run->result.totals.failures, PHASE_CONNECT, cause, 1);
    if (client_outstanding(client) > 0) /* that were to be sent again */
        fail_outstanding(run, client, cause);
    run->alive -= !client->is_silent;
    client->is_lost = true;
    if (client->state == CLIENT_CONNECTING)
        return hang_up(client);
    client->state = CLIENT_GONE; /* it never had a socket */
    return NEXT_NOTHING;
}

enum client_next client_connected(struct run *run, struct client *client, int error)
{
    struct load_totals *totals = &run->result.totals;
    if (error != 0)
        return fail_to_connect(run, client, error);
    client->state = CLIENT_OPEN;
    if (client->is_silent) {
        totals->silent_connected++;
        return NEXT_NOTHING;
    }
    socket_send_at_once(client->fd);
    client->acknowledged_bytes = 0;
    totals->clients_connected += client->connections++ == 0;
    totals->connections++;
    client->answered_before = client->answered;
    client->is_served_here = client->is_answered_here = false;
    client->connect_ns = clock_now_ns() - client->connecting_since_ns;
    histogram_record(&run->result.connect, client->connect_ns);
    int refused = run->dialogue->protocol->is_acknowledged ? acknowledgement_ask(client->fd) : 0;
    if (refused < 0)
        return lose(run, client, -refused);
    return run->is_measuring ? client_go_on(run, client) : NEXT_NOTHING;
}

/*** Sending ***/

static bool is_in_window(const struct run *run, int64_t time_ns)
{
    return time_ns >= run->window_begin_ns && time_ns < run->window_end_ns;
}

static struct flight *flight_of(const struct client *client, uint32_t request)
{
    return &client->flights[request & client->flight_mask];
}

bool client_may_begin(const struct run *run, const struct client *client)
{
    const struct load_plan *plan = run->plan;
    uint32_t begun_here = client->begun - client->answered_before;
    return client->state == CLIENT_OPEN && !client->is_silent &&
           client_outstanding(client) < plan->depth &&
           (plan->requests_per_connection == 0 || begun_here < plan->requests_per_connection);
}

void client_begin_request(struct run *run, struct client *client, int64_t due_ns)
{
    struct load_result *result = &run->result;
    result->totals.clients_used += !client->is_used;
    client->is_used = true;
    client->begun++;
    *flight_of(client, client->begun) = (struct flight){.due_ns = due_ns, .sent_ns = run->now_ns};
    run->outstanding++;
    result->totals.sent++;
    if (is_in_window(run, due_ns)) {
        result->window_sent++;
        histogram_record(&result->slip, run->now_ns - due_ns);
    }
}

size_t client_outgoing(const struct run *run, const struct client *client, char *out, size_t room)
{
    const struct dialogue *dialogue = run->dialogue;
    struct request request = {.client = client->number, .sequence = client->sent + 1};
    size_t offset = client->sent_bytes;
    size_t count = 0;
    for (; request.sequence != client->begun + 1 && count < room; request.sequence++) {
        count += dialogue->protocol->write(dialogue, request, offset, out + count, room - count);
        offset = 0;
    }
    return count;
}

void client_sent(const struct run *run, struct client *client, size_t count)
{
    size_t request_bytes = run->dialogue->request_bytes;
    client->sent_bytes += count;
    for (; client->sent_bytes >= request_bytes; client->sent_bytes -= request_bytes)
        client->sent++;
    assert(client_outstanding(client) >= client->begun - client->sent);
}

/*** Replies ***/

/* A request that was due before its client had connected does not wait for that twice. */
static void count_served(struct load_result *result, struct client *client, int64_t due_ns,
                         int64_t now_ns)
{
    int64_t connected_ns = client->connecting_since_ns + client->connect_ns;
    int64_t since_ns = due_ns > connected_ns ? due_ns : connected_ns;
    result->totals.clients_served += !client->is_served;
    client->is_served = true;
    if (client->is_served_here)
        return;
    client->is_served_here = true;
    result->totals.connections_served++;
    histogram_record(&result->first_service, client->connect_ns + now_ns - since_ns);
}

/* A status above these is none that HTTP knows, and stands for the last class (RFC 9110, 15). */
static unsigned status_class_of(const struct reply *reply)
{
    return reply->status < 600 ? reply->status / 100 : 5;
}

/* A whole reply that says that what was asked for cannot be had. */
static void note_refusal(struct load_totals *totals, const struct reply *reply)
{
    char line[32];
    int length = snprintf(line, sizeof line, "HTTP status %u", reply->status);
    bool is_servers = status_class_of(reply) == 5;
    failures_count(&totals->failures, PHASE_REPLY, is_servers ? CAUSE_STATUS_5XX : CAUSE_STATUS_4XX,
                   1);
    replies_note(&totals->unexpected, line, (size_t)length);
}

static void finish_request(struct run *run, struct client *client)
{
    struct load_result *result = &run->result;
    int64_t now_ns = run->now_ns;
    const struct flight *flight = flight_of(client, client->answered + 1);
    int64_t latency_ns = now_ns - flight->due_ns;
    unsigned status_class = status_class_of(&client->reply);
    result->totals.by_status_class[status_class]++;
    client->answered++;
    run->outstanding--;
    run->last_answer_ns = now_ns;
    if (status_class >= 4) {
        client->is_answered_here = true;
        note_refusal(&result->totals, &client->reply);
        return;
    }
    count_served(result, client, flight->due_ns, now_ns);
    result->totals.answered++;
    result->answered++;
    if (run->pages.are_watched)
        histogram_record(&pages_current(&run->pages)->latency, latency_ns);
    if (is_in_window(run, flight->due_ns)) {
        result->window_answered++;
        histogram_record(&result->latency, latency_ns);
        histogram_record(&result->service, now_ns - flight->sent_ns);
    }
}

size_t client_take(const struct run *run, struct client *client, const char *data, size_t count)
{
    const struct dialogue *dialogue = run->dialogue;
    struct reply *reply = &client->reply;
    /* The beginning of a reply may come before the end of its request is sent. */
    bool is_asked = client->sent != client->answered || client->sent_bytes > 0;
    if (!is_asked || dialogue->protocol->take == NULL) {
        reply_is_wrong(reply, CAUSE_UNASKED);
        return count;
    }
    struct request request = {.client = client->number, .sequence = client->answered + 1};
    size_t taken = dialogue->protocol->take(dialogue, request, reply, data, count);
    if (reply->progress == REPLY_IS_WRONG)
        return taken;
    reply->received_bytes += taken;
    if (reply->progress == REPLY_IS_WHOLE && client->sent == client->answered)
        reply_is_wrong(reply, CAUSE_UNASKED);
    return taken;
}

/* What has come, as far as it is known: the piece in which the fault was found. */
static void note_unexpected(struct run *run, const struct reply *reply, const char *piece,
                            size_t count)
{
    struct replies *unexpected = &run->result.totals.unexpected;
    if (reply->said != NULL)
        replies_note(unexpected, reply->said, reply->said_bytes);
    else
        replies_note(unexpected, piece, count);
}

/* Where any reply will do, it is shown: it may be a refusal. */
static void note_first(struct run *run, const struct reply *reply)
{
    struct replies *first = &run->result.totals.first;
    if (first->kinds == 0 && reply->said != NULL && run->dialogue->expected == NULL)
        replies_note(first, reply->said, reply->said_bytes);
}

enum client_next client_go_on(struct run *run, struct client *client)
{
    bool has_lost_some = client_has_unsent(client) && client->sent == client->answered_before;
    if (run_is_scheduled(run))
        return has_lost_some ? NEXT_SEND : NEXT_OFFER;
    while (run->now_ns < run->window_end_ns && client_may_begin(run, client))
        client_begin_request(run, client, run->now_ns);
    return client_has_unsent(client) ? NEXT_SEND : NEXT_NOTHING;
}

static enum client_next go_on_or_part(struct run *run, struct client *client, bool is_last)
{
    uint32_t share = run->plan->requests_per_connection;
    bool has_had_its_share = share > 0 && client->answered - client->answered_before == share;
    return is_last || has_had_its_share ? part(run, client) : client_go_on(run, client);
}

enum client_next client_received(struct run *run, struct client *client, const char *data,
                                 size_t count)
{
    bool is_last = false;
    while (!is_last && (client->reply.progress == REPLY_IS_WHOLE || count > 0)) {
        if (client->reply.progress == REPLY_IS_WHOLE) {
            is_last = client->reply.is_last;
            finish_request(run, client);
            reply_reset(&client->reply);
            continue;
        }
        size_t taken = client_take(run, client, data, count);
        data += taken;
        count -= taken;
        if (client->reply.progress == REPLY_IS_WRONG) {
            note_unexpected(run, &client->reply, data - taken, taken);
            return lose(run, client, (int)client->reply.cause);
        }
        note_first(run, &client->reply);
    }
    return go_on_or_part(run, client, is_last);
}

enum client_next client_acknowledged(struct run *run, struct client *client, uint32_t bytes)
{
    /* Counters of bytes wrap around; the distance of the two does not. */
    int64_t request_bytes = (int64_t)run->dialogue->request_bytes;
    uint32_t requests_here = client->sent - client->answered_before;
    client->acknowledged_bytes = bytes;
    int32_t unacknowledged = (int32_t)(requests_here * (uint32_t)request_bytes - bytes);
    int64_t left = unacknowledged > 0 ? (unacknowledged + request_bytes - 1) / request_bytes : 0;
    while (client->sent - client->answered > left)
        finish_request(run, client);
    return go_on_or_part(run, client, false);
}
