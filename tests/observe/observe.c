/* The kernel's table of TCP sockets, by the test's own sockets in it.
 *
 * Others come and go in the same table: only rows with our own addresses are looked at. The kernel
 * may finish a handshake or deliver bytes a moment after the call that began it has returned, so
 * each state is awaited, with a deadline that only a failure meets.
 */
#include "base/address.h"
#include "base/clock.h"
#include "base/socket.h"
#include "observe/descriptor.h"
#include "observe/snapshot.h"
#include "observe/tcp.h"
#include "observe/wait.h"
#include "tests/support/sleeper.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 7

/*** Our own sockets in the table ***/

static int netlink_fd = -1;
static int listener = -1;
static int client = -1;
static struct address server_address;
static struct address client_address;

static void open_table(void)
{
    netlink_fd = tcp_table_open();
    cr_assert_geq(netlink_fd, 0, "%s", strerror(-netlink_fd));
}

static void close_all(void)
{
    close(netlink_fd);
    close(listener);
    close(client);
}

TestSuite(tcp, .init = open_table, .fini = close_all);

static void listen_on(const char *host)
{
    struct address any;
    cr_assert_eq(address_parse_host(host, 0, &any), 0);
    listener = socket_listen(&any, BACKLOG);
    cr_assert_geq(listener, 0);
    cr_assert_eq(address_of_socket(listener, &server_address), 0);
}

static int connect_blocking(const struct address *address)
{
    int fd = socket(address->any.sa_family, SOCK_STREAM, 0);
    cr_assert_eq(connect(fd, &address->any, address->length_bytes), 0, "%s", strerror(errno));
    return fd;
}

static void connect_client(void)
{
    client = connect_blocking(&server_address);
    cr_assert_eq(address_of_socket(client, &client_address), 0);
}

static unsigned inode_of(int fd)
{
    struct stat status;
    cr_assert_eq(fstat(fd, &status), 0);
    return (unsigned)status.st_ino;
}

/* The row of a connection, as soon as it has this state and this receive queue. */
static struct tcp_row await_row(const struct address *local, const struct address *remote,
                                enum tcp_state state, unsigned receive_queue)
{
    struct tcp_table table = {0};
    struct tcp_row found = {0};
    bool is_there = false;
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    while (!is_there && clock_now_ns() < deadline_ns) {
        sched_yield();
        cr_assert_eq(tcp_table_read(&table, netlink_fd), 0);
        const struct tcp_row *row = tcp_table_find(&table, local, remote);
        if (row == NULL)
            continue;
        found = *row;
        is_there = row->state == state && row->receive_queue == receive_queue;
    }
    tcp_table_release(&table);
    cr_assert(is_there, "last seen %s with %u received", tcp_state_name(found.state),
              found.receive_queue);
    return found;
}

static struct tcp_row await_listener(unsigned receive_queue)
{
    struct address nobody;
    bool is_v6 = server_address.any.sa_family == AF_INET6;
    cr_assert_eq(address_parse_host(is_v6 ? "::" : "0.0.0.0", 0, &nobody), 0);
    return await_row(&server_address, &nobody, STATE_LISTEN, receive_queue);
}

/*** What the columns mean ***/

Test(tcp, listener_tells_its_backlog_and_its_inode)
{
    listen_on("127.0.0.1");
    struct tcp_row row = await_listener(0);
    cr_expect_eq(row.send_queue, BACKLOG);
    cr_expect_eq(row.inode, inode_of(listener));
}

Test(tcp, client_that_nobody_accepted_has_no_inode_and_stands_in_the_listeners_queue)
{
    listen_on("127.0.0.1");
    connect_client();
    struct tcp_row row = await_row(&server_address, &client_address, STATE_ESTABLISHED, 0);
    cr_expect_eq(row.inode, 0);
    row = await_listener(1);
    cr_expect_eq(row.send_queue, BACKLOG);
    row = await_row(&client_address, &server_address, STATE_ESTABLISHED, 0);
    cr_expect_eq(row.inode, inode_of(client));
}

Test(tcp, what_an_unaccepted_client_has_sent_stands_in_its_receive_queue)
{
    listen_on("127.0.0.1");
    connect_client();
    cr_assert_eq(send(client, "hello", 5, MSG_NOSIGNAL), 5);
    struct tcp_row row = await_row(&server_address, &client_address, STATE_ESTABLISHED, 5);
    cr_expect_eq(row.inode, 0);
    await_listener(1);
}

Test(tcp, accepted_client_has_the_inode_of_its_descriptor)
{
    listen_on("127.0.0.1");
    connect_client();
    int server = accept(listener, NULL, NULL);
    struct tcp_row row = await_row(&server_address, &client_address, STATE_ESTABLISHED, 0);
    cr_expect_eq(row.inode, inode_of(server));
    cr_expect_neq(row.inode, 0);
    await_listener(0);
    close(server);
}

