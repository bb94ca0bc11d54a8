/* One loop, select.
 *
 * What it does         One thread asks the kernel "which of these descriptors are ready?", serves
 *                      those, and asks again. The sets are copied before every call, because
 *                      select overwrites what it is given.
 * What a client costs  Two bits and a slot. Each round: one select over 0..highest, then one recv
 *                      and one send per ready client. The work per round grows with the highest
 *                      descriptor, not with the number of ready ones.
 * Where it breaks      At descriptor FD_SETSIZE (1024). FD_SET beyond it would write past the set,
 *                      so that client is refused: accepted, counted and closed.
 *                      Try: proctor load HOST:PORT --clients 1100
 * Compare with         model_pool.c: no threads and no queue any more, but now nothing here may
 *                      ever wait: one sleeping recv would stop all clients.
 */
#include "servers/connection.h"
#include "servers/server.h"
#include "servers/service.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>
#include <sys/socket.h>

struct loop {
    struct service *service;
    struct connection *connections[FD_SETSIZE]; /* by descriptor */
    fd_set receiving;
    fd_set sending;
    int highest;
    int clients;
};

static void watch(struct loop *loop, int client, enum want want)
{
    FD_CLR(client, &loop->receiving);
    FD_CLR(client, &loop->sending);
    if (want == WANT_RECEIVE)
        FD_SET(client, &loop->receiving);
    if (want == WANT_SEND)
        FD_SET(client, &loop->sending);
}

static void accept_client(struct loop *loop)
{
    int client = accept4(loop->service->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) {
        service_accept_failed(loop->service, errno);
        return;
    }
    if (client >= FD_SETSIZE) {
        service_refuse(loop->service, client);
        return;
    }
    loop->connections[client] = connection_open(loop->service, client);
    loop->clients++;
    loop->highest = client > loop->highest ? client : loop->highest;
    watch(loop, client, WANT_RECEIVE);
}

static void serve_client(struct loop *loop, int client)
{
    enum want want = connection_ready(loop->connections[client]);
    watch(loop, client, want);
    if (want != WANT_CLOSE)
        return;
    connection_close(loop->connections[client]);
    loop->connections[client] = NULL;
    loop->clients--;
}

static int serve_select(struct service *service)
{
    struct loop loop = {.service = service, .highest = service->listener};
    fcntl(service->listener, F_SETFL, O_NONBLOCK);

    while (!service_is_stopping(service) || loop.clients > 0) {
        fd_set receiving = loop.receiving;
        fd_set sending = loop.sending;
        if (!service_is_stopping(service))
            FD_SET(service->listener, &receiving);
        if (select(loop.highest + 1, &receiving, &sending, NULL, NULL) < 0)
            continue; /* a signal */
        for (int fd = 0; fd <= loop.highest; fd++)
            if (loop.connections[fd] != NULL &&
                (FD_ISSET(fd, &receiving) || FD_ISSET(fd, &sending)))
                serve_client(&loop, fd);
        if (FD_ISSET(service->listener, &receiving))
            accept_client(&loop);
    }
    return service_outcome(service);
}

const struct server_model model_select = {
    .name = "select",
    .summary = "one loop over select, at most FD_SETSIZE descriptors",
    .serve = serve_select,
};
