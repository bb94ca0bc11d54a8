/* The rows of UDP sockets: who hears whom, what lies unread, what was dropped. */
#include "observe/udp.h"

#include "base/clock.h"
#include "observe/settle.h"
#include "tests/support/sleeper.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

static struct udp_table table;
static int netlink_fd = -1;

static void begin(void)
{
    netlink_fd = tcp_table_open();
    cr_assert_geq(netlink_fd, 0);
}

static void end(void)
{
    udp_table_release(&table);
    close(netlink_fd);
}

TestSuite(udp, .init = begin, .fini = end);

static int bind_to(const char *host, uint16_t port, bool may_share)
{
    struct address address;
    cr_assert_eq(address_parse_host(host, port, &address), 0);
    int fd = socket(address.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int yes = may_share;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) < 0 ||
        bind(fd, &address.any, address.length_bytes) < 0)
        cr_skip("cannot bind to %s here", host);
    return fd;
}

static struct address place_of(int fd)
{
    struct address address;
    cr_assert_eq(address_of_socket(fd, &address), 0);
    return address;
}

/* How many rows hear anybody at the port; the first of them. */
static size_t count_bound(uint16_t port, const struct udp_row **first)
{
    size_t count = 0;
    cr_assert_eq(udp_table_read(&table, netlink_fd), 0);
    *first = NULL;
    for (size_t i = 0; i < table.count; i++) {
        if (!udp_row_is_bound(&table.rows[i], port))
            continue;
        *first = count == 0 ? &table.rows[i] : *first;
        count++;
    }
    return count;
}

static void send_to(int fd, const struct address *to, const char *text)
{
    cr_assert_eq(sendto(fd, text, strlen(text), 0, &to->any, to->length_bytes),
                 (ssize_t)strlen(text));
}

/* What was sent may still be under way. */
static const struct udp_row *row_with_queue(uint16_t port)
{
    const struct udp_row *row = NULL;
    for (int64_t end_ns = clock_now_ns() + LONG_NS; clock_now_ns() < end_ns; sched_yield())
        if (count_bound(port, &row) > 0 && row->receive_queue > 0)
            break;
    return row;
}

Test(udp, bound_sockets_are_listed_at_any_address)
{
    static const char *const hosts[] = {"127.0.0.1", "0.0.0.0", "::1", "::"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        const struct udp_row *row = NULL;
        int fd = bind_to(hosts[i], 0, false);
        const struct address place = place_of(fd);
        cr_expect_eq(count_bound(address_port(&place), &row), 1, "%s", hosts[i]);
        cr_assert_not_null(row);
        cr_expect(address_equal(&row->local, &place), "%s", hosts[i]);
        cr_expect_neq(row->inode, 0);
        cr_expect_eq(row->receive_queue, 0);
        close(fd);
        cr_expect_eq(count_bound(address_port(&place), &row), 0, "%s", hosts[i]);
    }
}

Test(udp, a_socket_that_is_not_bound_is_not_listed)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(udp_table_read(&table, netlink_fd), 0);
    for (size_t i = 0; i < table.count; i++)
        cr_expect_neq(address_port(&table.rows[i].local), 0);
    close(fd);
}

Test(udp, several_sockets_at_one_port_are_several_rows)
{
    const struct udp_row *row = NULL;
    int one = bind_to("127.0.0.1", 0, true);
    const struct address place = place_of(one);
    int other = bind_to("127.0.0.1", address_port(&place), true);
    cr_expect_eq(count_bound(address_port(&place), &row), 2);
    close(one);
    close(other);
}

Test(udp, a_connected_socket_hears_one_only)
{
    const struct udp_row *row = NULL;
    int server = bind_to("127.0.0.1", 0, false);
    int client = bind_to("127.0.0.1", 0, false);
    const struct address at_server = place_of(server);
    const struct address at_client = place_of(client);
    cr_assert_eq(connect(server, &at_client.any, at_client.length_bytes), 0);
    cr_expect_eq(count_bound(address_port(&at_server), &row), 0);
    cr_expect_not_null(udp_table_find(&table, &at_server, &at_client));
    cr_expect_null(udp_table_find(&table, &at_client, &at_server));
    close(server);
    close(client);
}

static void expect_unread(const char *text)
{
    char data[8];
    const struct udp_row *row = NULL;
    int server = bind_to("127.0.0.1", 0, false);
    int client = bind_to("127.0.0.1", 0, false);
    const struct address place = place_of(server);
    send_to(client, &place, text);
    row = row_with_queue(address_port(&place));
    cr_assert_not_null(row);
    cr_expect_gt(row->receive_queue, 0, "\"%s\"", text);
    cr_expect_eq(row->drops, 0);
    cr_assert_eq(recv(server, data, sizeof data, 0), (ssize_t)strlen(text));
    cr_assert_eq(count_bound(address_port(&place), &row), 1);
    cr_expect_eq(row->receive_queue, 0, "it was read");
    close(server);
    close(client);
}

