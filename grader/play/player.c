#include "grader/play/player.h"

#include "base/clock.h"
#include "base/socket.h"
#include "grader/arena/arena.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* A handshake over loopback is done by the kernel alone, at once even on a busy machine. One that
 * takes longer has met a full accept queue; its first retry would come after a second. */
#define HANDSHAKE_NS (500 * NS_PER_MS)

#define ETHERNET_SEGMENT_BYTES 1460

static int wait_for_handshake(const struct player *player)
{
    struct pollfd done = {.fd = player->fd, .events = POLLOUT};
    if (poll(&done, 1, clock_timeout_ms(clock_now_ns() + HANDSHAKE_NS)) != 1)
        return -EINPROGRESS;
    return socket_error(player->fd);
}

/* At the server's own address, which is one of this machine's: so its own is known. */
static int prepare_udp(struct player *player)
{
    struct address own = player->server;
    if (own.any.sa_family == AF_INET6)
        own.v6.sin6_port = 0;
    else
        own.v4.sin_port = 0;
    int error = bind(player->fd, &own.any, own.length_bytes) < 0 ? -errno : 0;
    return error < 0 ? error : datagrams_prepare(player->fd);
}

int player_prepare(struct player *player, struct arena *arena, const struct address *server)
{
    bool is_udp = player->transport == TRANSPORT_UDP;
    player->server = *server;
    player->fd = arena_socket(arena, server->any.sa_family, is_udp ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (player->fd < 0)
        return player->fd;
    if (is_udp)
        return prepare_udp(player);
    if (player->has_short_segments)
        setsockopt(player->fd, IPPROTO_TCP, TCP_MAXSEG, &(int){ETHERNET_SEGMENT_BYTES},
                   sizeof(int));
    return socket_set_nonblocking(player->fd);
}

int player_connect(struct player *player, struct arena *arena, const struct address *server)
{
    int error = player->fd < 0 ? player_prepare(player, arena, server) : 0;
    bool is_udp = player->transport == TRANSPORT_UDP;
    if (error == 0 && !is_udp && connect(player->fd, &server->any, server->length_bytes) < 0)
        error = errno == EINPROGRESS ? wait_for_handshake(player) : -errno;
    if (error == 0)
        error = address_of_socket(player->fd, &player->local);
    return error;
}

bool player_found_no_way(int error)
{
    return error == -ENETUNREACH || error == -EHOSTUNREACH || error == -EADDRNOTAVAIL ||
           error == -EACCES || error == -EINVAL;
}

bool player_was_refused(int error)
{
    return error == -ECONNREFUSED || error == -ECONNRESET || error == -EINPROGRESS ||
           error == -EPIPE || player_found_no_way(error);
}

void player_give_up(struct player *player)
{
    if (player->fd >= 0)
        close(player->fd);
    player->fd = -1;
}

int player_push(struct player *player)
{
    struct bytes *outgoing = &player->outgoing;
    while (player->fd >= 0 && outgoing->length > 0) {
        ssize_t sent = send(player->fd, bytes_front(outgoing), outgoing->length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN ? 0 : -errno;
        bytes_consume(outgoing, (size_t)sent);
        player->sent_bytes += (size_t)sent;
    }
    if (player->has_left && player->fd >= 0)
        shutdown(player->fd, SHUT_WR);
    return 0;
}

int player_say_bytes(struct player *player, const void *data, size_t count)
{
    if (player->transport == TRANSPORT_UDP) {
        player->stream = STREAM_OPEN; /* it may be heard again */
        player->sent_bytes += count;
        return player->fd < 0 ? 0 : datagrams_send(player->fd, &player->server, data, count);
    }
    bytes_append(&player->outgoing, data, count);
    return player_push(player);
}

void player_begin_arrival(struct player *player)
{
    player->arrival = (struct arrival){0};
    player->drained_ns = clock_now_ns();
}

static void note_arrival(struct player *player, size_t bytes, bool is_new)
{
    struct arrival *arrival = &player->arrival;
    int64_t now_ns = clock_now_ns();
    if (is_new && arrival->first_ns == 0) {
        arrival->before_first_ns = player->drained_ns;
        arrival->first_ns = now_ns;
    }
    if (is_new) {
        arrival->before_last_ns = player->drained_ns;
        arrival->last_ns = now_ns;
        arrival->bytes += bytes;
    }
    player->drained_ns = now_ns;
}

bool player_has_more(const struct player *player)
{
    return player->has_datagram || player->received.length > 0;
}

size_t player_kept_bytes(const struct player *player)
{
    return player->received.length + player->behind.bytes;
}

static void show_next_datagram(struct player *player)
{
    struct datagram next;
    if (player->has_datagram || !datagrams_take(&player->behind, &next))
        return;
    player->has_datagram = true;
    bytes_release(&player->received);
    player->received = next.data;
    player->from = next.from;
    if (player->listens && player->server.length_bytes == 0)
        player->server = next.from;
}

void player_next_datagram(struct player *player)
{
    if (player->listens)
        player->server = player->from;
    bytes_release(&player->received);
    player->has_datagram = false;
    show_next_datagram(player);
}

bool player_hears_stranger(const struct player *player)
{
    return player->has_datagram && !player->listens &&
           !address_equal(&player->from, &player->server);
}

static bool drain_udp(struct player *player, size_t most_bytes)
{
    size_t begin_bytes = player->behind.bytes;
    int count = player->fd < 0
                    ? 0
                    : datagrams_receive(&player->behind, player->fd, begin_bytes + most_bytes);
    size_t bytes = player->behind.bytes - begin_bytes;
    if (count < 0)
        player->stream = STREAM_REFUSED;
    for (int i = 1; i <= count; i++) /* the newest are the last */
        player->came_bytes += player->behind.all[player->behind.count - (size_t)i].data.length;
    show_next_datagram(player);
    note_arrival(player, bytes, count != 0);
    return count != 0;
}

bool player_drain(struct player *player, size_t most_bytes)
{
    if (player->transport == TRANSPORT_UDP)
        return drain_udp(player, most_bytes);
    bool is_new = false;
    char data[4096];
    size_t begin_bytes = player->received.length;
    size_t end_bytes = begin_bytes + most_bytes;
    while (player->fd >= 0 && player->stream == STREAM_OPEN && !player->reads_nothing &&
           player->received.length < end_bytes) {
        size_t room = end_bytes - player->received.length;
        ssize_t count = recv(player->fd, data, room < sizeof data ? room : sizeof data, 0);
        if (count < 0 && errno == EAGAIN)
            break;
        if (count > 0)
            bytes_append(&player->received, data, (size_t)count);
        else
            player->stream = count < 0 ? STREAM_RESET : STREAM_ENDED;
        is_new = true;
    }
    player->came_bytes += player->received.length - begin_bytes;
    note_arrival(player, player->received.length - begin_bytes, is_new);
    return is_new;
}

struct bytes player_searched(const struct player *player)
{
    struct bytes searched = player->received;
    if (searched.length > PLAYER_SEARCHED_BYTES)
        searched.length = PLAYER_SEARCHED_BYTES;
    return searched;
}

void player_leave(struct player *player)
{
    if (player->transport == TRANSPORT_UDP)
        player_give_up(player);
    player->has_left = true;
    player_push(player);
}

void player_reset(struct player *player)
{
    if (player->fd >= 0 && player->transport == TRANSPORT_TCP)
        socket_reset(player->fd);
    else
        player_give_up(player);
    player->fd = -1;
}

void player_renew(struct player *player)
{
    struct player fresh = {.fd = -1, .name = player->name, .id = player->id};
    memcpy(fresh.usual_id, player->usual_id, sizeof fresh.usual_id);
    memcpy(fresh.usual_name, player->usual_name, sizeof fresh.usual_name);
    memcpy(fresh.who, player->who, sizeof fresh.who);
    fresh.has_short_segments = player->has_short_segments;
    fresh.is_overlooked = player->is_overlooked;
    fresh.transport = player->transport;
    player_release(player);
    *player = fresh;
}

void player_release(struct player *player)
{
    player_give_up(player);
    if (player->listener_fd > 0)
        close(player->listener_fd);
    bytes_release(&player->outgoing);
    bytes_release(&player->received);
    datagrams_release(&player->behind);
    bytes_release(&player->said);
    bytes_release(&player->flooded);
    bytes_release(&player->word);
    bytes_release(&player->last_taken);
    answers_release(&player->awaited);
}
