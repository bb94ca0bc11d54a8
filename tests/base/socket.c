/* TCP sockets, by what the kernel and the peer make of them. */
#include "base/socket.h"
#include "base/address.h"
#include "base/clock.h"
#include "base/descriptor_passing.h"
#include "tests/support/send_whole.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Bounds a wait for what must come; no test passes or fails by how long it took. */
#define LONG_NS (60 * NS_PER_S)

static int64_t in_a_long_time(void)
{
    return clock_now_ns() + LONG_NS;
}

static struct address loopback(const char *host)
{
    struct address address;
    cr_assert_eq(address_parse_host(host, 0, &address), 0);
    return address;
}

static int listen_on(const char *host, struct address *bound)
{
    struct address any = loopback(host);
    int fd = socket_listen(&any, 8);
    cr_assert_geq(fd, 0, "%s", strerror(-fd));
    cr_assert_eq(address_of_socket(fd, bound), 0);
    return fd;
}

static int connect_to(const struct address *address)
{
    int fd = socket_connect_start(address, NULL, 0);
    cr_assert_geq(fd, 0, "%s", strerror(-fd));
    struct pollfd writable = {.fd = fd, .events = POLLOUT};
    cr_assert_eq(poll(&writable, 1, clock_timeout_ms(in_a_long_time())), 1);
    return fd;
}

static void connect_a_pair(int *client, int *server)
{
    struct address address;
    int listener = listen_on("127.0.0.1", &address);
    *client = connect_to(&address);
    *server = accept(listener, NULL, NULL);
    cr_assert_geq(*server, 0);
    close(listener);
}

static void expect_connection(const char *host)
{
    struct address address;
    int listener = listen_on(host, &address);
    cr_expect_neq(address_port(&address), 0);
    cr_expect(fcntl(listener, F_GETFD) & FD_CLOEXEC);
    cr_expect_not(fcntl(listener, F_GETFL) & O_NONBLOCK);

    int client = connect_to(&address);
    cr_expect_eq(socket_error(client), 0);
    cr_expect(fcntl(client, F_GETFD) & FD_CLOEXEC);
    cr_expect(fcntl(client, F_GETFL) & O_NONBLOCK);
    int server = accept(listener, NULL, NULL);
    cr_assert_geq(server, 0);

    struct address mine;
    struct address peers;
    char mine_text[ADDRESS_TEXT_BYTES];
    char peers_text[ADDRESS_TEXT_BYTES];
    cr_assert_eq(address_of_socket(client, &mine), 0);
    cr_assert_eq(address_of_peer(server, &peers), 0);
    cr_expect_str_eq(address_text(&mine, mine_text), address_text(&peers, peers_text));
    cr_expect_eq(mine.length_bytes, address.length_bytes);
    close(client);
    close(server);
    close(listener);
}

Test(socket, listens_and_connects_over_ipv4)
{
    expect_connection("127.0.0.1");
}

Test(socket, listens_and_connects_over_ipv6)
{
    expect_connection("::1");
}

Test(socket, tells_once_that_a_connection_was_refused)
{
    struct address address = loopback("127.0.0.1");
    int bound = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); /* holds the port, serves nobody */
    cr_assert_eq(bind(bound, &address.any, address.length_bytes), 0);
    cr_assert_eq(address_of_socket(bound, &address), 0);
    int fd = connect_to(&address);
    cr_expect_eq(socket_error(fd), -ECONNREFUSED);
    cr_expect_eq(socket_error(fd), 0);
    close(fd);
    close(bound);
}

Test(socket, reports_what_cannot_be_done)
{
    struct address address;
    int listener = listen_on("127.0.0.1", &address);
    cr_expect_eq(socket_listen(&address, 8), -EADDRINUSE);
    cr_expect_eq(address_of_peer(listener, &address), -ENOTCONN);
    close(listener);
    cr_expect_eq(socket_error(-1), -EBADF);
    cr_expect_eq(socket_set_nonblocking(-1), -EBADF);
    cr_expect_eq(socket_send_at_once(-1), -EBADF);
    cr_expect_eq(address_of_socket(-1, &address), -EBADF);
    struct address nowhere = {.any.sa_family = AF_UNSPEC, .length_bytes = sizeof nowhere.v4};
    cr_expect_lt(socket_listen(&nowhere, 8), 0);
    cr_expect_lt(socket_connect_start(&nowhere, NULL, 0), 0);
}

#define MUCH_BYTES (8U << 20) /* more than the buffers of both ends hold */

static void *send_much(void *fd)
{
    char *data = malloc(MUCH_BYTES);
    for (unsigned i = 0; i < MUCH_BYTES; i++)
        data[i] = (char)(i * 2654435761U >> 24);
    int error = send_whole(*(const int *)fd, data, MUCH_BYTES);
    free(data);
    close(*(const int *)fd);
    return error == 0 ? NULL : fd;
}

static void notice_nothing(int number)
{
    (void)number;
}

