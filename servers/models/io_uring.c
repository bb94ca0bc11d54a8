/* One ring, completions.
 *
 * What it does         Does not ask which clients are ready: it hands the kernel the work itself
 *                      and is told what has been done. All requests written since the last round
 *                      go in with the one call that also waits for completions.
 * What a client costs  A connection and a standing receive; no buffer while it is silent, because
 *                      the kernel takes one from a common stock when bytes arrive. Each round: one
 *                      io_uring_enter for however many clients were served, so the more there are
 *                      the fewer system calls a request takes.
 * Where it breaks      Where the kernel is too old or forbids it: then `serve` says so and does
 *                      not start. When the stock of buffers is empty receives end with ENOBUFS;
 *                      they are armed anew once the buffers are back.
 *                      Try: strace -c proctor serve io_uring, and load it with 1 and 64 clients.
 * Compare with         model_epoll.c: there the kernel says "you may", and each client takes two
 *                      more calls; here it says "done". The price is that a client can have work
 *                      in the kernel's hands while it leaves: it is freed when the last operation
 *                      has come back.
 */
#include "servers/server.h"
#include "servers/serving/ring_client.h"

#include <errno.h>

struct loop {
    struct service *service;
    struct ring_clients company;
    int listener;
    int clients;
    bool accepting; /* a standing accept is in the kernel's hands */
};

static void accept_clients(struct loop *loop)
{
    if (loop->accepting || service_is_stopping(loop->service))
        return;
    ring_accept(&loop->company.ring, loop->listener);
    loop->accepting = true;
}

static void accepted(struct loop *loop, const struct io_uring_cqe *completion)
{
    loop->accepting = completion->flags & IORING_CQE_F_MORE;
    if (completion->res < 0) {
        service_accept_failed(loop->service, loop->listener, -completion->res);
        return;
    }
    ring_client_open(&loop->company, loop->service, completion->res);
    loop->clients++;
}

static void complete(struct loop *loop, const struct io_uring_cqe *completion)
{
    enum ring_operation operation = ring_operation(completion);
    if (operation == RING_ACCEPT)
        accepted(loop, completion);
    else if (operation != RING_UNOWNED)
        ring_client_complete(ring_owner(completion), completion);
}

/* One call for all that has been requested and for waiting. A send mostly completes at once, and
 * whoever has been sent a reply mostly has a next request soon, so it is worth waiting a moment for
 * most of them: then the next round serves many clients again, instead of the first that comes. */
static void submit_and_wait(struct loop *loop)
{
    struct io_uring *ring = &loop->company.ring.ring;
    struct io_uring_cqe *first = NULL;
    struct __kernel_timespec moment = {.tv_nsec = 20000};
    unsigned sends = loop->company.ring.sends;
    loop->company.ring.sends = 0;
    if (sends > 0)
        io_uring_submit_and_wait_timeout(ring, &first, sends + (7 * sends + 7) / 8, &moment, NULL);
    if (io_uring_cq_ready(ring) == 0)
        io_uring_submit_and_wait(ring, 1); /* may come back early: a signal */
}

static int run_loop(struct service *service, int listener)
{
    struct loop loop = {.service = service, .listener = listener};
    struct io_uring *ring = &loop.company.ring.ring;
    int error = ring_open(&loop.company.ring);
    if (error < 0)
        return error;

    while (!service_is_stopping(service) || loop.clients > 0) {
        accept_clients(&loop);
        submit_and_wait(&loop);
        struct io_uring_cqe *completion = NULL;
        unsigned head = 0;
        unsigned count = 0;
        io_uring_for_each_cqe(ring, head, completion)
        {
            complete(&loop, completion);
            count++;
        }
        io_uring_cq_advance(ring, count);
        loop.clients -= ring_clients_advance(&loop.company);
    }
    ring_close(&loop.company.ring);
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
