/* One ring, completions.
 *
 * What it does         Does not ask which clients are ready: it hands the kernel the work itself
 *                      and is told what has been done. All requests written since the last round
 *                      go in with the one call that also waits for completions.
 * What a client costs  A connection and a standing receive; no buffer while it is silent, because
 *                      the kernel takes one from a common stock when bytes arrive. Each round: one
 *                      io_uring_enter for however many clients were served.
 * Where it breaks      Where the kernel is too old or forbids it: then `serve` says so and does
 *                      not start. When the stock of buffers is empty receives end with ENOBUFS;
 *                      they are armed anew once the buffers are back.
 *                      Try: strace -c proctor serve io_uring, and load it with 1 and 64 clients.
 * Compare with         model_epoll.c: there the kernel says "you may", and each client takes two
 *                      more calls; here it says "done". The price is that a client can have work
 *                      in the kernel's hands while it leaves: it is freed when the last operation
 *                      has come back.
 */
#include "servers/connection.h"
#include "servers/ring.h"
#include "servers/server.h"
#include "servers/service.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

struct client {
    struct connection *connection;
    bool receiving;  /* a standing receive is in the kernel's hands */
    bool cancelling; /* and has been called back */
    bool sending;    /* a send is in the kernel's hands */
    bool broken;     /* an operation failed: there is nobody to talk to any more */
};

struct loop {
    struct service *service;
    struct ring ring;
    int clients;
    bool accepting;
};

static void accept_clients(struct loop *loop)
{
    struct io_uring_sqe *request = ring_request(&loop->ring, RING_ACCEPT, NULL);
    io_uring_prep_multishot_accept(request, loop->service->listener, NULL, NULL, SOCK_CLOEXEC);
    loop->accepting = true;
}

static void receive(struct loop *loop, struct client *client)
{
    struct io_uring_sqe *request = ring_request(&loop->ring, RING_RECEIVE, client);
    io_uring_prep_recv_multishot(request, client->connection->client, NULL, 0, 0);
    request->flags |= IOSQE_BUFFER_SELECT;
    request->buf_group = RING_BUFFER_GROUP;
    client->receiving = true;
}

static void cancel_receive(struct loop *loop, struct client *client)
{
    struct io_uring_sqe *request = ring_request(&loop->ring, RING_CANCEL, client);
    io_uring_prep_cancel64(request, ring_tag(RING_RECEIVE, client), 0);
    client->cancelling = true;
}

static void send_outgoing(struct loop *loop, struct client *client)
{
    const char *data = NULL;
    size_t count = connection_outgoing(client->connection, &data);
    if (count == 0)
        return;
    struct io_uring_sqe *request = ring_request(&loop->ring, RING_SEND, client);
    io_uring_prep_send(request, client->connection->client, data, count, MSG_NOSIGNAL);
    client->sending = true;
}

/* Hands the kernel whatever is due for this client now, or frees it. */
static void advance(struct loop *loop, struct client *client)
{
    struct connection *connection = client->connection;
    if (!client->sending && !client->broken)
        send_outgoing(loop, client);
    bool wants_more =
        !client->broken && !connection->ending && !connection_is_congested(connection);
    if (wants_more && !client->receiving)
        receive(loop, client);
    if (!wants_more && client->receiving && !client->cancelling)
        cancel_receive(loop, client);
    if (!wants_more && !client->receiving && !client->sending) {
        connection_close(connection);
        free(client);
        loop->clients--;
    }
}

static struct client *accepted(struct loop *loop, const struct io_uring_cqe *completion)
{
    loop->accepting = completion->flags & IORING_CQE_F_MORE;
    if (completion->res < 0) {
        service_accept_failed(loop->service, -completion->res);
        return NULL;
    }
    struct client *client = allocate(1, sizeof *client);
    client->connection = connection_open(loop->service, completion->res);
    loop->clients++;
    return client;
}

static void received(struct ring *ring, struct client *client,
                     const struct io_uring_cqe *completion)
{
    if (!(completion->flags & IORING_CQE_F_MORE))
        client->receiving = client->cancelling = false;
    if (completion->res >= 0)
        connection_received(client->connection, ring_received_data(ring, completion),
                            (size_t)completion->res);
    else if (completion->res != -ENOBUFS && completion->res != -ECANCELED)
        client->broken = true;
    ring_return_buffer(ring, completion);
}

static void sent(struct client *client, const struct io_uring_cqe *completion)
{
    client->sending = false;
    if (completion->res >= 0)
        connection_sent(client->connection, (size_t)completion->res);
    else
        client->broken = true;
}

static void complete(struct loop *loop, const struct io_uring_cqe *completion)
{
    enum ring_operation operation = ring_operation(completion);
    struct client *client = ring_owner(completion);
    if (operation == RING_ACCEPT)
        client = accepted(loop, completion);
    else if (operation == RING_RECEIVE)
        received(&loop->ring, client, completion);
    else if (operation == RING_SEND)
        sent(client, completion);
    if (client != NULL && operation != RING_CANCEL) /* what was cancelled speaks for itself */
        advance(loop, client);
}

static int serve_io_uring(struct service *service)
{
    struct loop loop = {.service = service};
    int error = ring_open(&loop.ring);
    if (error < 0)
        return error;

    while (!service_is_stopping(service) || loop.clients > 0) {
        if (!loop.accepting && !service_is_stopping(service))
            accept_clients(&loop);
        io_uring_submit_and_wait(&loop.ring.ring, 1); /* may come back early: a signal */
        struct io_uring_cqe *completion = NULL;
        while (io_uring_peek_cqe(&loop.ring.ring, &completion) == 0) {
            complete(&loop, completion);
            io_uring_cqe_seen(&loop.ring.ring, completion);
        }
    }
    ring_close(&loop.ring);
    return service_outcome(service);
}

const struct server_model model_io_uring = {
    .name = "io_uring",
    .summary = "one ring of completions",
    .needs = MODEL_NEEDS_IO_URING,
    .serve = serve_io_uring,
};
