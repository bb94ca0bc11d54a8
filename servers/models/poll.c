/* One loop, poll.
 *
 * What it does         Hands the kernel a list of descriptors with what each waits for, and gets
 *                      the same list back with what has happened. Nothing is copied or rebuilt:
 *                      wishes and answers stand in different fields of an entry.
 * What a client costs  An entry of 8 bytes and a connection. Each round: one poll over all
 *                      entries, then one recv and one send per ready client. The work per round
 *                      grows with the number of clients, silent ones included.
 * Where it breaks      At the limit of descriptors; further clients are refused and counted. Long
 *                      before that, rounds over thousands of silent clients take their time.
 *                      Try: proctor load HOST:PORT --clients 5000, and the same against epoll
 * Compare with         select.c: the same loop, but a list that grows instead of a set of
 *                      fixed size, so there is no FD_SETSIZE.
 */
#include "servers/server.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Entry 0 is the listener; each other entry belongs to the connection of the same number. */
struct loop {
    struct service *service;
    int listener;
    struct connection **connections;
    struct pollfd *entries;
    nfds_t count;
    nfds_t capacity;
};

static void watch(struct loop *loop, int fd, struct connection *connection)
{
    if (loop->count == loop->capacity) {
        loop->capacity = 2 * loop->capacity + 64;
        loop->entries = reallocate(loop->entries, loop->capacity, sizeof *loop->entries);
        loop->connections =
            reallocate(loop->connections, loop->capacity, sizeof(struct connection *));
    }
    loop->connections[loop->count] = connection;
    loop->entries[loop->count] = (struct pollfd){.fd = fd, .events = POLLIN};
    loop->count++;
}

/* The last entry moves into the gap. */
static void forget(struct loop *loop, nfds_t entry)
{
    loop->count--;
    loop->connections[entry] = loop->connections[loop->count];
    loop->entries[entry] = loop->entries[loop->count];
}

static void accept_client(struct loop *loop)
{
    int client = accept4(loop->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) {
        service_accept_failed(loop->service, loop->listener, errno);
        return;
    }
    watch(loop, client, connection_open(loop->service, client));
}

static void serve_client(struct loop *loop, nfds_t entry)
{
    struct connection *connection = loop->connections[entry];
    enum want want = connection_ready(connection);
    if (want == WANT_CLOSE) {
        forget(loop, entry);
        connection_close(connection);
        return;
    }
    loop->entries[entry].fd = connection_awaited(connection);
    loop->entries[entry].events = want == WANT_SEND ? POLLOUT : POLLIN;
}

static int serve_poll(struct service *service)
{
    int listener = service_listener(service);
    struct loop loop = {.service = service, .listener = listener};
    fcntl(listener, F_SETFL, O_NONBLOCK);
    watch(&loop, listener, NULL);

    while (!service_is_stopping(service) || loop.count > 1) {
        if (service_is_stopping(service))
            loop.entries[0].fd = -1; /* poll ignores it */
        if (poll(loop.entries, loop.count, -1) < 0)
            continue; /* a signal */
        /* Backwards, so that the entry moved into a gap has been looked at already. */
        for (nfds_t entry = loop.count - 1; entry > 0; entry--)
            if (loop.entries[entry].revents != 0)
                serve_client(&loop, entry);
        if (loop.entries[0].revents != 0)
            accept_client(&loop);
    }
    free(loop.entries);
    free(loop.connections);
    return service_outcome(service);
}

const struct server_model model_poll = {
    .interface = SERVER_INTERFACE,
    .name = "poll",
    .summary = "one loop over poll",
    .serve = serve_poll,
};
