/* One loop, select.
 *
 * What it does         One thread asks the kernel "which of these descriptors are ready?", serves
 *                      those, and asks again. The sets are copied before every call, because
 *                      select overwrites what it is given.
 * What a client costs  Two bits and a slot. Each round: one select over 0..highest, then one recv
 *                      and one send per ready client. The work per round grows with the highest
 *                      descriptor, not with the number of ready ones.
 * Where it breaks      At descriptor FD_SETSIZE (1024). FD_SET beyond it would write past the set,
 *                      so that client is refused: accepted, counted and closed. So is one that has
 *                      to wait for a command's output through such a descriptor.
 *                      Try: proctor load HOST:PORT --clients 1100
 * Compare with         pool.c: no threads and no queue any more, but now nothing here may
 *                      ever wait: one sleeping recv would stop all clients.
 */
#include "servers/server.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>
#include <sys/socket.h>

struct loop {
    struct service *service;
    int listener;
    int clients;
    struct connection *connections[FD_SETSIZE]; /* by the descriptor that each waits for */
    fd_set receiving;
    fd_set sending;
    int highest;
};

static void watch(struct loop *loop, struct connection *connection, enum want want)
{
    int fd = connection_awaited(connection);
    loop->connections[fd] = connection;
    FD_SET(fd, want == WANT_SEND ? &loop->sending : &loop->receiving);
    if (fd > loop->highest)
        loop->highest = fd;
}

static void forget(struct loop *loop, int fd)
{
    loop->connections[fd] = NULL;
    FD_CLR(fd, &loop->receiving);
    FD_CLR(fd, &loop->sending);
}

static void accept_client(struct loop *loop)
{
    int client = accept4(loop->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) {
        service_accept_failed(loop->service, loop->listener, errno);
        return;
    }
    if (client >= FD_SETSIZE) {
        service_refuse(loop->service, client);
        return;
    }
    watch(loop, connection_open(loop->service, client), WANT_RECEIVE);
    loop->clients++;
}

static void serve_client(struct loop *loop, int fd)
{
    struct connection *connection = loop->connections[fd];
    enum want want = connection_ready(connection);
    bool is_past_the_set = connection_awaited(connection) >= FD_SETSIZE;
    forget(loop, fd);
    if (want != WANT_CLOSE && !is_past_the_set) {
        watch(loop, connection, want);
        return;
    }
    if (want == WANT_CLOSE)
        connection_close(connection);
    else
        connection_refuse(connection);
    loop->clients--;
}

static int serve_select(struct service *service)
{
    int listener = service_listener(service);
    struct loop loop = {.service = service, .listener = listener, .highest = listener};
    fcntl(listener, F_SETFL, O_NONBLOCK);

    while (!service_is_stopping(service) || loop.clients > 0) {
        fd_set receiving = loop.receiving;
        fd_set sending = loop.sending;
        if (!service_is_stopping(service))
            FD_SET(listener, &receiving);
        if (select(loop.highest + 1, &receiving, &sending, NULL, NULL) < 0)
            continue; /* a signal */
        for (int fd = 0; fd <= loop.highest; fd++)
            if (loop.connections[fd] != NULL &&
                (FD_ISSET(fd, &receiving) || FD_ISSET(fd, &sending)))
                serve_client(&loop, fd);
        if (FD_ISSET(listener, &receiving))
            accept_client(&loop);
    }
    return service_outcome(service);
}

const struct server_model model_select = {
    .interface = SERVER_INTERFACE,
    .name = "select",
    .summary = "one loop over select, at most FD_SETSIZE descriptors",
    .serve = serve_select,
};
