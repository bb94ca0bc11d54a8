#include "servers/serving/connection.h"

#include "base/memory.h"
#include "servers/serving/clients.h"
#include "servers/serving/service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BYTES   16384
#define CONGESTED_BYTES 65536

/* More than a client sends before it looks for an answer. */
#define DROPPED_BYTES_MAX ((size_t)16 << 20)

/*** All three ways ***/

struct connection *connection_open(struct service *service, int client)
{
    const struct protocol *protocol = service->options->protocol;
    struct connection *connection = allocate(1, sizeof *connection + protocol->state_size);
    connection->service = service;
    connection->client = client;
    connection->source.fd = -1;
    connection->conversation = (struct conversation){
        .options = &service->options->protocol_options,
        .state = connection + 1,
        .count_clients = service_clients,
        .service = service,
    };
    if (protocol->needs & PROTOCOL_NAMES_PEER)
        address_of_peer(client, &connection->conversation.peer);
    service_admit(service, client);
    return connection;
}

/* Receives once, and drops it; as recv(2). */
static ssize_t drop_once(struct connection *connection, int flags)
{
    char dropped[RECEIVE_BYTES];
    ssize_t count = recv(connection->client, dropped, sizeof dropped, flags);
    connection->dropped_bytes += count > 0 ? (size_t)count : 0;
    return count;
}

void connection_close(struct connection *connection)
{
    struct service *service = connection->service;
    struct conversation *conversation = &connection->conversation;
    bool may_have_more = connection->ending && !conversation->at_end;
    while (may_have_more && connection->dropped_bytes < DROPPED_BYTES_MAX)
        may_have_more = drop_once(connection, MSG_DONTWAIT) > 0;
    if (service->options->protocol->end != NULL)
        service->options->protocol->end(conversation);
    source_close(&connection->source);
    service_let_go(service, connection->client);
    bytes_release(&conversation->reply);
    bytes_release(&conversation->printed);
    bytes_release(&conversation->attachment.name);
    bytes_release(&connection->unread);
    bytes_release(&connection->outgoing);
    free(connection);
}

void connection_refuse(struct connection *connection)
{
    atomic_fetch_add(&connection->service->counters->refused, 1);
    connection_close(connection);
}

/* Not fwrite(3): interrupted by a signal, it loses the rest. The lock keeps the output of one
 * receive in one piece while other threads print. */
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

static bool is_attached(const struct connection *connection)
{
    return connection->source.fd >= 0;
}

/* A file is always ready; a pipe has to be waited for. */
static bool has_file(const struct connection *connection)
{
    return is_attached(connection) && !connection->source.is_pipe;
}

static size_t unsent_bytes(const struct connection *connection)
{
    return connection->outgoing.length + connection->conversation.reply.length;
}

int connection_pipe(const struct connection *connection)
{
    return connection->source.is_pipe && unsent_bytes(connection) == 0 ? connection->source.fd : -1;
}

static enum next converse(struct connection *connection, const char *data, size_t count)
{
    enum next next =
        connection->service->options->protocol->received(&connection->conversation, data, count);
    print_out(&connection->conversation.printed);
    return next;
}

/* Lets the protocol answer, until it needs more from the client or from an attachment. */
static void answer(struct connection *connection, const char *data, size_t count)
{
    struct conversation *conversation = &connection->conversation;
    const struct attachment *attachment = &conversation->attachment;
    enum next next = converse(connection, data, count);
    while (next == NEXT_ATTACH &&
           source_open(&connection->source, connection->service, connection->client, attachment,
                       connection->is_blocking) < 0) {
        bytes_append(&conversation->reply, attachment->otherwise, strlen(attachment->otherwise));
        next = converse(connection, NULL, 0);
    }
    connection->is_seen_off = next == NEXT_SEE_OFF;
    connection->ending = next == NEXT_CLOSE || next == NEXT_SEE_OFF ||
                         (next == NEXT_RECEIVE && conversation->at_end);
}

