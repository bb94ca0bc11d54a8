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
#include "loadgen/worker/dispatch.h"
#include "loadgen/worker/worker.h"

#include <assert.h>

/*** Losing ***/

static enum failure_phase phase_of(const struct client *client, uint32_t request)
{
    if (request == client->answered + 1 && client->reply.received_bytes > 0)
        return PHASE_PARTIAL;
    return request - client->answered <= client->sent - client->answered ? PHASE_WAIT : PHASE_SEND;
}

/* A wrong reply is one request's failure; the end of a connection is that of all of them. */
static void fail_outstanding(struct worker *worker, struct client *client, int cause)
{
    struct failures *failures = &worker->result.totals.failures;
    uint32_t first = client->answered + 1;
    for (uint32_t request = first; request != client->begun + 1; request++) {
        bool is_own = request == first || !failure_is_of_reply(cause);
        failures_count(failures, phase_of(client, request), is_own ? cause : CAUSE_GIVEN_UP, 1);
    }
    worker->outstanding -= client_outstanding(client);
    client->answered = client->sent = client->begun;
    client->sent_bytes = 0;
}

static void hang_up(struct worker *worker, struct client *client)
{
    dispatch_withdraw(client);
    reply_reset(&client->reply);
    client->state = CLIENT_CLOSING;
    worker->engine->hang_up(worker, client);
}

void worker_lose(struct worker *worker, struct client *client, int cause)
{
    if (client_outstanding(client) > 0)
        fail_outstanding(worker, client, cause);
    else
        failures_count(&worker->result.totals.failures, PHASE_IDLE, cause, 1);
    worker->alive -= !client->is_silent;
    client->is_lost = true;
    hang_up(worker, client);
}

/* Hangs up in order; the client will connect anew. */
static void part(struct worker *worker, struct client *client)
{
    if (client_outstanding(client) > 0) /* more was asked for than the server was willing to say */
        fail_outstanding(worker, client, CAUSE_CLOSED);
    hang_up(worker, client);
}

void client_closed(struct worker *worker, struct client *client)
{
    client->state = client->is_lost ? CLIENT_GONE : CLIENT_APART;
    bool is_needed = worker->now_ns < worker->window_end_ns || worker->due_ns != NEVER_NS;
    if (!client->is_lost && is_needed)
        worker_start_connecting(worker, client);
}

void client_broken(struct worker *worker, struct client *client, int cause)
{
    bool is_end_of_reply = cause == CAUSE_CLOSED && client->reply.lasts_until_end;
    if (!is_end_of_reply || client->sent == client->answered) {
        worker_lose(worker, client, is_end_of_reply ? CAUSE_UNASKED : cause);
        return;
    }
    client->reply.progress = REPLY_IS_WHOLE;
    client_received(worker, client, NULL, 0);
}

/*** Sending ***/

static bool is_in_window(const struct worker *worker, int64_t time_ns)
{
    return time_ns >= worker->window_begin_ns && time_ns < worker->window_end_ns;
}

static struct flight *flight_of(const struct worker *worker, const struct client *client,
                                uint32_t request)
{
    return &client->flights[request & worker->flight_mask];
}

bool client_may_begin(const struct worker *worker, const struct client *client)
{
    const struct load_plan *plan = worker->plan;
    uint32_t begun_here = client->begun - client->answered_before;
    return client->state == CLIENT_OPEN && !client->is_silent &&
           client_outstanding(client) < plan->depth &&
           (plan->requests_per_connection == 0 || begun_here < plan->requests_per_connection);
}

void client_begin_request(struct worker *worker, struct client *client, int64_t due_ns)
{
    struct load_result *result = &worker->result;
    result->totals.clients_used += !client->is_used;
    client->is_used = true;
    client->begun++;
    *flight_of(worker, client, client->begun) =
        (struct flight){.due_ns = due_ns, .sent_ns = worker->now_ns};
    worker->outstanding++;
    result->totals.sent++;
    if (is_in_window(worker, due_ns)) {
        result->window_sent++;
        histogram_record(&result->slip, worker->now_ns - due_ns);
    }
}

