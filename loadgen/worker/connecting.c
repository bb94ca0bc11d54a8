/* How a worker's clients get connected: some at once, or spread over a ramp, until all are or the
 * time is up; and one by one while a load runs, where connections are used only for so many
 * requests.
 *
 * A source address has some 28,000 ports towards one server, and each is held for a while after it
 * was used; when half of them are taken, the kernel looks through all of those before it finds a
 * free one. On the loopback network every address from 127.0.0.1 on is our own, so the next one is
 * taken well before.
 */
#include "loadgen/worker/worker.h"

#include "base/clock.h"
#include "base/socket.h"
#include "loadgen/worker/acknowledgement.h"
#include "loadgen/worker/slow_readers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#define CONNECTING_AT_ONCE 64 /* well below a backlog, so that none is dropped and tried again */
#define SOURCES            4096
#define SOURCE_CONNECTIONS 8000 /* of all workers together */

static bool is_plain_loopback(const struct address *address)
{
    return address->any.sa_family == AF_INET && address_is_loopback(address);
}

/* The source address after `source` others, which are 127.0.0.2 and so on. */
static struct address source_address(unsigned source)
{
    struct address address;
    address_parse_host("127.0.0.1", 0, &address);
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + source);
    return address;
}

static void change_source(struct worker *worker)
{
    worker->source = (worker->source + 1) % SOURCES;
    worker->source_connections = 0;
}

int worker_open_socket(struct worker *worker, int receive_bytes)
{
    const struct address *target = &worker->plan->address;
    if (!is_plain_loopback(target))
        return socket_connect_start(target, NULL, receive_bytes);
    int fd = -EADDRNOTAVAIL;
    for (unsigned tries = 0; tries < SOURCES && fd == -EADDRNOTAVAIL; tries++) {
        struct address source = source_address(worker->source);
        fd = socket_connect_start(target, worker->source > 0 ? &source : NULL, receive_bytes);
        worker->source_connections++;
        bool is_used_up = worker->source_connections >= SOURCE_CONNECTIONS / worker->plan->threads;
        if (fd == -EADDRNOTAVAIL || is_used_up)
            change_source(worker);
    }
    return fd;
}

static void fail_to_connect(struct worker *worker, struct client *client, int cause)
{
    failures_count(&worker->result.totals.failures, PHASE_CONNECT, cause, 1);
    worker->alive -= !client->is_silent;
    client->is_lost = true;
    if (client->state == CLIENT_CONNECTING) {
        client->state = CLIENT_CLOSING;
        worker->engine->hang_up(worker, client);
    } else {
        client->state = CLIENT_GONE;
    }
}

static void end_connecting(struct worker *worker, struct client *client)
{
    TAILQ_REMOVE(&worker->connecting, client, neighbours);
    worker->connecting_count--;
}

void worker_start_connecting(struct worker *worker, struct client *client)
{
    client->connecting_since_ns = clock_now_ns();
    client->fd = worker_open_socket(worker, 0);
    if (client->fd < 0) {
        fail_to_connect(worker, client, -client->fd);
        return;
    }
    client->state = CLIENT_CONNECTING;
    TAILQ_INSERT_TAIL(&worker->connecting, client, neighbours);
    worker->connecting_count++;
    worker->engine->connect(worker, client);
}

void client_connected(struct worker *worker, struct client *client, int error)
{
    struct load_result *result = &worker->result;
    end_connecting(worker, client);
    if (error != 0) {
        fail_to_connect(worker, client, error);
        return;
    }
    client->state = CLIENT_OPEN;
    if (client->is_silent) {
        result->totals.silent_connected++;
        return;
    }
    socket_send_at_once(client->fd);
    client->acknowledged_bytes = 0;
    result->totals.clients_connected += client->connections++ == 0;
    result->totals.connections++;
    client->answered_before = client->answered;
    client->is_served_here = false;
    client->connect_ns = clock_now_ns() - client->connecting_since_ns;
    histogram_record(&result->connect, client->connect_ns);
    int refused = worker->dialogue->protocol->is_acknowledged ? acknowledgement_ask(client->fd) : 0;
    if (refused < 0)
        worker_lose(worker, client, -refused);
    else if (worker->is_measuring)
        worker_use(worker, client);
}

int64_t worker_give_up_ns(const struct worker *worker)
{
    const struct client *first = TAILQ_FIRST(&worker->connecting);
    return first != NULL ? first->connecting_since_ns + worker->plan->connect_timeout_ns : NEVER_NS;
}

void worker_give_up_connecting(struct worker *worker)
{
    while (worker_give_up_ns(worker) <= worker->now_ns) {
        struct client *client = TAILQ_FIRST(&worker->connecting);
        end_connecting(worker, client);
        fail_to_connect(worker, client, ETIMEDOUT);
    }
}

/*** Connecting everybody ***/

static bool is_stopped(struct worker *worker)
{
    return atomic_load(&worker->stop_ns) != NEVER_NS;
}

/* When the client at this place may begin to connect. */
static int64_t ramp_ns(const struct worker *worker, unsigned place)
{
    double share = (double)worker->clients[place].number /
                   (double)(worker->plan->clients + worker->plan->silent);
    return worker->begin_ns + (int64_t)(share * (double)worker->plan->ramp_ns);
}

static void give_up_rest(struct worker *worker, unsigned started)
{
    while (!TAILQ_EMPTY(&worker->connecting)) {
        struct client *client = TAILQ_FIRST(&worker->connecting);
        end_connecting(worker, client);
        fail_to_connect(worker, client, is_stopped(worker) ? ECANCELED : ETIMEDOUT);
    }
    for (; started < worker->client_count; started++)
        fail_to_connect(worker, &worker->clients[started],
                        is_stopped(worker) ? ECANCELED : ETIMEDOUT);
}

void worker_connect(struct worker *worker)
{
    unsigned started = 0;
    worker->now_ns = worker->begin_ns = clock_now_ns();
    int64_t deadline_ns =
        worker->begin_ns + worker->plan->ramp_ns + worker->plan->connect_timeout_ns;
    while ((started < worker->client_count || worker->connecting_count > 0) &&
           worker->now_ns < deadline_ns && !is_stopped(worker)) {
        int64_t until_ns = deadline_ns;
        while (started < worker->client_count && worker->connecting_count < CONNECTING_AT_ONCE) {
            if (ramp_ns(worker, started) > worker->now_ns) {
                until_ns = ramp_ns(worker, started);
                break;
            }
            worker_start_connecting(worker, &worker->clients[started++]);
        }
        if (started < worker->client_count || worker->connecting_count > 0)
            worker->engine->wait(worker, until_ns);
        worker->now_ns = clock_now_ns();
    }
    give_up_rest(worker, started);
    slow_readers_connect(worker->slow_readers, worker, deadline_ns);
}
