/* Where a listener is reached, whatever address it stands at. */
#include "observe/tcp.h"

#include "base/socket.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

static int listen_on(const char *host, uint16_t port, bool is_v6_only)
{
    struct address address;
    cr_assert_eq(address_parse_host(host, port, &address), 0);
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = is_v6_only;
    if (fd < 0 ||
        (address.any.sa_family == AF_INET6 &&
         setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) < 0) ||
        bind(fd, &address.any, address.length_bytes) < 0 || listen(fd, 1) < 0)
        cr_skip("cannot listen on %s here", host);
    return fd;
}

static void expect_reached(uint16_t port, const char *host)
{
    struct tcp_table table = {0};
    struct address address = {0};
    char expected[ADDRESS_TEXT_BYTES];
    char text[ADDRESS_TEXT_BYTES];
    int netlink_fd = tcp_table_open();
    cr_assert_eq(tcp_table_read_listeners(&table, netlink_fd), 0);
    cr_assert(tcp_table_reach_listener(&table, port, &address), "nobody listens");
    snprintf(expected, sizeof expected, "%s:%u", host, port);
    cr_expect_str_eq(address_text(&address, text), expected, "%s", text);
    cr_expect_not(tcp_table_reach_listener(&table, 0, &address));
    tcp_table_release(&table);
    close(netlink_fd);
}

static void expect_alone(const char *host, bool is_v6_only, const char *reached)
{
    struct address address;
    int fd = listen_on(host, 0, is_v6_only);
    address_of_socket(fd, &address);
    expect_reached(address_port(&address), reached);
    close(fd);
}

Test(tcp, reaches_a_listener_at_its_own_address)
{
    expect_alone("127.0.0.1", false, "127.0.0.1");
    expect_alone("127.0.0.7", false, "127.0.0.7");
    expect_alone("::1", false, "[::1]");
}

Test(tcp, reaches_a_listener_on_all_addresses_at_the_nearest)
{
    expect_alone("0.0.0.0", false, "127.0.0.1");
    expect_alone("::", false, "127.0.0.1");
    expect_alone("::", true, "[::1]");
}

/* As who listens on all that a name stands for. */
Test(tcp, prefers_ipv4_where_both_listen)
{
    struct address address;
    int six = listen_on("::1", 0, true);
    address_of_socket(six, &address);
    int four = listen_on("127.0.0.1", address_port(&address), false);
    expect_reached(address_port(&address), "127.0.0.1");
    close(six);
    close(four);
}