size_t client_outgoing(const struct worker *worker, const struct client *client, char *out,
                       size_t room)
{
    const struct dialogue *dialogue = worker->dialogue;
    struct request request = {.client = client->number, .sequence = client->sent + 1};
    size_t offset = client->sent_bytes;
    size_t count = 0;
    for (; request.sequence != client->begun + 1 && count < room; request.sequence++) {
        count += dialogue->protocol->write(dialogue, request, offset, out + count, room - count);
        offset = 0;
    }
    return count;
}

void client_sent(const struct worker *worker, struct client *client, size_t count)
{
    size_t request_bytes = worker->dialogue->request_bytes;
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

static void finish_request(struct worker *worker, struct client *client)
{
    struct load_result *result = &worker->result;
    dispatch_withdraw(client);
    int64_t now_ns = worker->now_ns;
    const struct flight *flight = flight_of(worker, client, client->answered + 1);
    int64_t latency_ns = now_ns - flight->due_ns;
    count_served(result, client, flight->due_ns, now_ns);
    client->answered++;
    worker->outstanding--;
    worker->last_answer_ns = now_ns;
    result->totals.answered++;
    result->answered++;
    result->totals.by_status_class[client->reply.status / 100]++;
    if (worker->is_watched)
        histogram_record(&worker_page(worker)->latency, latency_ns);
    if (is_in_window(worker, flight->due_ns)) {
        result->window_answered++;
        histogram_record(&result->latency, latency_ns);
        histogram_record(&result->service, now_ns - flight->sent_ns);
    }
}

size_t client_take(const struct worker *worker, struct client *client, const char *data,
                   size_t count)
{
    const struct dialogue *dialogue = worker->dialogue;
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

static bool has_had_its_share(const struct worker *worker, const struct client *client)
{
    uint32_t share = worker->plan->requests_per_connection;
    return share > 0 && client->answered - client->answered_before == share;
}

void worker_use(struct worker *worker, struct client *client)
{
    if (worker_is_scheduled(worker)) {
        dispatch_offer(worker, client);
        dispatch_send_due(worker);
        return;
    }
    while (worker->now_ns < worker->window_end_ns && client_may_begin(worker, client))
        client_begin_request(worker, client, worker->now_ns);
    if (client_has_unsent(client))
        worker->engine->send(worker, client);
}

void client_received(struct worker *worker, struct client *client, const char *data, size_t count)
{
    bool is_last = false;
    while (client->state == CLIENT_OPEN && !is_last) {
        if (client->reply.progress == REPLY_IS_WHOLE) {
            is_last = client->reply.is_last;
            finish_request(worker, client);
            reply_reset(&client->reply);
        } else if (count > 0) {
            size_t taken = client_take(worker, client, data, count);
            data += taken;
            count -= taken;
            if (client->reply.progress == REPLY_IS_WRONG)
                worker_lose(worker, client, (int)client->reply.cause);
        } else {
            break;
        }
    }
    if (client->state != CLIENT_OPEN)
        return;
    if (is_last || has_had_its_share(worker, client))
        part(worker, client);
    else
        worker_use(worker, client);
}

void client_acknowledged(struct worker *worker, struct client *client, uint32_t bytes)
{
    /* Counters of bytes wrap around; the distance of the two does not. */
    int64_t request_bytes = (int64_t)worker->dialogue->request_bytes;
    uint32_t requests_here = client->sent - client->answered_before;
    client->acknowledged_bytes = bytes;
    int32_t unacknowledged = (int32_t)(requests_here * (uint32_t)request_bytes - bytes);
    int64_t left = unacknowledged > 0 ? (unacknowledged + request_bytes - 1) / request_bytes : 0;
    while (client->sent - client->answered > left)
        finish_request(worker, client);
    if (has_had_its_share(worker, client))
        part(worker, client);
    else
        worker_use(worker, client);
}
