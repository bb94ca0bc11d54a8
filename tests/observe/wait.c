/* What sleeping tasks wait for, one child process for each way to sleep. */
#include "observe/wait.h"
#include "base/address.h"
#include "base/clock.h"
#include "base/socket.h"
#include "tests/support/sleeper.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What the children wait on; nothing ever happens to them. */
static int pair[2];
static int tube[2];
static int listener;
static int set;

static void open_all(void)
{
    struct address any;
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    cr_assert_eq(pipe(tube), 0);
    cr_assert_eq(address_parse_host("127.0.0.1", 0, &any), 0);
    cr_assert_geq(listener = socket_listen(&any, 1), 0);
    cr_assert_geq(set = epoll_create1(0), 0);
}

TestSuite(wait, .init = open_all);

static void expect_untimed(const struct wait *wait, enum wait_kind kind)
{
    cr_expect_eq(wait->kind, kind, "%s: kind %d", wait->call, wait->kind);
    cr_expect_not(wait->is_timed, "%s", wait->call);
    cr_expect_eq(wait->timeout_ns, -1, "%s: %lld", wait->call, (long long)wait->timeout_ns);
    cr_expect_not_null(wait->call);
}

static void expect_limit(const struct wait *wait, enum wait_kind kind, int64_t timeout_ns)
{
    cr_expect_eq(wait->kind, kind, "%s: kind %d", wait->call, wait->kind);
    cr_expect(wait->is_timed, "%s", wait->call);
    cr_expect_eq(wait->timeout_ns, timeout_ns, "%s: %lld", wait->call, (long long)wait->timeout_ns);
}

static void expect_descriptors(const struct wait *wait, size_t count, const int descriptors[])
{
    cr_assert_eq(wait->descriptor_count, count, "%s: %zu", wait->call, wait->descriptor_count);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(wait->descriptors[i], descriptors[i], "%s: %d", wait->call,
                     wait->descriptors[i]);
}

/*** Receiving, sending, accepting ***/

static void receive(void)
{
    char byte;
    child_is_ready();
    recv(pair[0], &byte, 1, 0);
}

Test(wait, receive_waits_on_its_socket_and_on_no_other)
{
    struct wait wait;
    struct stat status[2];
    cr_assert_eq(fstat(pair[0], &status[0]), 0);
    cr_assert_eq(fstat(pair[1], &status[1]), 0);
    pid_t child = child_start(receive);
    struct task task = task_asleep(child);
    wait_read(&wait, &task);
    expect_untimed(&wait, WAIT_RECEIVE);
    expect_descriptors(&wait, 1, (int[]){pair[0]});
    cr_expect(wait_is_on_socket(&wait, &task, (unsigned)status[0].st_ino));
    cr_expect_not(wait_is_on_socket(&wait, &task, (unsigned)status[1].st_ino));
    cr_expect_not(wait_is_on_socket(&wait, &task, 0));
    child_kill(child);
}

static void receive_message(void)
{
    struct msghdr message = {0};
    child_is_ready();
    recvmsg(pair[0], &message, 0);
}

static void read_pipe(void)
{
    char byte;
    child_is_ready();
    ssize_t count = read(tube[0], &byte, 1);
    _exit((int)count);
}

Test(wait, receive_has_several_calls)
{
    struct wait wait = wait_of_child(receive_message);
    expect_untimed(&wait, WAIT_RECEIVE);
    expect_descriptors(&wait, 1, (int[]){pair[0]});
    wait = wait_of_child(read_pipe);
    expect_untimed(&wait, WAIT_RECEIVE);
    expect_descriptors(&wait, 1, (int[]){tube[0]});
}

static void accept_nobody(void)
{
    child_is_ready();
    accept(listener, NULL, NULL);
}