/* Signals cut short the calls of the sender, which waits for room most of the time. */
Test(socket, sends_all_however_much_it_is_and_however_often_it_is_interrupted)
{
    int client;
    int server;
    pthread_t sender;
    struct sigaction action = {.sa_handler = notice_nothing};
    sigaction(SIGUSR1, &action, NULL);
    connect_a_pair(&client, &server);
    cr_assert_eq(pthread_create(&sender, NULL, send_much, &server), 0);
    fcntl(client, F_SETFL, 0); /* blocking */
    unsigned received = 0;
    char buffer[65536];
    ssize_t count;
    while ((count = recv(client, buffer, sizeof buffer, 0)) > 0) {
        for (ssize_t i = 0; i < count; i++, received++)
            cr_assert_eq(buffer[i], (char)(received * 2654435761U >> 24), "byte %u", received);
        pthread_kill(sender, SIGUSR1);
    }
    void *failed = NULL;
    pthread_join(sender, &failed);
    cr_expect_null(failed);
    cr_expect_eq(received, MUCH_BYTES);
    close(client);
}

Test(socket, sends_to_nobody_without_a_signal)
{
    int pair[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    close(pair[1]);
    cr_expect_eq(send_whole(pair[0], "x", 1), -EPIPE);
    cr_expect_eq(send_whole(pair[0], "x", 0), 0);
    close(pair[0]);
}

Test(socket, reset_is_seen_by_the_peer)
{
    int client;
    int server;
    char byte;
    connect_a_pair(&client, &server);
    socket_reset(client);
    cr_expect_eq(recv(server, &byte, 1, 0), -1);
    cr_expect_eq(errno, ECONNRESET);
    close(server);
}

/* With bytes that nobody reads, which would hold up close(2) for a day. */
Test(socket, closes_a_copy_that_lingers, .timeout = 60)
{
    int client;
    int server;
    char data[65536] = "";
    const struct linger a_day = {.l_onoff = 1, .l_linger = 86400};
    connect_a_pair(&client, &server);
    while (send(client, data, sizeof data, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
        continue;
    cr_assert_eq(setsockopt(client, SOL_SOCKET, SO_LINGER, &a_day, sizeof a_day), 0);
    for (int i = 0; i < 3; i++)
        socket_close_copy(dup(client));
    cr_expect_eq(send(client, data, 1, MSG_DONTWAIT | MSG_NOSIGNAL), -1);
    cr_expect_eq(errno, EAGAIN, "the others' socket is as it was");
    socket_close_copy(client);
    close(server);
}

Test(socket, sets_what_it_is_asked_to)
{
    int client;
    int server;
    connect_a_pair(&client, &server);
    int at_once = 0;
    socklen_t size_bytes = sizeof at_once;
    cr_expect_eq(socket_send_at_once(server), 0);
    cr_assert_eq(getsockopt(server, IPPROTO_TCP, TCP_NODELAY, &at_once, &size_bytes), 0);
    cr_expect(at_once);
    cr_expect_eq(socket_set_nonblocking(server), 0);
    cr_expect(fcntl(server, F_GETFL) & O_NONBLOCK);
    close(client);
    close(server);
}

Test(socket, raises_the_limit_of_descriptors_to_the_hard_one)
{
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_max = limit.rlim_max < 3000 ? limit.rlim_max : 3000;
    limit.rlim_cur = limit.rlim_max / 2;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    cr_expect_eq(socket_raise_descriptor_limit(), limit.rlim_max);
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    cr_expect_eq(limit.rlim_cur, limit.rlim_max);
}

/* A Unix socket that keeps messages apart. */
static void open_messages(int pair[2])
{
    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
}

Test(socket, descriptors_arrive_in_order_and_close_on_exec)
{
    int pair[2];
    int ends[2];
    int passed[DESCRIPTORS_PASSED_MAX];
    char message[8];
    char byte = 0;
    open_messages(pair);
    cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
    cr_assert_eq(descriptors_send(pair[0], "two", 3, ends, 2, 0), 0);
    cr_expect_eq(descriptors_receive(pair[1], message, sizeof message, passed, 2), 3);
    cr_expect_eq(memcmp(message, "two", 3), 0);
    cr_expect_eq(write(passed[1], "x", 1), 1);
    cr_expect_eq(read(passed[0], &byte, 1), 1);
    cr_expect_eq(fcntl(passed[0], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    for (int i = 0; i < 2; i++) {
        descriptor_close(&passed[i]);
        close(ends[i]);
        close(pair[i]);
        cr_expect_eq(passed[i], -1);
    }
}

Test(socket, a_message_may_come_without_a_descriptor_and_the_end_is_told)
{
    int pair[2];
    int passed = 0;
    char message[8];
    open_messages(pair);
    cr_assert_eq(descriptors_send(pair[0], "none", 4, NULL, 0, 0), 0);
    cr_expect_eq(descriptors_receive(pair[1], message, sizeof message, &passed, 1), 4);
    cr_expect_eq(passed, -1);
    close(pair[0]);
    cr_expect_eq(descriptors_receive(pair[1], message, sizeof message, &passed, 1), -EPIPE);
    cr_expect_eq(descriptors_send(pair[1], "x", 1, NULL, 0, 0), -EPIPE);
    close(pair[1]);
}

Test(socket, more_descriptors_than_there_is_room_for_are_an_error)
{
    int pair[2];
    int passed = 0;
    char message[8];
    open_messages(pair);
    cr_assert_eq(descriptors_send(pair[0], "two", 3, pair, 2, 0), 0);
    cr_expect_eq(descriptors_receive(pair[1], message, sizeof message, &passed, 1), -EMFILE);
    close(pair[0]);
    close(pair[1]);
}
