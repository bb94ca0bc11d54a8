#include "servers/connection.h"

#include "base/memory.h"
#include "servers/service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RECEIVE_BYTES   16384
#define CONGESTED_BYTES 65536

/*** All manners ***/

struct connection *connection_open(struct service *service, int client)
{
    struct connection *connection = allocate(1, sizeof *connection);
    connection->service = service;
    connection->client = client;
    connection->conversation.options = &service->options->protocol_options;
    if (service->options->protocol->needs & PROTOCOL_NAMES_PEER)
        address_of_peer(client, &connection->conversation.peer);
    service_admit(service, client);
    return connection;
}

void connection_close(struct connection *connection)
{
    service_let_go(connection->service, connection->client);
    bytes_release(&connection->conversation.reply);
    bytes_release(&connection->conversation.printed);
    bytes_release(&connection->outgoing);
    free(connection);
}

/* Not by fwrite(3), which loses the rest of what a signal interrupts. The lock keeps together what
 * one receive has brought, whatever other threads print. */
static void print_out(struct bytes *printed)
{
    if (printed->length == 0)
        return;
    flockfile(stdout);
    while (printed->length > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes_front(printed), printed->length);
        if (written >= 0)
            bytes_consume(printed, (size_t)written);
        else if (errno != EINTR)
            bytes_consume(printed, printed->length); /* nobody reads our output */
    }
    funlockfile(stdout);
}

void connection_received(struct connection *connection, const char *data, size_t count)
{
    if (count == 0 || connection->ending) {
        connection->ending = true;
        return;
    }
    const struct protocol *protocol = connection->service->options->protocol;
    enum next next = protocol->received(&connection->conversation, data, count);
    connection->ending = next == NEXT_CLOSE;
    print_out(&connection->conversation.printed);
}

/* Sends from the reply until it is empty (1), the socket would block (0) or fails (-errno). */
static int send_reply(struct connection *connection)
{
    struct bytes *reply = &connection->conversation.reply;
    while (reply->length > 0) {
        ssize_t sent = send(connection->client, bytes_front(reply), reply->length, MSG_NOSIGNAL);
        if (sent >= 0)
            bytes_consume(reply, (size_t)sent);
        else if (errno == EAGAIN)
            return 0;
        else if (errno != EINTR)
            return -errno;
    }
    return 1;
}

/* Receives once and hands on what came. 1, 0 if the socket would block, or -errno. */
static int receive_once(struct connection *connection)
{
    char buffer[RECEIVE_BYTES];
    ssize_t count = recv(connection->client, buffer, sizeof buffer, 0);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    connection_received(connection, buffer, (size_t)count);
    return 1;
}

/*** Blocking ***/

void connection_serve(struct service *service, int client)
{
    struct connection *connection = connection_open(service, client);
    while (!connection->ending)
        if (receive_once(connection) < 0 || send_reply(connection) < 0)
            break;
    connection_close(connection);
}

/*** Ready ***/

enum want connection_ready(struct connection *connection)
{
    int sent = send_reply(connection);
    if (sent > 0 && !connection->ending) {
        if (receive_once(connection) < 0)
            return WANT_CLOSE;
        sent = send_reply(connection);
    }
    if (sent == 0)
        return WANT_SEND;
    return sent < 0 || connection->ending ? WANT_CLOSE : WANT_RECEIVE;
}

/*** Completed ***/

size_t connection_outgoing(struct connection *connection, const char **data)
{
    if (connection->outgoing.length == 0) {
        struct bytes emptied = connection->outgoing;
        connection->outgoing = connection->conversation.reply;
        connection->conversation.reply = emptied;
    }
    *data = bytes_front(&connection->outgoing);
    return connection->outgoing.length;
}

void connection_sent(struct connection *connection, size_t count)
{
    bytes_consume(&connection->outgoing, count);
}

bool connection_is_congested(const struct connection *connection)
{
    return connection->outgoing.length + connection->conversation.reply.length > CONGESTED_BYTES;
}
