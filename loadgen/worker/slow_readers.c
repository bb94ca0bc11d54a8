#include "loadgen/worker/slow_readers.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/socket.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVERY_NS      (100 * NS_PER_MS)
#define READ_BYTES    1024
#define RECEIVE_BYTES 4096  /* the socket's buffer; the kernel doubles it */
#define SEND_BYTES    65536 /* at most, each time, so that the load beside is not held up */

void slow_readers_init(struct slow_readers *readers, unsigned count, unsigned first, unsigned step)
{
    *readers = (struct slow_readers){.count = count, .next_ns = count > 0 ? 0 : NEVER_NS};
    readers->clients = allocate(count, sizeof *readers->clients);
    for (unsigned i = 0; i < count; i++)
        readers->clients[i].number = first + i * step;
}

void slow_readers_release(struct slow_readers *readers)
{
    for (unsigned i = 0; i < readers->count; i++) {
        reply_release(&readers->clients[i].reply);
        if (readers->clients[i].state == CLIENT_OPEN)
            close(readers->clients[i].fd);
    }
    free(readers->clients);
}

static void leave(struct client *client)
{
    if (client->state == CLIENT_OPEN)
        close(client->fd);
    client->state = CLIENT_GONE;
}

static void lose(struct run *run, struct client *client, enum failure_phase phase, int cause)
{
    failures_count(&run->result.totals.failures, phase, cause, 1);
    leave(client);
}

/*** Connecting ***/

static void finish_connecting(struct run *run, struct client *client, int64_t deadline_ns)
{
    struct pollfd ready[] = {
        {.fd = client->fd, .events = POLLOUT},
        {.fd = run->wake_fd, .events = POLLIN}, /* told to stop */
    };
    int found = 0;
    do
        found = poll(ready, 2, clock_timeout_ms(deadline_ns));
    while (found < 0 && errno == EINTR);
    int error = found == 0 ? -ETIMEDOUT : -ECANCELED;
    if (found > 0 && ready[0].revents != 0)
        error = socket_error(client->fd);
    if (error < 0) {
        lose(run, client, PHASE_CONNECT, -error);
        return;
    }
    run->result.totals.slow_connected++;
}

void slow_readers_connect(struct slow_readers *readers, struct run *run,
                          struct connecting *connecting, int64_t deadline_ns)
{
    for (unsigned i = 0; i < readers->count; i++) {
        struct client *client = &readers->clients[i];
        client->fd = run_is_stopped(run)
                         ? -ECANCELED
                         : connecting_open_socket(connecting, run->plan, RECEIVE_BYTES);
        if (client->fd < 0) {
            lose(run, client, PHASE_CONNECT, -client->fd);
            continue;
        }
        client->state = CLIENT_OPEN;
        finish_connecting(run, client, deadline_ns);
    }
}

/*** Asking and reading ***/

static void finish_reply(struct run *run, struct client *client)
{
    bool is_last = client->reply.is_last || client->reply.lasts_until_end;
    client->answered++;
    run->result.totals.slow_answered++;
    reply_reset(&client->reply);
    if (is_last)
        leave(client); /* in order: the server has said that it would close */
}

static void take(struct run *run, struct client *client, const char *data, size_t count)
{
    struct reply *reply = &client->reply;
    while (count > 0 && client->state == CLIENT_OPEN) {
        size_t taken = client_take(run, client, data, count);
        if (reply->progress == REPLY_IS_WRONG) {
            lose(run, client, PHASE_SLOW, (int)reply->cause);
            return;
        }
        if (reply->progress == REPLY_IS_WHOLE)
            finish_reply(run, client);
        data += taken;
        count -= taken;
    }
}

static void read_little(struct run *run, struct client *client)
{
    char data[READ_BYTES];
    ssize_t count = recv(client->fd, data, sizeof data, 0);
    if (count > 0)
        take(run, client, data, (size_t)count);
    else if (count == 0 && client->reply.lasts_until_end)
        finish_reply(run, client);
    else if (count == 0)
        lose(run, client, PHASE_SLOW, CAUSE_CLOSED);
    else if (errno != EAGAIN && errno != EINTR)
        lose(run, client, PHASE_SLOW, errno);
}

/* A connection that takes no more may still hold replies: it is lost when they have been read. */
static void ask_more(const struct run *run, struct client *client)
{
    char outgoing[SEND_BYTES];
    client->begun = client->sent + 1 + SEND_BYTES / (uint32_t)run->dialogue->request_bytes;
    size_t count = client_outgoing(run, client, outgoing, sizeof outgoing);
    ssize_t sent = send(client->fd, outgoing, count, MSG_NOSIGNAL);
    if (sent > 0)
        client_sent(run, client, (size_t)sent);
}

void slow_readers_act(struct slow_readers *readers, struct run *run)
{
    if (readers->next_ns > run->now_ns)
        return;
    readers->next_ns = run->now_ns + EVERY_NS;
    for (unsigned i = 0; i < readers->count; i++) {
        if (readers->clients[i].state == CLIENT_OPEN)
            read_little(run, &readers->clients[i]);
        if (readers->clients[i].state == CLIENT_OPEN)
            ask_more(run, &readers->clients[i]);
    }
}
