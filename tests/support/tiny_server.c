/* Theory of operation: the thread polls its listener, its clients and a pipe that brings it orders,
 * 'o' to open up and 'e' to end. Nobody else touches its state while it runs.
 */
#include "tests/support/tiny_server.h"

#include "base/socket.h"
#include "tests/support/send_whole.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define RECEIVE_BYTES 65536

static void admit(struct tiny_server *server)
{
    int fd = accept(server->listener, NULL, NULL);
    size_t place = 0;
    while (place < server->guest_count && server->guests[place].fd >= 0)
        place++;
    server->admitted += fd >= 0;
    bool is_kept = server->admitted <= server->keeps && server->answer != NULL;
    if (fd >= 0 && is_kept && place < GUESTS_MAX) {
        server->guests[place] = (struct guest){.fd = fd, .number = server->admitted - 1};
        server->guest_count += place == server->guest_count;
    } else if (fd >= 0) {
        close(fd);
    }
}

static void attend(struct tiny_server *server, struct guest *guest)
{
    static char data[2 * RECEIVE_BYTES]; /* room to say everything twice */
    ssize_t count = recv(guest->fd, data, RECEIVE_BYTES, 0);
    if (count > 0 && server->answer(server, guest, data, (size_t)count))
        return;
    close(guest->fd);
    guest->fd = -1;
}

/* Answers what has been held back; from now on nothing is. */
static void open_up(struct tiny_server *server)
{
    server->is_open = true;
    for (size_t i = 0; i < server->guest_count; i++)
        send_whole(server->guests[i].fd, server->guests[i].kept, server->guests[i].kept_bytes);
}

/* False if the order was to end. */
static bool obey(struct tiny_server *server)
{
    char order = 'e';
    if (read(server->orders[0], &order, 1) == 1 && order == 'o')
        open_up(server);
    return order != 'e';
}

static void *serve(void *context)
{
    struct tiny_server *server = context;
    struct pollfd sockets[2 + GUESTS_MAX];
    for (;;) {
        nfds_t count = 2;
        sockets[0] = (struct pollfd){.fd = server->orders[0], .events = POLLIN};
        sockets[1] = (struct pollfd){.fd = server->listener, .events = POLLIN};
        for (size_t i = 0; i < server->guest_count; i++)
            sockets[count++] = (struct pollfd){.fd = server->guests[i].fd, .events = POLLIN};
        poll(sockets, count, -1);
        if (sockets[0].revents != 0 && !obey(server))
            break;
        for (size_t i = 0; i + 2 < count; i++)
            if (sockets[i + 2].revents != 0)
                attend(server, &server->guests[i]);
        if (sockets[1].revents != 0)
            admit(server);
    }
    while (poll(&sockets[1], 1, 0) == 1) /* whoever was connected is counted */
        admit(server);
    return NULL;
}

void tiny_server_start(struct tiny_server *server, answer_function *answer)
{
    tiny_server_start_keeping(server, answer, SIZE_MAX);
}

void tiny_server_start_keeping(struct tiny_server *server, answer_function *answer, size_t keeps)
{
    *server = (struct tiny_server){.answer = answer, .keeps = keeps};
    cr_assert_eq(address_parse_host("127.0.0.1", 0, &server->address), 0);
    server->listener = socket_listen(&server->address, GUESTS_MAX);
    cr_assert_geq(server->listener, 0);
    cr_assert_eq(address_of_socket(server->listener, &server->address), 0);
    cr_assert_eq(pipe(server->orders), 0);
    cr_assert_eq(pthread_create(&server->thread, NULL, serve, server), 0);
}

void tiny_server_open_up(struct tiny_server *server)
{
    cr_assert_eq(write(server->orders[1], "o", 1), 1);
}

void tiny_server_end(struct tiny_server *server)
{
    cr_assert_eq(write(server->orders[1], "e", 1), 1);
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < server->guest_count; i++)
        if (server->guests[i].fd >= 0)
            close(server->guests[i].fd);
    close(server->listener);
    close(server->orders[0]);
    close(server->orders[1]);
}

/*** Behaviours ***/

bool echo(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    (void)server;
    return send_whole(guest->fd, data, count) == 0;
}

bool echo_byte_by_byte(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    (void)server;
    socket_send_at_once(guest->fd);
    for (size_t i = 0; i < count; i++)
        if (send_whole(guest->fd, data + i, 1) < 0)
            return false;
    return true;
}

bool echo_with_a_wrong_byte(struct tiny_server *server, struct guest *guest, char *data,
                            size_t count)
{
    data[0] ^= 1;
    return echo(server, guest, data, count);
}

bool echo_twice(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    memcpy(data + count, data, count);
    return echo(server, guest, data, 2 * count);
}

bool repeat_the_first(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    if (guest->kept_bytes == 0) {
        memcpy(guest->kept, data, count);
        guest->kept_bytes = count;
    }
    return echo(server, guest, guest->kept, guest->kept_bytes);
}

bool swap_two(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    memcpy(guest->kept, data, count);
    guest->kept_bytes = count;
    struct guest *guests = server->guests;
    if (guests[0].kept_bytes == 0 || guests[1].kept_bytes == 0)
        return true;
    return echo(server, &guests[0], guests[1].kept, guests[1].kept_bytes) &&
           echo(server, &guests[1], guests[0].kept, guests[0].kept_bytes);
}

bool break_off_and_close(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    (void)count;
    echo(server, guest, data, 10);
    return false;
}

bool never_answer(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    (void)server, (void)guest, (void)data, (void)count;
    return true;
}

bool reset(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    (void)server, (void)data, (void)count;
    struct linger abort_at_close = {.l_onoff = 1};
    setsockopt(guest->fd, SOL_SOCKET, SO_LINGER, &abort_at_close, sizeof abort_at_close);
    return false;
}

bool reset_at_the_second(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    guest->kept_bytes += count;
    return guest->number > 0 || guest->kept_bytes <= 64 || reset(server, guest, data, count);
}

bool hold_back(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    if (server->is_open)
        return echo(server, guest, data, count);
    memcpy(guest->kept, data, count);
    guest->kept_bytes = count;
    return true;
}
