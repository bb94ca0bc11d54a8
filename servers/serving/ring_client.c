#include "servers/serving/ring_client.h"

#include "base/memory.h"
#include "servers/server.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

static void send_outgoing(struct ring_client *client)
{
    const char *data = NULL;
    size_t count = connection_outgoing(client->connection, &data);
    client->sending = count > 0;
    if (client->sending)
        ring_send(&client->company->ring, client->fd, data, count, client);
}

static void poll_pipe(struct ring_client *client)
{
    int pipe = connection_pipe(client->connection);
    client->polling = pipe >= 0;
    if (client->polling)
        ring_poll(&client->company->ring, pipe, POLLIN, client);
}

static void receive_or_not(struct ring_client *client)
{
    bool wants_more = !client->broken && connection_wants_more(client->connection);
    if (wants_more && !client->receiving) {
        ring_receive(&client->company->ring, client->fd, client);
        client->receiving = true;
    }
    if (!wants_more && client->receiving && !client->cancelling) {
        ring_cancel_receive(&client->company->ring, client);
        client->cancelling = true;
    }
}

/* Asks the kernel for whatever is due now; false if there is and will be nothing more. */
static bool advance(struct ring_client *client)
{
    if (!client->sending && !client->broken)
        send_outgoing(client);
    if (!client->polling && !client->broken)
        poll_pipe(client);
    receive_or_not(client);
    bool is_over = client->broken || connection_is_finished(client->connection);
    return !is_over || client->receiving || client->sending || client->polling;
}

struct ring_client *ring_client_open(struct ring_clients *company, struct service *service, int fd)
{
    struct ring_client *client = allocate(1, sizeof *client);
    *client = (struct ring_client){
        .company = company,
        .connection = connection_open(service, fd),
        .fd = fd,
    };
    ring_adopt(&company->ring, &client->fd);
    receive_or_not(client);
    return client;
}

static void received(struct ring_client *client, const struct io_uring_cqe *completion)
{
    if (!(completion->flags & IORING_CQE_F_MORE))
        client->receiving = client->cancelling = false;
    if (completion->res >= 0)
        connection_received(client->connection,
                            ring_received_data(&client->company->ring, completion),
                            (size_t)completion->res, completion->res == RING_BUFFER_BYTES);
    else if (completion->res != -ENOBUFS && completion->res != -ECANCELED)
        client->broken = true;
    ring_return_buffer(&client->company->ring, completion);
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
    client->polling = false;
    if (!client->broken)
        connection_pipe_ready(client->connection);
}

void ring_client_complete(struct ring_client *client, const struct io_uring_cqe *completion)
{
    enum ring_operation operation = ring_operation(completion);
    if (operation == RING_RECEIVE)
        received(client, completion);
    else if (operation == RING_SEND)
        sent(client, completion);
    else
        polled(client);
    if (client->is_due)
        return;
    client->is_due = true;
    client->next_due = client->company->due;
    client->company->due = client;
}

int ring_clients_advance(struct ring_clients *company)
{
    int left = 0;
    while (company->due != NULL) {
        struct ring_client *client = company->due;
        company->due = client->next_due;
        client->is_due = false;
        if (advance(client))
            continue;
        ring_let_go(&company->ring, client->fd);
        connection_close(client->connection);
        free(client);
        left++;
    }
    return left;
}
