#include "servers/serving/ring_client.h"

#include "base/memory.h"
#include "servers/server.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

struct ring_client *ring_client_open(struct ring *ring, struct service *service, int fd)
{
    struct ring_client *client = allocate(1, sizeof *client);
    *client = (struct ring_client){
        .ring = ring,
        .connection = connection_open(service, fd),
        .fd = fd,
    };
    ring_adopt(ring, &client->fd);
    return client;
}

static void received(struct ring_client *client, const struct io_uring_cqe *completion)
{
    if (!(completion->flags & IORING_CQE_F_MORE))
        client->receiving = client->cancelling = false;
    if (completion->res >= 0)
        connection_received(client->connection, ring_received_data(client->ring, completion),
                            (size_t)completion->res, completion->res == RING_BUFFER_BYTES);
    else if (completion->res != -ENOBUFS && completion->res != -ECANCELED)
        client->broken = true;
    ring_return_buffer(client->ring, completion);
}

static void sent(struct ring_client *client, const struct io_uring_cqe *completion)
{
    client->sending = false;
    if (completion->res >= 0)
        connection_sent(client->connection, (size_t)completion->res);
    else
        client->broken = true;
}

static void polled(struct ring_client *client)
{
    client->polling = client->unpolling = false;
    if (!client->broken)
        connection_pipe_ready(client->connection);
}

void ring_client_complete(struct ring_client **due, const struct io_uring_cqe *completion)
{
    enum ring_operation operation = ring_operation(completion);
    struct ring_client *client = ring_owner(completion);
    if (operation == RING_UNOWNED)
        return;
    if (operation == RING_RECEIVE)
        received(client, completion);
    else if (operation == RING_SEND)
        sent(client, completion);
    else
        polled(client);
    if (client->is_due)
        return;
    client->is_due = true;
    client->next_due = *due;
    *due = client;
}

struct ring_client *ring_client_next(struct ring_client **due)
{
    struct ring_client *client = *due;
    *due = client->next_due;
    client->is_due = false;
    return client;
}

/* Nothing may ever come from the pipe. */
static void cancel_poll(struct ring_client *client)
{
    struct io_uring_sqe *request = ring_request(client->ring, RING_UNOWNED, NULL);
    io_uring_prep_cancel64(request, ring_tag(RING_POLL, client), 0);
    client->unpolling = true;
}

static bool has_left(const struct ring_client *client)
{
    return client->broken || connection_is_finished(client->connection);
}

size_t ring_client_outgoing(struct ring_client *client, const char **data)
{
    if (has_left(client) && client->polling && !client->unpolling)
        cancel_poll(client);
    if (client->sending || client->broken)
        return 0;
    size_t count = connection_outgoing(client->connection, data);
    int pipe = connection_pipe(client->connection);
    if (pipe >= 0 && !client->polling) {
        ring_poll(client->ring, pipe, POLLIN, client);
        client->polling = true;
    }
    return count;
}

bool ring_client_wants_more(const struct ring_client *client)
{
    return !client->broken && connection_wants_more(client->connection);
}

bool ring_client_is_over(const struct ring_client *client)
{
    return has_left(client) && !client->receiving && !client->sending && !client->polling;
}

void ring_client_close(struct ring_client *client)
{
    connection_close(client->connection);
    free(client);
}
