/* What passes the interfaces of a network of our own. */
#include "observe/packets.h"

#include "base/address.h"
#include "base/clock.h"

#include <criterion/criterion.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER_BYTES (14 + 20 + 8) /* of Ethernet, IPv4 and UDP */

/* Into a network where there is nothing but what we send. A socket to itself; closed by the end of
 * the test. */
static int enter_network(struct packets *packets)
{
    /* Criterion has a thread of its own, with which no user namespace can be entered. */
    if (unshare(CLONE_NEWNET) < 0)
        cr_skip("only root can make a network here");
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq up = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    struct address address;
    cr_assert_eq(ioctl(fd, SIOCSIFFLAGS, &up), 0);
    cr_assert_eq(address_parse_host("127.0.0.1", 0, &address), 0);
    cr_assert_eq(bind(fd, &address.any, address.length_bytes), 0);
    cr_assert_eq(address_of_socket(fd, &address), 0);
    cr_assert_eq(connect(fd, &address.any, address.length_bytes), 0);
    int error = packets_open(packets, socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    cr_assert_eq(error, 0, "%s", strerror(-error));
    return fd;
}

static void expect_next(struct packets *packets, size_t said_bytes, int64_t begin_ns)
{
    struct packet packet;
    size_t length_bytes = HEADER_BYTES + said_bytes;
    cr_assert_eq(packets_peek(packets, &packet), 1);
    cr_expect_eq(packet.length_bytes, length_bytes, "%zu", packet.length_bytes);
    cr_expect_eq(packet.count, length_bytes < PACKET_KEPT_BYTES ? length_bytes : PACKET_KEPT_BYTES);
    cr_expect_eq(packet.data[HEADER_BYTES], 'x');
    cr_expect_eq(packet.data[packet.count - 1], 'x');
    /* Two clocks are compared, which are read one after the other. */
    cr_expect_gt(packet.time_ns, begin_ns - NS_PER_MS);
    cr_expect_lt(packet.time_ns, clock_now_ns() + NS_PER_MS);
    packets_pass(packets);
}

Test(packets, pass_once_each_in_their_order, .timeout = 60)
{
    static const size_t said_bytes[] = {1, 2000, 30000};
    static char said[30000];
    struct packets packets;
    struct packet packet;
    int64_t begin_ns = clock_now_ns();
    int fd = enter_network(&packets);
    memset(said, 'x', sizeof said);
    cr_expect_eq(packets_peek(&packets, &packet), 0);
    for (size_t i = 0; i < 3; i++)
        cr_assert_eq(send(fd, said, said_bytes[i], 0), (ssize_t)said_bytes[i]);
    for (size_t i = 0; i < 3; i++)
        expect_next(&packets, said_bytes[i], begin_ns);
    cr_expect_eq(packets_peek(&packets, &packet), 0, "once only");
    packets_release(&packets);
    close(fd);
}

/* A ring goes round, and what finds no room in it is counted. */
Test(packets, without_room_are_counted, .timeout = 60)
{
    enum { SENT = PACKETS_BETWEEN_LOOKS + 1000 };
    struct packets packets;
    struct packet packet;
    int64_t begin_ns = clock_now_ns();
    int read = 0;
    int fd = enter_network(&packets);
    for (int i = 0; i < SENT; i++)
        cr_assert_eq(send(fd, "x", 1, 0), 1);
    for (; packets_peek(&packets, &packet) == 1; read++)
        expect_next(&packets, 1, begin_ns);
    packets_count_left_out(&packets);
    packets_count_left_out(&packets);
    cr_expect_gt(read, 0);
    cr_expect_lt(read, SENT);
    cr_expect_eq(packets.left_out, SENT - read, "%d of %d read", read, SENT);
    cr_assert_eq(send(fd, "xy", 1, 0), 1);
    expect_next(&packets, 1, begin_ns);
    packets_release(&packets);
    close(fd);
}
