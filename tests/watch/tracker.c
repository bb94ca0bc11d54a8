/* Clients that are followed through tables of sockets. No task is seen here: whoever listens
 * belongs to another user. */
#include "watch/tracker.h"

#include "base/memory.h"
#include "watch/target/watched.h"

#include <criterion/criterion.h>
#include <string.h>

static struct watched target = {.port = 9500, .netlink_fd = -1};
static struct tracker tracker;
static int64_t t_ns;

static void begin(void)
{
    tracker_init(&tracker, &target);
}

static void end(void)
{
    tracker_release(&tracker);
}

TestSuite(tracker, .init = begin, .fini = end);

static struct tcp_row row(enum tcp_state state, uint16_t local, uint16_t remote, unsigned inode)
{
    struct tcp_row made;
    memset(&made, 0, sizeof made);
    made.state = state;
    made.inode = inode;
    made.has_counts = state != STATE_LISTEN;
    address_parse_host("127.0.0.1", local, &made.local);
    address_parse_host(state == STATE_LISTEN ? "0.0.0.0" : "127.0.0.1", remote, &made.remote);
    return made;
}

/* The next look sees these rows, and the listener. */
static const struct picture *look(size_t count, const struct tcp_row rows[])
{
    struct tcp_table *tcp = &tracker.snapshot.tcp;
    tcp->rows = reallocate(tcp->rows, count + 1, sizeof *tcp->rows);
    tcp->count = tcp->capacity = count + 1;
    tcp->rows[0] = row(STATE_LISTEN, 9500, 0, 77);
    tcp->rows[0].send_queue = 5;
    for (size_t i = 0; i < count; i++)
        tcp->rows[i + 1] = rows[i];
    tracker.snapshot.is_consistent = true;
    tracker_take(&tracker, t_ns += 1000);
    return &tracker.now;
}

static void expect_client(const struct picture *picture, size_t i, int id,
                          enum recorded_stage stage)
{
    cr_assert_gt(picture->client_count, i);
    cr_expect_eq(picture->clients[i].id, id, "%d", picture->clients[i].id);
    cr_expect_eq(picture->clients[i].stage, stage, "%s",
                 recorded_stage_names[picture->clients[i].stage]);
}

Test(tracker, follows_a_client_from_its_first_packet_to_its_last)
{
    struct tcp_row server = row(STATE_SYN_RECV, 9500, 4000, 0);
    struct tcp_row client = row(STATE_ESTABLISHED, 4000, 9500, 500);
    expect_client(look(2, (struct tcp_row[]){server, client}), 0, 1, STAGE_CONNECTING);
    server.state = STATE_ESTABLISHED;
    server.receive_queue = 6;
    server.came_bytes = 6;
    expect_client(look(2, (struct tcp_row[]){server, client}), 0, 1, STAGE_QUEUED);
    cr_expect_eq(tracker.now.clients[0].unread_bytes, 6);
    server.inode = 600;
    expect_client(look(2, (struct tcp_row[]){server, client}), 0, 1, STAGE_ACCEPTED);
    server.receive_queue = 0;
    expect_client(look(2, (struct tcp_row[]){server, client}), 0, 1, STAGE_SERVED);
    server.came_bytes = 9;
    look(2, (struct tcp_row[]){server, client});
    cr_expect_eq(tracker.now.clients[0].requests, 2);
    server.state = STATE_CLOSE_WAIT;
    server.receive_queue = 1; /* its end */
    client.state = STATE_FIN_WAIT2;
    expect_client(look(2, (struct tcp_row[]){server, client}), 0, 1, STAGE_SERVED);
    cr_expect_eq(tracker.now.clients[0].unread_bytes, 0);
    cr_expect_eq(tracker.now.clients[0].server_state, STATE_CLOSE_WAIT);
    cr_expect_eq(tracker.now.clients[0].client_state, STATE_FIN_WAIT2);
    client.state = STATE_TIME_WAIT;
    client.inode = 0;
    expect_client(look(1, &client), 0, 1, STAGE_GONE);
    expect_client(look(0, NULL), 0, 1, STAGE_GONE);
    cr_expect_eq(look(0, NULL)->client_count, 0);
}

