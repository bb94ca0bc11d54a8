/* How a worker's clients get connected: some at once, until all are or the time is up. */
#include "loadgen/worker.h"

#include "base/clock.h"
#include "base/socket.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define CONNECTING_AT_ONCE 64 /* well below a backlog, so that none is dropped and tried again */

static void fail_to_connect(struct worker *worker, struct client *client, int cause)
{
    failures_count(&worker->result.totals.failures, PHASE_CONNECT, cause, 1);
    if (client->state == CLIENT_CONNECTING)
        close(client->fd);
    client->state = CLIENT_GONE;
}

static bool start_connecting(struct worker *worker, struct client *client)
{
    client->connecting_since_ns = clock_now_ns();
    client->fd = socket_connect_start(&worker->plan->address);
    if (client->fd < 0) {
        fail_to_connect(worker, client, -client->fd);
        return false;
    }
    client->state = CLIENT_CONNECTING;
    worker_watch(worker, client, EPOLL_CTL_ADD, EPOLLOUT);
    return true;
}

static bool is_silent(const struct worker *worker, const struct client *client)
{
    return client >= worker->clients + (worker->client_count - worker->silent_count);
}

static void finish_connecting(struct worker *worker, struct client *client)
{
    int error = socket_error(client->fd);
    if (error < 0) {
        fail_to_connect(worker, client, -error);
        return;
    }
    socket_send_at_once(client->fd);
    worker_watch(worker, client, EPOLL_CTL_MOD, EPOLLIN);
    struct load_result *result = &worker->result;
    if (is_silent(worker, client)) {
        client->state = CLIENT_SILENT;
        result->totals.silent_connected++;
        return;
    }
    client->state = CLIENT_IDLE;
    histogram_record(&result->connect, clock_now_ns() - client->connecting_since_ns);
    result->totals.clients_connected++;
    worker->alive++;
}

static bool is_stopped(struct worker *worker)
{
    return atomic_load(&worker->stop_ns) != NEVER_NS;
}

void worker_connect(struct worker *worker)
{
    int64_t deadline_ns = clock_now_ns() + worker->plan->connect_timeout_ns;
    unsigned started = 0;
    unsigned connecting = 0;
    while (started < worker->client_count || connecting > 0) {
        while (started < worker->client_count && connecting < CONNECTING_AT_ONCE &&
               !is_stopped(worker))
            connecting += start_connecting(worker, &worker->clients[started++]);
        struct epoll_event events[CONNECTING_AT_ONCE];
        int count = epoll_wait(worker->epoll_fd, events, CONNECTING_AT_ONCE,
                               connecting > 0 ? clock_timeout_ms(deadline_ns) : 0);
        for (int i = 0; i < count; i++) {
            struct client *client = events[i].data.ptr;
            if (client == NULL) {
                worker_awake(worker);
                continue;
            }
            if (client->state != CLIENT_CONNECTING) {
                /* The server has closed it or speaks unasked: the measurement will find that. */
                worker_watch(worker, client, EPOLL_CTL_MOD, EPOLLET); /* told once is enough */
                continue;
            }
            finish_connecting(worker, client);
            connecting--;
        }
        if (clock_timeout_ms(deadline_ns) == 0 || is_stopped(worker))
            break;
    }
    for (unsigned i = 0; i < worker->client_count; i++)
        if (worker->clients[i].state <= CLIENT_CONNECTING)
            fail_to_connect(worker, &worker->clients[i],
                            is_stopped(worker) ? ECANCELED : ETIMEDOUT);
}