Test(tcp, listener_counts_all_who_wait)
{
    int clients[BACKLOG];
    listen_on("127.0.0.1");
    for (unsigned i = 0; i < BACKLOG; i++) {
        clients[i] = connect_blocking(&server_address);
        await_listener(i + 1);
    }
    for (unsigned i = 0; i < BACKLOG; i++)
        close(clients[i]);
}

Test(tcp, closing_is_seen_from_both_ends)
{
    listen_on("127.0.0.1");
    connect_client();
    int server = accept(listener, NULL, NULL);
    close(client);
    struct tcp_row row = await_row(&server_address, &client_address, STATE_CLOSE_WAIT, 1);
    cr_expect_eq(row.inode, inode_of(server));
    row = await_row(&client_address, &server_address, STATE_FIN_WAIT2, 0);
    cr_expect_eq(row.inode, 0);
    close(server);
    await_row(&client_address, &server_address, STATE_TIME_WAIT, 0);
}

Test(tcp, connection_that_was_reset_is_gone)
{
    listen_on("127.0.0.1");
    connect_client();
    await_row(&server_address, &client_address, STATE_ESTABLISHED, 0);
    socket_reset(client);
    struct tcp_table table = {0};
    const struct tcp_row *row = NULL;
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    do {
        cr_assert_eq(tcp_table_read(&table, netlink_fd), 0);
        row = tcp_table_find(&table, &client_address, &server_address);
    } while (row != NULL && clock_now_ns() < deadline_ns);
    cr_expect_null(row);
    tcp_table_release(&table);
}

/*** Addresses and tables ***/

Test(tcp, ipv6_clients_are_found)
{
    listen_on("::1");
    connect_client();
    struct tcp_row row = await_row(&server_address, &client_address, STATE_ESTABLISHED, 0);
    cr_expect_eq(row.inode, 0);
    cr_expect_eq(await_listener(1).send_queue, BACKLOG);
}

/* Its rows say ::ffff:127.0.0.1; the client knows itself as 127.0.0.1. */
Test(tcp, ipv4_client_of_an_ipv6_listener_is_found_by_its_ipv4_addresses)
{
    int no = 0;
    cr_assert_eq(address_parse_host("::", 0, &server_address), 0);
    listener = socket(AF_INET6, SOCK_STREAM, 0);
    cr_assert_eq(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no), 0);
    cr_assert_eq(bind(listener, &server_address.any, server_address.length_bytes), 0);
    cr_assert_eq(listen(listener, BACKLOG), 0);
    cr_assert_eq(address_of_socket(listener, &server_address), 0);
    uint16_t port = address_port(&server_address);
    cr_assert_eq(address_parse_host("127.0.0.1", port, &server_address), 0);
    connect_client();
    struct tcp_row row = await_row(&server_address, &client_address, STATE_ESTABLISHED, 0);
    cr_expect_eq(row.inode, 0);
    int server = accept(listener, NULL, NULL);
    row = await_row(&server_address, &client_address, STATE_ESTABLISHED, 0);
    cr_expect_eq(row.inode, inode_of(server));
    close(server);
}

Test(tcp, table_has_room_for_all_however_many)
{
    enum { MANY = 400 };
    static struct address addresses[MANY];
    static int fds[MANY];
    struct tcp_table table = {0};
    struct address any;
    struct address nobody;
    socket_raise_descriptor_limit();
    cr_assert_eq(address_parse_host("127.0.0.1", 0, &any), 0);
    cr_assert_eq(address_parse_host("0.0.0.0", 0, &nobody), 0);
    for (int i = 0; i < MANY; i++) {
        fds[i] = socket_listen(&any, BACKLOG);
        cr_assert_geq(fds[i], 0, "%s", strerror(-fds[i]));
        cr_assert_eq(address_of_socket(fds[i], &addresses[i]), 0);
    }
    for (int round = 0; round < 2; round++) {
        cr_assert_eq(tcp_table_read(&table, netlink_fd), 0);
        for (int i = 0; i < MANY; i++)
            cr_assert_not_null(tcp_table_find(&table, &addresses[i], &nobody), "listener %d", i);
    }
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
    tcp_table_release(&table);
    cr_expect_eq(table.count, 0);
}

Test(tcp, table_is_that_of_the_namespace_in_which_it_was_opened)
{
    listen_on("127.0.0.1");
    if (unshare(CLONE_NEWNET) < 0)
        cr_skip_test("no network namespace of our own: %s", strerror(errno));
    await_listener(0);
    struct tcp_table table = {0};
    int inner_fd = tcp_table_open();
    cr_assert_eq(tcp_table_read(&table, inner_fd), 0);
    cr_expect_eq(table.count, 0);
    tcp_table_release(&table);
    close(inner_fd);
}

Test(tcp, table_that_cannot_be_read_says_why)
{
    struct tcp_table table = {0};
    cr_expect_eq(tcp_table_read(&table, -1), -EBADF);
    tcp_table_release(&table);
}

