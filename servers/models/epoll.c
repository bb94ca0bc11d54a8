/* One loop, epoll.
 *
 * What it does         Tells the kernel once which descriptors it cares about, and then only asks
 *                      which of them have become ready.
 * What a client costs  An entry in the kernel's interest list and a connection. Each round: one
 *                      epoll_wait for up to EVENTS_MAX clients, then one recv and one send for
 *                      each of them. epoll_ctl is called when a client comes, and again only when
 *                      it stops taking its replies. The work per round grows with the clients
 *                      that are ready, however many are connected.
 * Where it breaks      At the limit of descriptors; further clients are refused and counted. Like
 *                      every loop it serves one client at a time: a protocol that works long for
 *                      one client delays all.
 *                      Try: proctor load HOST:PORT --clients 10000
 * Compare with         poll.c: the same loop, but the list lives in the kernel, so neither
 *                      side walks over silent clients.
 *
 * Each entry carries its connection, NULL for the listener. That is safe although connections are
 * freed: a connection has one entry, so at most one event per round; only that frees it, and takes
 * the entry off before.
 */
#include "servers/server.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX 256

struct loop {
    struct service *service;
    int listener;
    int clients;
    int epoll;
};

static int watch(struct loop *loop, int operation, int fd, unsigned events, void *connection)
{
    struct epoll_event event = {.events = events, .data.ptr = connection};
    return epoll_ctl(loop->epoll, operation, fd, &event);
}

/* Explicitly: close() alone would not do while a command holds a copy of the client. */
static void forget(struct loop *loop, int fd)
{
    epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL);
}

static void accept_client(struct loop *loop)
{
    int client = accept4(loop->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) {
        service_accept_failed(loop->service, loop->listener, errno);
        if (service_is_stopping(loop->service)) /* or it would stay ready for ever */
            forget(loop, loop->listener);
        return;
    }
    struct connection *connection = connection_open(loop->service, client);
    if (watch(loop, EPOLL_CTL_ADD, client, EPOLLIN, connection) == 0)
        loop->clients++;
    else
        connection_close(connection); /* out of memory or of max_user_watches */
}

static void serve_client(struct loop *loop, struct connection *connection, unsigned events)
{
    int watched = connection_awaited(connection);
    enum want want = connection_ready(connection);
    int awaited = connection_awaited(connection);
    unsigned wanted = want == WANT_SEND ? EPOLLOUT : EPOLLIN;
    if (want == WANT_CLOSE) {
        forget(loop, watched);
        connection_close(connection);
        loop->clients--;
    } else if (awaited != watched) {
        forget(loop, watched);
        watch(loop, EPOLL_CTL_ADD, awaited, wanted, connection);
    } else if (!(events & wanted)) {
        watch(loop, EPOLL_CTL_MOD, awaited, wanted, connection);
    }
}

static int run_loop(struct service *service, int listener)
{
    struct loop loop = {
        .service = service,
        .listener = listener,
        .epoll = epoll_create1(EPOLL_CLOEXEC),
    };
    fcntl(listener, F_SETFL, O_NONBLOCK);
    if (loop.epoll < 0 || watch(&loop, EPOLL_CTL_ADD, listener, EPOLLIN, NULL) < 0)
        return -errno;

    while (!service_is_stopping(service) || loop.clients > 0) {
        struct epoll_event events[EVENTS_MAX];
        int count = epoll_wait(loop.epoll, events, EVENTS_MAX, -1); /* -1: a signal */
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == NULL)
                accept_client(&loop);
            else
                serve_client(&loop, events[i].data.ptr, events[i].events);
        }
    }
    close(loop.epoll);
    return service_outcome(service);
}

static int serve_epoll(struct service *service)
{
    return service_run_loops(service, run_loop);
}

const struct server_model model_epoll = {
    .interface = SERVER_INTERFACE,
    .name = "epoll",
    .summary = "one loop over epoll, or one for each of --workers",
    .needs = MODEL_NEEDS_OWN_LISTENERS,
    .serve = serve_epoll,
};