Test(tracker, takes_a_port_that_comes_again_for_another_client)
{
    struct tcp_row server = row(STATE_ESTABLISHED, 9500, 4000, 600);
    expect_client(look(1, &server), 0, 1, STAGE_ACCEPTED);
    server.state = STATE_TIME_WAIT;
    server.inode = 0;
    expect_client(look(1, &server), 0, 1, STAGE_GONE);
    server.state = STATE_ESTABLISHED;
    expect_client(look(1, &server), 0, 2, STAGE_QUEUED);
}

Test(tracker, counts_once_who_came_and_went_between_two_looks)
{
    struct tcp_row before = row(STATE_TIME_WAIT, 9500, 3999, 0);
    struct tcp_row between[] = {before, row(STATE_TIME_WAIT, 9500, 4000, 0),
                                row(STATE_TIME_WAIT, 4001, 9500, 0)};
    cr_expect_eq(look(1, &before)->short_lived, 0, "what was over before is nobody's business");
    cr_expect_eq(look(3, between)->short_lived, 2);
    cr_expect_eq(look(3, between)->short_lived, 2);
    cr_expect_eq(tracker.now.client_count, 0);
}

Test(tracker, leaves_connections_to_other_ports_and_machines_alone)
{
    struct tcp_row rows[] = {row(STATE_ESTABLISHED, 9501, 4000, 600),
                             row(STATE_ESTABLISHED, 4001, 9500, 601)};
    address_parse_host("192.0.2.7", 9500, &rows[1].remote);
    cr_expect_eq(look(2, rows)->client_count, 0);
}

Test(tracker, knows_a_client_whose_packets_have_not_arrived)
{
    struct tcp_row client = row(STATE_SYN_SENT, 4000, 9500, 500);
    expect_client(look(1, &client), 0, 1, STAGE_CONNECTING);
    cr_expect_eq(tracker.now.clients[0].server_state, 0);
}

Test(tracker, sees_the_same_client_in_both_forms_of_its_address)
{
    struct tcp_row rows[] = {row(STATE_ESTABLISHED, 9500, 4000, 600),
                             row(STATE_ESTABLISHED, 4000, 9500, 500)};
    address_parse("[::ffff:127.0.0.1]:9500", &rows[0].local);
    address_parse("[::ffff:127.0.0.1]:4000", &rows[0].remote);
    tracker.now.listener_count = 0;
    const struct picture *picture = look(2, rows);
    cr_assert_eq(picture->client_count, 1);
    cr_expect_eq(picture->clients[0].client_state, STATE_ESTABLISHED);
    cr_expect_eq(picture->clients[0].inode, 600);
}

Test(tracker, shows_no_more_of_those_that_have_gone_than_anybody_reads)
{
    struct tcp_row rows[300];
    for (uint16_t i = 0; i < 300; i++)
        rows[i] = row(STATE_ESTABLISHED, 9500, (uint16_t)(4000 + i), 600U + i);
    cr_expect_eq(look(300, rows)->client_count, 300);
    for (size_t i = 0; i < 300; i++) {
        rows[i].state = STATE_TIME_WAIT;
        rows[i].inode = 0;
    }
    look(300, rows);
    cr_expect_leq(look(300, rows)->client_count, 100);
    cr_expect_eq(look(300, rows)->short_lived, 0, "these were seen");
}

Test(tracker, says_that_nobody_listens_any_more)
{
    look(0, NULL);
    cr_expect_not(tracker.now.listeners[0].is_gone);
    tracker.snapshot.tcp.count = 0;
    tracker_take(&tracker, t_ns += 1000);
    cr_assert_eq(tracker.now.listener_count, 1);
    cr_expect(tracker.now.listeners[0].is_gone);
}
