/* Theory of operation: each connection has one standing receive, which takes its buffers from the
 * ring's stock, and at most one send under way. What a round of completions has caused goes to the
 * kernel with the one call that waits for the next round.
 *
 * The kernel may hold operations of a socket that is hung up. They are made to end by shutdown(2),
 * and the socket is closed when the last of them has come back; what arrives until then is
 * dropped.
 */
#include "loadgen/worker/worker.h"

#include "base/clock.h"
#include "base/io_uring_support.h"
#include "base/memory.h"
#include "base/ring.h"
#include "base/socket.h"
#include "loadgen/worker/acknowledgement.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define OUTGOING_BYTES_MAX 16384 /* longer requests go out piece by piece */

static struct ring *ring_of(const struct worker *worker)
{
    return worker->engine_state;
}

static int open_ring(struct worker *worker)
{
    worker->engine_state = allocate(1, sizeof(struct ring));
    int error = ring_open(ring_of(worker));
    if (error < 0)
        free(worker->engine_state);
    else
        ring_poll(ring_of(worker), worker->run.wake_fd, POLLIN, NULL);
    return error;
}

static void close_ring(struct worker *worker)
{
    ring_close(ring_of(worker));
    free(worker->engine_state);
    for (unsigned i = 0; i < worker->client_count; i++)
        free(worker->clients[i].transfer.outgoing);
}

/*** What is asked of the kernel ***/

static void poll_client(struct worker *worker, struct client *client, unsigned events)
{
    ring_poll(ring_of(worker), client->fd, events, client);
    client->transfer.is_polling = true;
}

static void receive(struct worker *worker, struct client *client)
{
    ring_receive(ring_of(worker), client->fd, client);
    client->transfer.is_receiving = true;
}

static void connect_client(struct worker *worker, struct client *client)
{
    poll_client(worker, client, POLLOUT);
}

static size_t outgoing_bytes(const struct worker *worker)
{
    size_t all_bytes = worker->run.plan->depth * worker->run.dialogue->request_bytes;
    return all_bytes < OUTGOING_BYTES_MAX ? all_bytes : OUTGOING_BYTES_MAX;
}

static void send_client(struct worker *worker, struct client *client)
{
    struct transfer *transfer = &client->transfer;
    if (transfer->is_sending)
        return;
    size_t room = outgoing_bytes(worker);
    if (transfer->outgoing == NULL)
        transfer->outgoing = allocate(room, 1);
    size_t count = client_outgoing(&worker->run, client, transfer->outgoing, room);
    ring_send(ring_of(worker), client->fd, transfer->outgoing, count, client);
    transfer->is_sending = true;
}

/*** The end of a connection ***/

static void close_if_unused(struct worker *worker, struct client *client)
{
    struct transfer *transfer = &client->transfer;
    if (transfer->is_receiving || transfer->is_sending || transfer->is_polling)
        return;
    if (transfer->is_adopted)
        ring_let_go(ring_of(worker), client->fd);
    transfer->is_adopted = false;
    close(client->fd);
    worker_closed(worker, client);
}

static void hang_up(struct worker *worker, struct client *client)
{
    shutdown(client->fd, SHUT_RDWR);
    close_if_unused(worker, client);
}

/*** What has been done ***/

static void finish_connecting(struct worker *worker, struct client *client)
{
    int error = socket_error(client->fd);
    if (error == 0) {
        ring_adopt(ring_of(worker), &client->fd);
        client->transfer.is_adopted = true;
        receive(worker, client);
        if (worker->run.dialogue->protocol->is_acknowledged)
            poll_client(worker, client, POLLERR);
    }
    worker_connected(worker, client, -error);
}

static void polled(struct worker *worker, struct client *client)
{
    uint32_t bytes = 0;
    client->transfer.is_polling = false;
    if (client->state == CLIENT_CONNECTING) {
        finish_connecting(worker, client);
    } else if (client->state == CLIENT_OPEN && acknowledgement_read(client->fd, &bytes) == 1) {
        poll_client(worker, client, POLLERR);
        worker_acknowledged(worker, client, bytes);
    } /* or else the receive says what has happened */
}

static void received(struct worker *worker, struct client *client,
                     const struct io_uring_cqe *completion)
{
    int result = completion->res;
    bool goes_on = completion->flags & IORING_CQE_F_MORE;
    client->transfer.is_receiving = goes_on;
    if (client->state == CLIENT_OPEN) {
        if (!goes_on && (result > 0 || result == -ENOBUFS))
            receive(worker, client);
        if (result > 0)
            worker_received(worker, client, ring_received_data(ring_of(worker), completion),
                            (size_t)result);
        else if (result != -ENOBUFS)
            worker_broken(worker, client, result < 0 ? -result : CAUSE_CLOSED);
    }
    ring_return_buffer(ring_of(worker), completion);
}

static void sent(struct worker *worker, struct client *client, int result)
{
    client->transfer.is_sending = false;
    if (client->state != CLIENT_OPEN)
        return;
    if (result < 0) {
        worker_broken(worker, client, -result);
        return;
    }
    client_sent(&worker->run, client, (size_t)result);
    if (worker->run.dialogue->protocol->is_acknowledged) /* may have been told before */
        worker_acknowledged(worker, client, client->acknowledged_bytes);
    if (client->state == CLIENT_OPEN && client_has_unsent(client))
        send_client(worker, client);
}

static void attend(struct worker *worker, const struct io_uring_cqe *completion)
{
    struct client *client = ring_owner(completion);
    enum ring_operation operation = ring_operation(completion);
    if (operation == RING_UNOWNED)
        return;
    if (client == NULL) {
        worker_awake(worker);
        ring_poll(ring_of(worker), worker->run.wake_fd, POLLIN, NULL);
        return;
    }
    bool was_closing = client->state == CLIENT_CLOSING;
    if (operation == RING_RECEIVE)
        received(worker, client, completion);
    else if (operation == RING_SEND)
        sent(worker, client, completion->res);
    else
        polled(worker, client);
    if (was_closing)
        close_if_unused(worker, client);
}

static void wait_for_completions(struct worker *worker, int64_t until_ns)
{
    struct io_uring *ring = &ring_of(worker)->ring;
    int64_t left_ns = until_ns > worker->run.now_ns ? until_ns - worker->run.now_ns : 0;
    struct __kernel_timespec left = {.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
    struct io_uring_cqe *completion = NULL;
    /* The kernel does deferred work only when asked for events. Where completions are waiting
     * already, ask all the same: polls would starve behind sends that complete at once. */
    if (io_uring_cq_ready(ring) > 0)
        io_uring_submit_and_get_events(ring);
    else
        io_uring_submit_and_wait_timeout(ring, &completion, 1, &left, NULL);
    worker->run.now_ns = clock_now_ns();
    /* What this round causes may complete at once. It belongs to the next round, or this one might
     * never end. */
    unsigned round = io_uring_cq_ready(ring);
    unsigned head = 0;
    unsigned count = 0;
    io_uring_for_each_cqe(ring, head, completion)
    {
        if (count == round)
            break;
        attend(worker, completion);
        count++;
    }
    io_uring_cq_advance(ring, count);
}

const struct engine engine_io_uring = {
    .name = "io_uring",
    .summary = "hands sends and receives to the kernel, a round at a time",
    .check = io_uring_check,
    .open = open_ring,
    .close = close_ring,
    .connect = connect_client,
    .send = send_client,
    .hang_up = hang_up,
    .wait = wait_for_completions,
};
