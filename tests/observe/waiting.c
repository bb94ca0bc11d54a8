/* Who waits for whom: children that sleep on sockets. */
#include "observe/waiting/waiting.h"

#include "base/address.h"
#include "base/socket.h"
#include "observe/socket_owner.h"
#include "observe/tcp.h"
#include "tests/support/sleeper.h"

#include <criterion/criterion.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than struct wait has room for. */
#define MANY 100

static int pairs[MANY][2];
static int set;

static unsigned inode_of(int fd)
{
    struct stat status;
    cr_assert_eq(fstat(fd, &status), 0);
    return (unsigned)status.st_ino;
}

static void open_all(void)
{
    cr_assert_geq(set = epoll_create1(0), 0);
    for (int i = 0; i < MANY; i++) {
        struct epoll_event event = {.events = EPOLLIN};
        cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
        cr_assert_eq(epoll_ctl(set, EPOLL_CTL_ADD, pairs[i][0], &event), 0);
    }
}

TestSuite(waiting, .init = open_all, .timeout = 60);

static void wait_for_all(void)
{
    struct epoll_event event;
    child_is_ready();
    epoll_wait(set, &event, 1, -1);
}

static void receive_one(void)
{
    char byte;
    child_is_ready();
    recv(pairs[3][0], &byte, 1, 0);
}

Test(waiting, knows_all_sockets_of_a_large_epoll_set)
{
    pid_t child = child_start(wait_for_all);
    struct task task = task_asleep(child);
    const struct task_list tasks = {.tasks = &task, .count = 1};
    struct waiting waiting = {0};
    waiting_read(&waiting, &tasks);
    cr_assert_eq(waiting.count, 1);
    cr_expect_eq(waiting.waiters[0].kind, WAIT_READY);
    cr_expect_eq(waiting.waiters[0].inode_count, MANY);
    for (int i = 0; i < MANY; i++) {
        cr_expect(waiter_is_on(&waiting.waiters[0], inode_of(pairs[i][0])), "%d", i);
        cr_expect_not(waiter_is_on(&waiting.waiters[0], inode_of(pairs[i][1])), "%d", i);
    }
    cr_expect_not(waiter_is_on(&waiting.waiters[0], 0));
    waiting_release(&waiting);
    child_kill(child);
}

Test(waiting, reads_again_only_what_has_run)
{
    pid_t child = child_start(receive_one);
    struct task task = task_asleep(child);
    const struct task_list tasks = {.tasks = &task, .count = 1};
    struct waiting waiting = {0};
    cr_expect(waiting_has_moved(&waiting, &tasks), "it is new");
    waiting_read(&waiting, &tasks);
    cr_expect(waiting.waiters[0].has_moved);
    cr_expect_not(waiting_has_moved(&waiting, &tasks));
    waiting_read(&waiting, &tasks);
    cr_expect_not(waiting.waiters[0].has_moved);
    cr_expect(waiter_is_on(&waiting.waiters[0], inode_of(pairs[3][0])));
    task.switches++;
    cr_expect(waiting_has_moved(&waiting, &tasks));
    waiting_read(&waiting, &(struct task_list){0});
    cr_expect_eq(waiting.count, 0);
    waiting_release(&waiting);
    child_kill(child);
}

Test(waiting, finds_who_has_a_socket)
{
    struct socket_owner owners[] = {{.inode = inode_of(pairs[0][0])}, {.inode = 1}};
    socket_owners_find(owners, 2);
    cr_expect_eq(owners[0].pid, getpid());
    cr_expect_eq(owners[1].pid, 0);
    pid_t child = child_start(receive_one);
    cr_expect_eq(socket_owner_topmost(child, owners[0].inode), getpid());
    cr_expect_eq(process_parent(child), getpid());
    child_kill(child);
}

/* Bytes that came, read or not; and the end of the other side is none of them. */
Test(waiting, counts_the_bytes_of_a_connection)
{
    struct address at, peer;
    char buffer[8];
    struct tcp_table table = {0};
    cr_assert_eq(address_parse_host("127.0.0.1", 0, &at), 0);
    int listener = socket_listen(&at, 1), netlink = tcp_table_open();
    cr_assert_eq(address_of_socket(listener, &at), 0);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(connect(client, &at.any, at.length_bytes), 0);
    cr_assert_eq(address_of_socket(client, &peer), 0);
    int server = accept(listener, NULL, NULL);
    cr_assert_eq(send(client, "hello", 5, 0), 5);
    cr_assert_eq(recv(server, buffer, 2, MSG_WAITALL), 2);
    cr_assert_eq(send(server, "abc", 3, 0), 3);
    shutdown(client, SHUT_WR);
    cr_assert_eq(recv(server, buffer, 3, MSG_WAITALL), 3);
    cr_assert_eq(recv(server, buffer, 1, 0), 0);
    cr_assert_eq(tcp_table_read_counts(&table, netlink), 0);
    const struct tcp_row *row = tcp_table_find(&table, &at, &peer);
    cr_assert_not_null(row);
    cr_expect(row->has_counts);
    cr_expect_eq(row->state, STATE_CLOSE_WAIT);
    cr_expect_eq(row->came_bytes, 5);
    cr_expect_eq(row->went_bytes, 3);
    cr_assert_eq(tcp_table_read(&table, netlink), 0);
    cr_expect_not(tcp_table_find(&table, &at, &peer)->has_counts);
    tcp_table_release(&table);
}