static struct tcp_row some_row(void)
{
    struct tcp_row row = {
        .state = STATE_ESTABLISHED, .receive_queue = 1, .send_queue = 2, .inode = 3};
    cr_assert_eq(address_parse("127.0.0.1:4", &row.local), 0);
    cr_assert_eq(address_parse("127.0.0.1:5", &row.remote), 0);
    return row;
}

Test(tcp, tables_are_equal_only_if_every_column_is)
{
    struct tcp_row rows[] = {some_row(), some_row()};
    struct tcp_row others[] = {some_row(), some_row()};
    struct tcp_table left = {.rows = rows, .count = 2};
    struct tcp_table right = {.rows = others, .count = 2};
    cr_expect(tcp_tables_equal(&left, &right));
    right.count = 1;
    cr_expect_not(tcp_tables_equal(&left, &right));
    right.count = 2;

    others[1].state = STATE_CLOSE_WAIT;
    cr_expect_not(tcp_tables_equal(&left, &right));
    others[1] = some_row();
    others[1].receive_queue++;
    cr_expect_not(tcp_tables_equal(&left, &right));
    others[1] = some_row();
    others[1].send_queue++;
    cr_expect_not(tcp_tables_equal(&left, &right));
    others[1] = some_row();
    others[1].inode = 0;
    cr_expect_not(tcp_tables_equal(&left, &right));
    others[1] = some_row();
    cr_assert_eq(address_parse("127.0.0.2:4", &others[1].local), 0);
    cr_expect_not(tcp_tables_equal(&left, &right));
    others[1] = some_row();
    cr_assert_eq(address_parse("127.0.0.1:6", &others[1].remote), 0);
    cr_expect_not(tcp_tables_equal(&left, &right));
}

Test(tcp, states_have_the_names_of_netstat)
{
    cr_expect_str_eq(tcp_state_name(STATE_ESTABLISHED), "ESTABLISHED");
    cr_expect_str_eq(tcp_state_name(STATE_FIN_WAIT2), "FIN_WAIT2");
    cr_expect_str_eq(tcp_state_name(STATE_CLOSE_WAIT), "CLOSE_WAIT");
    cr_expect_str_eq(tcp_state_name(STATE_LISTEN), "LISTEN");
    cr_expect_str_eq(tcp_state_name((enum tcp_state)0), "?");
    cr_expect_str_eq(tcp_state_name((enum tcp_state)99), "?");
}

/*** Whose socket it is ***/

static void hold_the_listener(void)
{
    child_is_ready();
    pause();
}

Test(tcp, listener_is_found_if_a_process_of_the_tree_has_it)
{
    struct snapshot snapshot = {0};
    listen_on("127.0.0.1");
    connect_client(); /* a row of the same owner, before that of the listener */
    int server = accept(listener, NULL, NULL);
    close(listener);
    listen_on("::1");
    cr_assert_eq(
        snapshot_take(&snapshot, &(struct subject){.netlink_fd = netlink_fd, .root = getpid()}), 0);
    cr_expect_null(snapshot_find_listener(&snapshot, 0, NULL), "it is ours, not a child's");

    pid_t child = child_start(hold_the_listener);
    unsigned inode = inode_of(listener);
    close(listener);
    listener = -1;
    cr_assert_eq(
        snapshot_take(&snapshot, &(struct subject){.netlink_fd = netlink_fd, .root = getpid()}), 0);
    const struct tcp_row *row = snapshot_find_listener(&snapshot, 0, NULL);
    cr_assert_not_null(row);
    cr_expect_eq(row->inode, inode);
    cr_expect_eq(address_port(&row->local), address_port(&server_address));
    uint16_t port = address_port(&server_address);
    cr_expect_eq(snapshot_find_listener(&snapshot, port, NULL), row);
    cr_expect_null(snapshot_find_listener(&snapshot, (uint16_t)(port ^ 1), NULL));
    child_kill(child);
    close(server);
    snapshot_release(&snapshot);
}

Test(tcp, descriptor_of_a_socket_is_found_by_its_inode)
{
    listen_on("127.0.0.1");
    unsigned inode = inode_of(listener);
    cr_expect_eq(descriptor_socket_inode(getpid(), listener), inode);
    cr_expect_eq(process_descriptor_of_socket(getpid(), inode), listener);
    close(listener);
    cr_expect_eq(descriptor_socket_inode(getpid(), listener), 0);
    cr_expect_eq(process_descriptor_of_socket(getpid(), inode), -1);
    listener = -1;
}

/* Inode 0 is that of a connection which no process has. */
Test(tcp, no_descriptor_is_that_of_inode_zero)
{
    int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    cr_expect_eq(descriptor_socket_inode(getpid(), file), 0);
    cr_expect_eq(process_descriptor_of_socket(getpid(), 0), -1);
    close(file);
}
