/* One ring, completions.
 *
 * What it does         Does not ask which clients are ready: it hands the kernel the work itself
 *                      and is told what has been done. An accept, and a receive for each client,
 *                      stand until they are cancelled ("multishot"). What a round requests goes in
 *                      with the one call that also waits.
 * What a client costs  A connection and its receive; no buffer while it is silent, because the
 *                      kernel takes one from a common stock when bytes arrive. Each round: one
 *                      io_uring_enter for all clients that were served, so the more there are the
 *                      fewer system calls a request takes.
 * Where it breaks      Where the kernel is too old or forbids it: then `serve` says so and does
 *                      not start. With no buffer left, receives end and are requested again.
 *                      Try: strace -c proctor serve io_uring, and load it with 1 and 64 clients.
 * Compare with         epoll.c: there the kernel says "you may", and each client takes two more
 *                      calls; here it says "done". The price is that a client can have work in the
 *                      kernel's hands while it leaves: it is closed when the last has come back.
 */
#include "servers/server.h"
#include "servers/serving/ring_client.h"

#include <sys/socket.h>

struct loop {
    struct service *service;
    struct ring ring;
    struct ring_client *due; /* clients for which something has been done */
    int listener;
    int clients;
    unsigned sends; /* requested since the last wait */
};

static void accept_clients(struct loop *loop)
{
    struct io_uring_sqe *request = ring_request(&loop->ring, RING_ACCEPT, NULL);
    io_uring_prep_multishot_accept(request, loop->listener, NULL, NULL, SOCK_CLOEXEC);
}

static void receive(struct loop *loop, struct ring_client *client)
{
    struct io_uring_sqe *request = ring_request(&loop->ring, RING_RECEIVE, client);
    io_uring_prep_recv_multishot(request, client->fd, NULL, 0, 0);
    request->flags |= IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
    request->buf_group = RING_BUFFER_GROUP;
    client->receiving = true;
}

static void cancel_receive(struct loop *loop, struct ring_client *client)
{
    struct io_uring_sqe *request = ring_request(&loop->ring, RING_UNOWNED, NULL);
    io_uring_prep_cancel64(request, ring_tag(RING_RECEIVE, client), 0);
    client->cancelling = true;
}

static void send_reply(struct loop *loop, struct ring_client *client)
{
    const char *data = NULL;
    size_t count = ring_client_outgoing(client, &data);
    if (count == 0)
        return;
    struct io_uring_sqe *request = ring_request(&loop->ring, RING_SEND, client);
    io_uring_prep_send(request, client->fd, data, count, MSG_NOSIGNAL);
    request->flags |= IOSQE_FIXED_FILE;
    client->sending = true;
    loop->sends++;
}

static void close_client(struct loop *loop, struct ring_client *client)
{
    ring_let_go(&loop->ring, client->fd);
    ring_client_close(client);
    loop->clients--;
}

static void accepted(struct loop *loop, const struct io_uring_cqe *completion)
{
    if (completion->res >= 0) {
        receive(loop, ring_client_open(&loop->ring, loop->service, completion->res));
        loop->clients++;
    } else {
        service_accept_failed(loop->service, loop->listener, -completion->res);
    }
    if (!(completion->flags & IORING_CQE_F_MORE) && !service_is_stopping(loop->service))
        accept_clients(loop);
}

static void serve_client(struct loop *loop, struct ring_client *client)
{
    send_reply(loop, client);
    bool wants_more = ring_client_wants_more(client);
    if (wants_more && !client->receiving)
        receive(loop, client);
    if (!wants_more && client->receiving && !client->cancelling)
        cancel_receive(loop, client);
    if (ring_client_is_over(client))
        close_client(loop, client);
}

/* Most sends complete at once, and most clients soon send their next request. So this waits for
 * both from seven of eight clients, but for 20 us at most, and the next round serves many clients
 * instead of one: on an idle machine 64 clients then cost a third of the calls. */
static void submit_and_wait(struct loop *loop)
{
    struct io_uring_cqe *first = NULL;
    struct __kernel_timespec moment = {.tv_nsec = 20000};
    unsigned soon = 2 * loop->sends - loop->sends / 8;
    loop->sends = 0;
    if (soon > 0)
        io_uring_submit_and_wait_timeout(&loop->ring.ring, &first, soon, &moment, NULL);
    if (io_uring_cq_ready(&loop->ring.ring) == 0)
        io_uring_submit_and_wait(&loop->ring.ring, 1); /* may come back early: a signal */
}

static int run_loop(struct service *service, int listener)
{
    struct loop loop = {.service = service, .listener = listener};
    int error = ring_open(&loop.ring);
    if (error < 0)
        return error;
    accept_clients(&loop);
    while (!service_is_stopping(service) || loop.clients > 0) {
        submit_and_wait(&loop);
        struct io_uring_cqe *completion = NULL;
        while (io_uring_peek_cqe(&loop.ring.ring, &completion) == 0) {
            if (ring_operation(completion) == RING_ACCEPT)
                accepted(&loop, completion);
            else
                ring_client_complete(&loop.due, completion);
            io_uring_cqe_seen(&loop.ring.ring, completion);
        }
        while (loop.due != NULL)
            serve_client(&loop, ring_client_next(&loop.due));
    }
    ring_close(&loop.ring);
    return service_outcome(service);
}

static int serve_io_uring(struct service *service)
{
    return service_run_loops(service, run_loop);
}

const struct server_model model_io_uring = {
    .interface = SERVER_INTERFACE,
    .name = "io_uring",
    .summary = "one ring of completions, or one for each of --workers",
    .needs = MODEL_NEEDS_IO_URING | MODEL_NEEDS_OWN_LISTENERS,
    .serve = serve_io_uring,
};
