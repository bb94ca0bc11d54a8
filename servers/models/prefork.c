/* A fixed number of processes, one listener.
 *
 * What it does         Forks --workers children before the first client. Each of them accepts from
 *                      the same listener and serves as the sequential server does; the kernel
 *                      gives a client to whichever of them sleeps in accept. The parent only looks
 *                      after them: a child that dies is replaced.
 * What a client costs  A worker for as long as it stays, and no fork. Per request one recv and one
 *                      send.
 * Where it breaks      At client number --workers + 1, which waits in the accept queue, as the
 *                      second does before a sequential server. As many silent clients as workers
 *                      stop everybody.
 *                      Try: proctor load HOST:PORT --clients 64, and see how many were served
 * Compare with         fork.c: the forks happen beforehand, so that a client waits for none;
 *                      the price is a limit that patient clients reach at once.
 */
#include "servers/server.h"
#include "servers/serving/children.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static _Noreturn void work(struct service *service)
{
    int listener = service_listener(service);
    while (!service_is_stopping(service)) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0)
            connection_serve(connection_open(service, client));
        else
            service_accept_failed(service, listener, errno);
    }
    _exit(0);
}

/* Forks until all workers are there. 0, or -errno if not even one could be forked. */
static int fill_up(struct service *service, struct children *children)
{
    while (!children_are_full(children)) {
        pid_t child = children_fork(children);
        if (child == 0)
            work(service);
        if (child < 0)
            return children->count > 0 ? 0 : -errno;
    }
    return 0;
}

static int serve_prefork(struct service *service)
{
    struct children children;
    children_init(&children, service, service_workers(service));
    int error = 0;
    while (!service_is_stopping(service) && error == 0) {
        error = fill_up(service, &children);
        if (error == 0)
            ppoll(NULL, 0, NULL, &children.signals_open); /* until a child ends or we must */
        children_reap(&children);
    }
    children_end(&children);
    return error < 0 ? error : service_outcome(service);
}

const struct server_model model_prefork = {
    .interface = SERVER_INTERFACE,
    .name = "prefork",
    .summary = "a fixed number of processes that accept from one listener",
    .serve = serve_prefork,
};
