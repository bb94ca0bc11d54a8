#include "grader/player.h"

#include "base/clock.h"
#include "base/socket.h"
#include "grader/arena.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* A handshake over loopback is done by the kernel alone, at once even on a busy machine. One that
 * takes longer has met a full accept queue; its first retry would come after a second. */
#define HANDSHAKE_NS (500 * NS_PER_MS)

static int wait_for_handshake(const struct player *player)
{
    struct pollfd done = {.fd = player->fd, .events = POLLOUT};
    if (poll(&done, 1, clock_timeout_ms(clock_now_ns() + HANDSHAKE_NS)) != 1)
        return -EINPROGRESS;
    return socket_error(player->fd);
}

int player_connect(struct player *player, struct arena *arena, const struct address *server)
{
    player->server = *server;
    player->fd = arena_socket(arena, server->any.sa_family, SOCK_STREAM, 0);
    if (player->fd < 0)
        return player->fd;
    int error = socket_set_nonblocking(player->fd);
    if (error == 0 && connect(player->fd, &server->any, server->length_bytes) < 0)
        error = errno == EINPROGRESS ? wait_for_handshake(player) : -errno;
    if (error == 0)
        error = address_of_socket(player->fd, &player->local);
    return error;
}

bool player_was_refused(int error)
{
    return error == -ECONNREFUSED || error == -ECONNRESET || error == -EINPROGRESS ||
           error == -EPIPE;
}

void player_give_up(struct player *player)
{
    if (player->fd >= 0)
        close(player->fd);
    player->fd = -1;
}

int player_say(struct player *player, const char *text)
{
    size_t length = strlen(text);
    int error = socket_send_all(player->fd, text, length);
    if (error == 0)
        player->sent_bytes += length;
    return error;
}

bool player_drain(struct player *player)
{
    bool is_new = false;
    char data[4096];
    while (player->fd >= 0 && !player->has_seen_end) {
        ssize_t count = recv(player->fd, data, sizeof data, 0);
        if (count < 0 && errno == EAGAIN)
            break;
        if (count > 0)
            bytes_append(&player->received, data, (size_t)count);
        else
            player->has_seen_end = true;
        is_new = true;
    }
    return is_new;
}

void player_leave(struct player *player)
{
    if (player->fd >= 0)
        shutdown(player->fd, SHUT_WR);
}

void player_release(struct player *player)
{
    player_give_up(player);
    bytes_release(&player->received);
}
