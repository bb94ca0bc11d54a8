/* Theory of operation: one epoll set, edge-triggered, holds every connection of the worker and is
 * told of each only once: what has changed is reported, and the kernel need not look again at what
 * was served. A request is sent straight from the place where the reply before it was completed, so
 * a request costs one send, one recv and a share of an epoll_wait. A receive that does not fill the
 * buffer has taken all there was; what comes later, or an end, makes a new edge. The thread sleeps
 * to the nanosecond (epoll_pwait2) and keeps no core busy.
 */
#include "loadgen/worker/worker.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/socket.h"
#include "loadgen/worker/acknowledgement.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_MAX   256
#define BUFFER_BYTES 65536
#define PULLS_MAX    8 /* of one client in a row, or one with much under way starves the others */

#define EVENTS (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)

struct epoll_state {
    int epoll_fd;
    char incoming[BUFFER_BYTES];
    char outgoing[BUFFER_BYTES];
};

static int check(const char **reason)
{
    (void)reason;
    return 0;
}

static int open_epoll(struct worker *worker)
{
    struct epoll_state *state = allocate(1, sizeof *state);
    worker->engine_state = state;
    state->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (state->epoll_fd < 0 ||
        epoll_ctl(state->epoll_fd, EPOLL_CTL_ADD, worker->run.wake_fd, &event) < 0)
        return -errno;
    return 0;
}

static void close_epoll(struct worker *worker)
{
    struct epoll_state *state = worker->engine_state;
    close(state->epoll_fd);
    free(state);
}

static void connect_client(struct worker *worker, struct client *client)
{
    const struct epoll_state *state = worker->engine_state;
    struct epoll_event event = {.events = EVENTS, .data.ptr = client};
    client->transfer.is_sending = false;
    epoll_ctl(state->epoll_fd, EPOLL_CTL_ADD, client->fd, &event);
}

static void hang_up(struct worker *worker, struct client *client)
{
    close(client->fd);
    worker_closed(worker, client);
}

/*** Sending ***/

static void push(struct worker *worker, struct client *client)
{
    struct epoll_state *state = worker->engine_state;
    while (client_has_unsent(client)) {
        size_t count =
            client_outgoing(&worker->run, client, state->outgoing, sizeof state->outgoing);
        ssize_t sent = send(client->fd, state->outgoing, count, MSG_NOSIGNAL);
        if (sent >= 0) {
            client_sent(&worker->run, client, (size_t)sent);
        } else if (errno == EAGAIN) {
            break;
        } else if (errno != EINTR) {
            worker_broken(worker, client, errno);
            return;
        }
    }
    client->transfer.is_sending = client_has_unsent(client); /* there will be room: an edge */
}

static void send_client(struct worker *worker, struct client *client)
{
    if (!client->transfer.is_sending)
        push(worker, client);
}

/*** Receiving ***/

/* What is still there makes a new edge. */
static void ask_again(struct worker *worker, struct client *client)
{
    const struct epoll_state *state = worker->engine_state;
    struct epoll_event event = {.events = EVENTS, .data.ptr = client};
    epoll_ctl(state->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
}

/* Until nothing is left, or until the end where there is one; but the others have their turn. */
static void pull(struct worker *worker, struct client *client, bool has_end)
{
    struct epoll_state *state = worker->engine_state;
    ssize_t count = 0;
    unsigned pulls = 0;
    do {
        if (pulls++ == PULLS_MAX) {
            ask_again(worker, client);
            return;
        }
        count = recv(client->fd, state->incoming, sizeof state->incoming, 0);
        worker->run.now_ns = clock_now_ns();
        if (count > 0)
            worker_received(worker, client, state->incoming, (size_t)count);
        else if (count == 0 || (errno != EAGAIN && errno != EINTR))
            worker_broken(worker, client, count < 0 ? errno : CAUSE_CLOSED);
    } while ((count == sizeof state->incoming || (has_end && count > 0)) &&
             client->state == CLIENT_OPEN);
}

static bool take_acknowledgement(struct worker *worker, struct client *client)
{
    uint32_t bytes = 0;
    if (acknowledgement_read(client->fd, &bytes) != 1)
        return false;
    worker->run.now_ns = clock_now_ns();
    worker_acknowledged(worker, client, bytes);
    return true;
}

/*** Waiting ***/

static void finish_connecting(struct worker *worker, struct client *client)
{
    int error = socket_error(client->fd);
    worker->run.now_ns = clock_now_ns();
    worker_connected(worker, client, -error);
}

static void attend(struct worker *worker, struct client *client, unsigned events)
{
    if (client->state == CLIENT_CONNECTING)
        finish_connecting(worker, client); /* and what came with it has no edge of its own */
    if (client->state == CLIENT_OPEN && events & EPOLLERR &&
        worker->run.dialogue->protocol->is_acknowledged && take_acknowledgement(worker, client))
        events &= ~(unsigned)EPOLLERR;
    if (events & EPOLLOUT && client->state == CLIENT_OPEN && client->transfer.is_sending)
        push(worker, client);
    if (events & ~(unsigned)EPOLLOUT && client->state == CLIENT_OPEN)
        pull(worker, client, events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR));
}

static void wait_for_events(struct worker *worker, int64_t until_ns)
{
    const struct epoll_state *state = worker->engine_state;
    int64_t left_ns = until_ns > worker->run.now_ns ? until_ns - worker->run.now_ns : 0;
    struct timespec left = {.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_pwait2(state->epoll_fd, events, EVENTS_MAX, &left, NULL);
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr == NULL)
            worker_awake(worker);
        else
            attend(worker, events[i].data.ptr, events[i].events);
    }
}

const struct engine engine_epoll = {
    .name = "epoll",
    .summary = "waits until sockets are ready, then sends and receives",
    .check = check,
    .open = open_epoll,
    .close = close_epoll,
    .connect = connect_client,
    .send = send_client,
    .hang_up = hang_up,
    .wait = wait_for_events,
};
