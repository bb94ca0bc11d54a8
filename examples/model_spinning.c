/* A model from outside proctor: one loop that never waits.
 *
 * What it does         Asks every client in turn whether it has sent something, and starts again.
 * What a client costs  A recv per round, whether there is anything to receive or not.
 * Where it breaks      Nowhere, but it burns a whole core to serve nobody: see it in top(1), or in
 *                      calls/request of proctor bench.
 * Compare with         servers/models/poll.c of proctor, which hands the same list to the kernel
 *                      and sleeps.
 *
 *   gcc -shared -fPIC -o spinning.so model_spinning.c     (-I PREFIX/include where that is needed)
 *   proctor serve ./spinning.so
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <proctor/server.h>
#include <sys/socket.h>

#define CLIENTS_MAX 1000

static struct connection *connections[CLIENTS_MAX];
static int clients;

static void accept_client(struct service *service, int listener)
{
    int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0)
        service_accept_failed(service, listener, errno);
    else if (clients == CLIENTS_MAX)
        service_refuse(service, client);
    else
        connections[clients++] = connection_open(service, client);
}

static int serve_spinning(struct service *service)
{
    int listener = service_listener(service);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    while (!service_is_stopping(service) || clients > 0) {
        for (int i = clients - 1; i >= 0; i--) {
            if (connection_ready(connections[i]) != WANT_CLOSE)
                continue;
            connection_close(connections[i]);
            connections[i] = connections[--clients];
        }
        if (!service_is_stopping(service))
            accept_client(service, listener);
    }
    return service_outcome(service);
}

const struct server_model proctor_model = {
    .interface = SERVER_INTERFACE,
    .name = "spinning",
    .summary = "one loop that never waits",
    .serve = serve_spinning,
};
