/* Calls in which servers sleep more rarely: several messages or buffers, or bytes moved between two
 * descriptors. */
#include "observe/wait.h"
#include "tests/support/sleeper.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* What the children wait on; nothing ever happens to them. */
static int pair[2];
static int tube[2];
static int other_tube[2];
static int file;

static void open_all(void)
{
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    cr_assert_eq(pipe(tube), 0);
    cr_assert_eq(pipe(other_tube), 0);
    cr_assert_geq(file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), 0);
}

TestSuite(wait_calls, .init = open_all);

static void expect_wait_on(void (*sleep)(void), enum wait_kind kind, int fd, int other)
{
    struct wait wait = wait_of_child(sleep);
    cr_assert_not_null(wait.call);
    cr_expect_eq(wait.kind, kind, "%s: kind %d", wait.call, wait.kind);
    cr_expect_not(wait.is_timed, "%s", wait.call);
    cr_assert_eq(wait.descriptor_count, other < 0 ? 1 : 2, "%s", wait.call);
    cr_expect_eq(wait.descriptors[0], fd, "%s", wait.call);
    cr_expect(other < 0 || wait.descriptors[1] == other, "%s", wait.call);
}

static void splice_from_socket(void)
{
    child_is_ready();
    splice(pair[0], NULL, tube[1], NULL, 1, 0);
}

static void receive_messages(void)
{
    struct mmsghdr message = {0};
    child_is_ready();
    recvmmsg(pair[0], &message, 1, 0, NULL);
}

static void read_with_flags(void)
{
    char byte;
    struct iovec part = {.iov_base = &byte, .iov_len = 1};
    child_is_ready();
    ssize_t count = preadv2(pair[0], &part, 1, -1, 0);
    _exit((int)count);
}

static void tee_from_pipe(void)
{
    child_is_ready();
    ssize_t count = tee(tube[0], other_tube[1], 1, 0);
    _exit((int)count);
}

Test(wait_calls, receiving)
{
    expect_wait_on(receive_messages, WAIT_RECEIVE, pair[0], -1);
    expect_wait_on(read_with_flags, WAIT_RECEIVE, pair[0], -1);
    expect_wait_on(splice_from_socket, WAIT_RECEIVE, pair[0], tube[1]);
    expect_wait_on(tee_from_pipe, WAIT_RECEIVE, tube[0], other_tube[1]);
}

static void fill_socket(void)
{
    static const char data[4096];
    while (send(pair[0], data, sizeof data, MSG_DONTWAIT) > 0)
        continue;
}

static void send_messages(void)
{
    static char data[4096];
    struct iovec part = {.iov_base = data, .iov_len = sizeof data};
    struct mmsghdr message = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};
    fill_socket();
    child_is_ready();
    sendmmsg(pair[0], &message, 1, 0);
}

static void send_file(void)
{
    fill_socket();
    child_is_ready();
    ssize_t sent = sendfile(pair[0], file, NULL, 4096);
    _exit((int)sent);
}

Test(wait_calls, sending)
{
    expect_wait_on(send_messages, WAIT_SEND, pair[0], -1);
    expect_wait_on(send_file, WAIT_SEND, pair[0], file);
}