/* Reads the attachment once. 1, or 0 if it has to be waited for. */
static int read_source(struct connection *connection)
{
    struct source *source = &connection->source;
    struct conversation *conversation = &connection->conversation;
    int count = source_read(source, &conversation->reply);
    if (count == -EAGAIN)
        return 0;
    if (count > 0)
        return 1;
    if (count < 0) { /* or the client would take a part for the whole */
        source_close(source);
        connection->ending = true;
        return 1;
    }
    const char *if_empty = conversation->attachment.if_empty;
    if (source->is_empty && if_empty != NULL)
        bytes_append(&conversation->reply, if_empty, strlen(if_empty));
    struct source ended = *source;
    *source = (struct source){.fd = -1};
    answer(connection, NULL, 0);
    source_close(&ended); /* only now, so that a new pipe gets a new number */
    return 1;
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

/* Receives once and answers. 1, 0 if the socket would block, or -errno. */
static int receive_once(struct connection *connection)
{
    char buffer[RECEIVE_BYTES];
    ssize_t count = recv(connection->client, buffer, sizeof buffer, 0);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    connection->conversation.at_end = count == 0;
    connection->conversation.goes_on = count == sizeof buffer;
    answer(connection, buffer, (size_t)count);
    return 1;
}

static int take_in(struct connection *connection)
{
    return is_attached(connection) ? read_source(connection) : receive_once(connection);
}

static void say_end(struct connection *connection)
{
    if (!connection->has_said_end)
        shutdown(connection->client, SHUT_WR);
    connection->has_said_end = true;
}

/* Once all is sent: must a client that is seen off be waited for? */
static bool is_awaited(struct connection *connection)
{
    if (!connection->is_seen_off)
        return false;
    say_end(connection);
    ssize_t count = drop_once(connection, 0);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR;
    return count > 0 && connection->dropped_bytes < DROPPED_BYTES_MAX;
}

/*** Blocking ***/

void connection_serve(struct connection *connection)
{
    connection->is_blocking = true;
    int moved = 1;
    while (!connection->ending && moved >= 0) {
        moved = take_in(connection);
        moved = moved < 0 ? moved : send_reply(connection);
    }
    while (moved >= 0 && is_awaited(connection))
        continue;
    connection_close(connection);
}

/*** Ready ***/

enum want connection_ready(struct connection *connection)
{
    int sent = send_reply(connection);
    if (sent > 0 && !connection->ending) {
        if (take_in(connection) < 0)
            return WANT_CLOSE;
        sent = send_reply(connection);
    }
    if (sent < 0)
        return WANT_CLOSE;
    if (sent > 0 && connection->ending)
        return is_awaited(connection) ? WANT_RECEIVE : WANT_CLOSE;
    return sent == 0 || has_file(connection) ? WANT_SEND : WANT_RECEIVE;
}

int connection_awaited(const struct connection *connection)
{
    int pipe = connection_pipe(connection);
    return pipe >= 0 ? pipe : connection->client;
}

int connection_client(const struct connection *connection)
{
    return connection->client;
}

/*** Completed ***/

void connection_received(struct connection *connection, const char *data, size_t count, bool filled)
{
    connection->has_all |= count == 0;
    connection->conversation.goes_on = filled;
    if (connection->ending) {
        connection->dropped_bytes += count;
        return;
    }
    if (is_attached(connection)) {
        bytes_append(&connection->unread, data, count);
        return;
    }
    connection->conversation.at_end = connection->has_all;
    answer(connection, data, count);
}

/* Hands on what came while the attachment was being sent. */
static void read_unread(struct connection *connection)
{
    struct bytes unread = connection->unread;
    connection->unread = (struct bytes){0};
    connection->conversation.at_end = connection->has_all;
    if (!connection->ending && (unread.length > 0 || connection->has_all))
        answer(connection, bytes_front(&unread), unread.length);
    bytes_release(&unread);
}

void connection_pipe_ready(struct connection *connection)
{
    read_source(connection);
    if (!is_attached(connection))
        read_unread(connection);
}

size_t connection_outgoing(struct connection *connection, const char **data)
{
    struct bytes *reply = &connection->conversation.reply;
    while (connection->outgoing.length == 0) {
        if (reply->length == 0 && has_file(connection))
            connection_pipe_ready(connection);
        else if (reply->length == 0)
            break;
        struct bytes emptied = connection->outgoing;
        connection->outgoing = *reply;
        *reply = emptied;
    }
    if (connection->is_seen_off && connection->outgoing.length == 0)
        say_end(connection);
    *data = bytes_front(&connection->outgoing);
    return connection->outgoing.length;
}

void connection_sent(struct connection *connection, size_t count)
{
    bytes_consume(&connection->outgoing, count);
}

/* Completed: may a client that is seen off still send? */
static bool is_sending(const struct connection *connection)
{
    return connection->is_seen_off && !connection->has_all &&
           connection->dropped_bytes < DROPPED_BYTES_MAX;
}

bool connection_wants_more(const struct connection *connection)
{
    if (connection->ending)
        return is_sending(connection);
    return !connection->has_all && !is_attached(connection) &&
           unsent_bytes(connection) <= CONGESTED_BYTES;
}

bool connection_is_finished(const struct connection *connection)
{
    return connection->ending && unsent_bytes(connection) == 0 && !is_sending(connection);
}
