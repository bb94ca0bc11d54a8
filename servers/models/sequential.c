/* One client at a time.
 *
 * What it does         Accepts a client, serves it from its first byte to its last, closes it and
 *                      only then accepts the next.
 * What a client costs  A descriptor. Per request one recv and one send, which sleep while the
 *                      client is silent or does not take its reply.
 * Where it breaks      At the second client. The kernel completes its connection, so it believes
 *                      that it is connected; it lies in the accept queue until the first leaves.
 *                      A first client that stays silent stops everybody.
 *                      Try: proctor grade second-client -- proctor serve sequential
 * Compare with         fork.c, which differs in who calls connection_serve().
 */
#include "servers/server.h"

#include <errno.h>
#include <sys/socket.h>

static int serve_sequential(struct service *service)
{
    int listener = service_listener(service);
    while (!service_is_stopping(service)) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0)
            connection_serve(connection_open(service, client));
        else
            service_accept_failed(service, listener, errno);
    }
    return service_outcome(service);
}

const struct server_model model_sequential = {
    .interface = SERVER_INTERFACE,
    .name = "sequential",
    .summary = "one client at a time; the others wait in the accept queue",
    .serve = serve_sequential,
};