Test(udp, what_is_unread_lies_in_the_queue)
{
    expect_unread("hello");
    expect_unread(""); /* which is a datagram, too */
}

Test(udp, counts_what_was_dropped)
{
    const struct udp_row *row = NULL;
    char data[1000] = "";
    int least_bytes = 1; /* the kernel makes some thousands of it */
    int server = bind_to("127.0.0.1", 0, false);
    int client = bind_to("127.0.0.1", 0, false);
    const struct address place = place_of(server);
    cr_assert_eq(setsockopt(server, SOL_SOCKET, SO_RCVBUF, &least_bytes, sizeof least_bytes), 0);
    for (int64_t end_ns = clock_now_ns() + LONG_NS; clock_now_ns() < end_ns;) {
        sendto(client, data, sizeof data, 0, &place.any, place.length_bytes);
        if (count_bound(address_port(&place), &row) == 1 && row->drops > 0)
            break;
    }
    cr_assert_not_null(row);
    cr_expect_gt(row->drops, 0);
    cr_expect_gt(row->receive_queue, 0);
    close(server);
    close(client);
}

Test(udp, tables_differ_by_what_was_read)
{
    char byte;
    struct udp_table before = {0};
    const struct udp_row *row = NULL;
    int server = bind_to("127.0.0.1", 0, false);
    const struct address place = place_of(server);
    send_to(server, &place, "x");
    row_with_queue(address_port(&place));
    cr_assert_eq(udp_table_read(&before, netlink_fd), 0);
    cr_assert_eq(recv(server, &byte, 1, 0), 1);
    cr_assert_eq(count_bound(address_port(&place), &row), 1);
    cr_expect_not(udp_tables_equal(&before, &table));
    cr_expect(udp_tables_equal(&table, &table));
    udp_table_release(&before);
    close(server);
}

Test(udp, what_is_under_way_is_told)
{
    long count = 0;
    for (int64_t end_ns = clock_now_ns() + LONG_NS; clock_now_ns() < end_ns; sched_yield())
        if ((count = udp_count_under_way()) <= 0)
            break;
    cr_expect_eq(count, 0, "-1 before Linux 5.10 only");
}

/*** Unread, and nobody will read it ***/

static int unread_fd;

static void sleep_on(void)
{
    child_is_ready();
    for (;;)
        pause();
}

static const struct udp_row *row_in(const struct snapshot *snapshot, uint16_t port, bool is_bound)
{
    for (size_t i = 0; i < snapshot->udp.count; i++)
        if (address_port(&snapshot->udp.rows[i].local) == port &&
            udp_row_is_bound(&snapshot->udp.rows[i], port) == is_bound)
            return &snapshot->udp.rows[i];
    return NULL;
}

Test(udp, one_that_sleeps_over_a_datagram_has_settled)
{
    unread_fd = bind_to("127.0.0.1", 0, false);
    const struct address place = place_of(unread_fd);
    pid_t child = child_start(sleep_on);
    struct settle settle = {0};
    const struct subject subject = {
        .netlink_fd = netlink_fd, .root = getpid(), .shares_network = true, .watches_udp = true};
    send_to(unread_fd, &place, "x");
    settle_begin(&settle);
    int activity = ACTIVITY_BUSY;
    for (int64_t end_ns = clock_now_ns() + LONG_NS;
         activity != ACTIVITY_SETTLED && clock_now_ns() < end_ns; sched_yield()) {
        settle.until_ns = clock_now_ns() + NS_PER_S;
        activity = settle_look(&settle, &subject);
    }
    cr_expect_eq(activity, ACTIVITY_SETTLED);
    const struct udp_row *row = row_in(&settle.current, address_port(&place), true);
    cr_assert_not_null(row, "the child has it, too");
    cr_expect_gt(row->receive_queue, 0);
    cr_expect_eq(snapshot_find_udp(&settle.current, address_port(&place), NULL), row);
    settle_release(&settle);
    child_kill(child);
    close(unread_fd);
}

Test(udp, others_are_left_out_of_a_shared_network)
{
    struct snapshot snapshot = {0};
    pid_t child = child_start(sleep_on);
    int ours = bind_to("127.0.0.1", 0, false); /* after the fork: the child has it not */
    const struct address place = place_of(ours);
    struct subject subject = {.netlink_fd = netlink_fd, .root = getpid(), .watches_udp = true};
    cr_assert_eq(snapshot_take(&snapshot, &subject), 0);
    cr_expect_not_null(row_in(&snapshot, address_port(&place), true));
    cr_expect_null(snapshot_find_udp(&snapshot, address_port(&place), NULL));
    subject.shares_network = true;
    cr_assert_eq(snapshot_take(&snapshot, &subject), 0);
    cr_expect_null(row_in(&snapshot, address_port(&place), true));
    subject.watches_udp = false;
    cr_assert_eq(snapshot_take(&snapshot, &subject), 0);
    cr_expect_eq(snapshot.udp.count, 0);
    snapshot_release(&snapshot);
    child_kill(child);
    close(ours);
}