static void accept4_nobody(void)
{
    child_is_ready();
    accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

Test(wait, accept_waits_on_its_listener)
{
    struct wait wait = wait_of_child(accept_nobody);
    expect_untimed(&wait, WAIT_ACCEPT);
    expect_descriptors(&wait, 1, &listener);
    wait = wait_of_child(accept4_nobody);
    expect_untimed(&wait, WAIT_ACCEPT);
    expect_descriptors(&wait, 1, &listener);
}

static void send_too_much(void)
{
    static const char data[4096];
    while (send(pair[0], data, sizeof data, MSG_DONTWAIT) > 0)
        continue;
    child_is_ready();
    send(pair[0], data, sizeof data, 0);
}

Test(wait, send_waits_for_room)
{
    struct wait wait = wait_of_child(send_too_much);
    expect_untimed(&wait, WAIT_SEND);
    expect_descriptors(&wait, 1, (int[]){pair[0]});
}

/*** Poll, select, epoll ***/

static int limit_ms; /* of the calls below; children inherit it */

static void poll_for_ever(void)
{
    struct pollfd entries[] = {{.fd = listener, .events = POLLIN},
                               {.fd = -1, .events = POLLIN},
                               {.fd = pair[0], .events = POLLIN}};
    child_is_ready();
    for (;;)
        poll(entries, 3, limit_ms);
}

static void ppoll_for_ever(void)
{
    struct pollfd entry = {.fd = tube[0], .events = POLLIN};
    struct timespec limit = {.tv_sec = limit_ms / 1000, .tv_nsec = limit_ms % 1000 * NS_PER_MS};
    child_is_ready();
    for (;;)
        ppoll(&entry, 1, limit_ms < 0 ? NULL : &limit, NULL);
}

static void select_for_ever(void)
{
    child_is_ready();
    for (;;) {
        struct timeval limit = {.tv_sec = limit_ms / 1000, .tv_usec = limit_ms % 1000 * 1000L};
        fd_set readers;
        FD_ZERO(&readers);
        FD_SET(listener, &readers);
        FD_SET(pair[0], &readers);
        select(FD_SETSIZE, &readers, NULL, NULL, limit_ms < 0 ? NULL : &limit);
    }
}

static void epoll_for_ever(void)
{
    struct epoll_event event;
    child_is_ready();
    for (;;)
        epoll_wait(set, &event, 1, limit_ms);
}

static child_function *const ready_calls[] = {poll_for_ever, ppoll_for_ever, select_for_ever,
                                              epoll_for_ever};

Test(wait, readiness_without_a_time_out_is_not_timed)
{
    limit_ms = -1;
    for (size_t i = 0; i < sizeof ready_calls / sizeof ready_calls[0]; i++) {
        struct wait wait = wait_of_child(ready_calls[i]);
        expect_untimed(&wait, WAIT_READY);
    }
}

Test(wait, readiness_with_a_time_out_is_timed)
{
    static const int limits_ms[] = {500, 5000, 5001, 60000};
    for (size_t j = 0; j < sizeof limits_ms / sizeof limits_ms[0]; j++) {
        limit_ms = limits_ms[j];
        for (size_t i = 0; i < sizeof ready_calls / sizeof ready_calls[0]; i++) {
            struct wait wait = wait_of_child(ready_calls[i]);
            expect_limit(&wait, WAIT_READY, limit_ms * NS_PER_MS);
        }
    }
}

Test(wait, poll_waits_on_the_descriptors_of_its_set)
{
    limit_ms = -1;
    struct wait wait = wait_of_child(poll_for_ever);
    expect_descriptors(&wait, 2, (int[]){listener, pair[0]});
    wait = wait_of_child(ppoll_for_ever);
    expect_descriptors(&wait, 1, (int[]){tube[0]});
}

Test(wait, select_waits_on_the_descriptors_of_its_sets)
{
    limit_ms = 500;
    int low = listener < pair[0] ? listener : pair[0];
    int high = listener < pair[0] ? pair[0] : listener;
    struct wait wait = wait_of_child(select_for_ever);
    expect_descriptors(&wait, 2, (int[]){low, high});
}

static void select_for_writing(void)
{
    static const char data[4096];
    while (send(pair[0], data, sizeof data, MSG_DONTWAIT) > 0)
        continue;
    fd_set writers;
    FD_ZERO(&writers);
    FD_SET(pair[0], &writers);
    child_is_ready();
    select(pair[0] + 1, NULL, &writers, NULL, NULL);
}

Test(wait, select_waits_on_those_it_wants_to_write_to)
{
    struct wait wait = wait_of_child(select_for_writing);
    expect_untimed(&wait, WAIT_READY);
    expect_descriptors(&wait, 1, (int[]){pair[0]});
}

Test(wait, epoll_waits_on_the_descriptors_of_its_set)
{
    struct epoll_event event = {.events = EPOLLIN};
    limit_ms = -1;
    struct wait wait = wait_of_child(epoll_for_ever);
    expect_descriptors(&wait, 0, NULL);
    cr_assert_eq(epoll_ctl(set, EPOLL_CTL_ADD, listener, &event), 0);
    wait = wait_of_child(epoll_for_ever);
    expect_descriptors(&wait, 1, &listener);

    struct stat status;
    cr_assert_eq(fstat(listener, &status), 0);
    pid_t child = child_start(epoll_for_ever);
    struct task task = task_asleep(child);
    wait_read(&wait, &task);
    cr_expect(wait_is_on_socket(&wait, &task, (unsigned)status.st_ino));
    child_kill(child);
}

static void poll_a_hundred(void)
{
    struct pollfd entries[100];
    for (size_t i = 0; i < 100; i++)
        entries[i] = (struct pollfd){.fd = pair[0], .events = POLLIN};
    child_is_ready();
    poll(entries, 100, -1);
}

Test(wait, lists_no_more_descriptors_than_it_has_room_for)
{
    struct wait wait = wait_of_child(poll_a_hundred);
    cr_expect_eq(wait.kind, WAIT_READY);
    cr_expect_eq(wait.descriptor_count, WAIT_DESCRIPTORS_MAX);
}

/*** Time ***/

static struct timespec limit;

static void sleep_again_and_again(void)
{
    child_is_ready();
    for (;;)
        nanosleep(&limit, NULL);
}

/* Until `limit` from now, by a clock's absolute time. */
static void sleep_until_again_and_again(void)
{
    child_is_ready();
    for (;;) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += limit.tv_sec;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
}

Test(wait, sleep_is_timed)
{
    limit = (struct timespec){.tv_sec = 2, .tv_nsec = 5};
    struct wait wait = wait_of_child(sleep_again_and_again);
    expect_limit(&wait, WAIT_TIME, 2 * NS_PER_S + 5);
    limit = (struct timespec){.tv_sec = 3600};
    wait = wait_of_child(sleep_again_and_again);
    expect_limit(&wait, WAIT_TIME, 3600 * NS_PER_S);
}

Test(wait, sleep_until_a_moment_is_timed)
{
    limit = (struct timespec){.tv_sec = 3};
    struct wait wait = wait_of_child(sleep_until_again_and_again);
    cr_expect_eq(wait.kind, WAIT_TIME);
    cr_expect(wait.is_timed && wait.is_left);
    cr_expect_leq(wait.timeout_ns, 3 * NS_PER_S);
    limit = (struct timespec){.tv_sec = 36000};
    wait = wait_of_child(sleep_until_again_and_again);
    cr_expect_eq(wait.kind, WAIT_TIME);
    cr_expect(wait.is_timed && wait.is_left);
    cr_expect(wait.timeout_ns > 35000 * NS_PER_S && wait.timeout_ns <= 36000 * NS_PER_S);
}
