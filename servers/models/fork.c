/* One process per client.
 *
 * What it does         Accepts a client, forks a child that serves it as the sequential server
 *                      does and ends, and goes straight back to accept. The parent closes its copy
 *                      of the client, the child its copy of the listener: a connection ends only
 *                      when the last copy is closed.
 * What a client costs  A process: a fork, copied page tables, a switch of address space around
 *                      each request; per request one recv and one send. Clients share nothing, so
 *                      one that makes its server crash takes nobody with it.
 * Where it breaks      At --max-clients children, or earlier if fork fails: the client is refused
 *                      and counted. A parent that does not wait for its children leaves a zombie
 *                      for each client.
 *                      Try: proctor load HOST:PORT --clients 1000, and watch the process table
 * Compare with         sequential.c: the same accept and the same connection_serve(), but no
 *                      client waits for another.
 */
#include "servers/server.h"
#include "servers/serving/children.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static _Noreturn void serve_in_child(struct service *service, int client)
{
    close(service_listener(service));
    connection_serve(connection_open(service, client));
    _exit(0);
}

static void fork_for(struct service *service, struct children *children, int client)
{
    pid_t child = children_fork(children);
    if (child == 0)
        serve_in_child(service, client);
    if (child > 0)
        close(client);
    else
        service_refuse(service, client);
}

static int serve_fork(struct service *service)
{
    struct children children;
    children_init(&children, service, service_max_clients(service));
    int listener = service_listener(service);
    fcntl(listener, F_SETFL, O_NONBLOCK);

    while (!service_is_stopping(service)) {
        struct pollfd waiting = {.fd = listener, .events = POLLIN};
        int ready = ppoll(&waiting, 1, NULL, &children.signals_open);
        children_reap(&children);
        if (ready <= 0)
            continue; /* a signal: a child has ended, or we must */
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0)
            fork_for(service, &children, client);
        else
            service_accept_failed(service, listener, errno);
    }
    children_end(&children);
    return service_outcome(service);
}

const struct server_model model_fork = {
    .interface = SERVER_INTERFACE,
    .name = "fork",
    .summary = "one process per client",
    .serve = serve_fork,
};
