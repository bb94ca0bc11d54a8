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

int player_prepare(struct player *player, struct arena *arena, const struct address *server)
{
    player->server = *server;
    player->fd = arena_socket(arena, server->any.sa_family, SOCK_STREAM, 0);
    if (player->fd < 0)
        return player->fd;
    if (player->has_short_segments)
        setsockopt(player->fd, IPPROTO_TCP, TCP_MAXSEG, &(int){ETHERNET_SEGMENT_BYTES},
                   sizeof(int));
    return socket_set_nonblocking(player->fd);
}

int player_connect(struct player *player, struct arena *arena, const struct address *server)
{
    int error = player->fd < 0 ? player_prepare(player, arena, server) : 0;
    if (error == 0 && connect(player->fd, &server->any, server->length_bytes) < 0)
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

bool player_drain(struct player *player, size_t most_bytes)
{
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
    player->has_left = true;
    player_push(player);
}

void player_reset(struct player *player)
{
    if (player->fd >= 0)
        socket_reset(player->fd);
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
    bytes_release(&player->said);
    bytes_release(&player->flooded);
    bytes_release(&player->word);
    bytes_release(&player->last_taken);
    answers_release(&player->awaited);
}
