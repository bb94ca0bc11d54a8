/* Sockets that are read again without walking through the kernel's table, in a network of our own,
 * where nobody else opens connections. What was read that way must be what a whole reading
 * finds. */
#include "watch/target/sockets.h"

#include "base/clock.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct tcp_table table;
static struct sockets sockets = {.now = &table};
static struct sockets_way way;
static struct address listening;
static int listener = -1;

static void begin(void)
{
    struct address any;
    if (unshare(CLONE_NEWNET) < 0)
        cr_skip("only root can make a network here");
    address_parse_host("127.0.0.1", 0, &any);
    cr_assert_eq(system("ip link set lo up"), 0);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(listener, &any.any, any.length_bytes), 0);
    cr_assert_eq(listen(listener, 8), 0);
    cr_assert_eq(address_of_socket(listener, &listening), 0);
    sockets_note_port(&sockets, address_port(&listening));
    way = (struct sockets_way){.netlink_fd = tcp_table_open(), .activity_fd = tcp_activity_open(0)};
    cr_assert_geq(way.netlink_fd, 0);
    cr_assert_geq(way.activity_fd, 0);
}

static void end(void)
{
    sockets_release(&sockets);
    tcp_table_release(&table);
}

TestSuite(sockets, .init = begin, .fini = end);

static int open_client(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(connect(fd, &listening.any, listening.length_bytes), 0);
    return fd;
}

/* Is it as a reading of all has it? */
static bool is_as(const struct tcp_table *expected)
{
    bool is_same = table.count == expected->count;
    for (size_t i = 0; is_same && i < expected->count; i++) {
        const struct tcp_row *row = &expected->rows[i];
        const struct tcp_row *found =
            row->state == STATE_LISTEN ? tcp_table_find_listener(&table, address_port(&row->local))
                                       : tcp_table_find(&table, &row->local, &row->remote);
        is_same =
            found != NULL && tcp_rows_equal(found, row) && found->came_bytes == row->came_bytes;
    }
    return is_same;
}

/* Time stands still, so that only what has happened is a reason to read all. A segment may still be
 * under way: what it changes is looked for until both readings have it. */
static void read_now(size_t wholes)
{
    struct tcp_table expected = {0};
    int64_t deadline_ns = clock_now_ns() + 10 * NS_PER_S;
    bool is_same = false;
    while (!is_same && clock_now_ns() < deadline_ns) {
        cr_assert_eq(sockets_read(&sockets, &way, 1), 0);
        cr_expect_eq(sockets.wholes, wholes, "%zu", sockets.wholes);
        cr_assert_eq(tcp_table_read_counts(&expected, way.netlink_fd), 0);
        is_same = is_as(&expected);
    }
    cr_expect(is_same);
    tcp_table_release(&expected);
}

Test(sockets, are_looked_up_while_none_has_come)
{
    int client = open_client();
    read_now(1);
    int served = accept(listener, NULL, NULL);
    read_now(1);
    cr_assert_eq(send(client, "hello", 5, 0), 5);
    read_now(1);
    close(client);
    read_now(1);
    close(served);
    read_now(1);
}

Test(sockets, are_all_read_when_one_has_come)
{
    int first = open_client();
    read_now(1);
    int second = open_client();
    read_now(2);
    close(first);
    close(second);
    read_now(2);
}

Test(sockets, are_all_read_when_another_listens)
{
    int client = open_client();
    read_now(1);
    int other = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(listen(other, 1), 0);
    read_now(2);
    close(other);
    read_now(3);
    close(client);
}

Test(sockets, are_quiet_while_no_segment_passes)
{
    int client = open_client();
    cr_expect_not(sockets_are_quiet(&sockets, &way, 1), "nothing was read yet");
    read_now(1);
    cr_expect(sockets_are_quiet(&sockets, &way, 1));
    cr_expect_not(sockets_are_quiet(&sockets, &way, 3 * NS_PER_S), "timers have no segments");
    cr_assert_eq(send(client, "x", 1, 0), 1);
    cr_expect_not(sockets_are_quiet(&sockets, &way, 1));
    read_now(1);
    cr_expect(sockets_are_quiet(&sockets, &way, 1));
    close(client);
}

Test(sockets, are_not_what_they_were_once_one_is_taken_or_speaks_or_comes)
{
    int client = open_client();
    read_now(1);
    cr_expect(sockets_stay(&sockets, &way));
    int served = accept(listener, NULL, NULL);
    cr_expect_not(sockets_stay(&sockets, &way));
    read_now(1);
    cr_expect(sockets_stay(&sockets, &way));
    cr_assert_eq(send(client, "x", 1, 0), 1);
    cr_expect_not(sockets_stay(&sockets, &way));
    read_now(1);
    int second = open_client();
    cr_expect_not(sockets_stay(&sockets, &way));
    close(second);
    close(served);
    close(client);
}

Test(sockets, are_all_read_each_time_without_the_kernels_counters)
{
    way.activity_fd = -1;
    read_now(1);
    cr_expect_not(sockets_are_quiet(&sockets, &way, 1));
    read_now(2);
    cr_expect(sockets_stay(&sockets, &way));
}

/* More than are asked for at a time; one in three has gone. */
Test(sockets, are_looked_up_however_many)
{
    int clients[7 * 12], served[7 * 12];
    const size_t count = sizeof clients / sizeof clients[0];
    for (size_t i = 0; i < count; i++) {
        clients[i] = open_client();
        served[i] = accept(listener, NULL, NULL);
    }
    read_now(1);
    for (size_t i = 0; i < count; i += 3) {
        struct linger reset = {.l_onoff = 1};
        setsockopt(served[i], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(served[i]);
        close(clients[i]);
    }
    read_now(1);
    cr_expect_eq(table.count, 1 + 2 * (count - count / 3), "%zu", table.count);
}
