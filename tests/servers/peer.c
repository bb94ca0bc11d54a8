/* Who still holds the other end of a connection. */
#include "servers/protocols/peer.h"

#include "base/address.h"
#include "base/socket.h"

#include <criterion/criterion.h>
#include <sys/socket.h>
#include <unistd.h>

Test(peer, somebody_holds_the_other_end_until_it_is_closed)
{
    struct address address;
    address_parse_host("127.0.0.1", 0, &address);
    int listener = socket_listen(&address, 1);
    cr_assert_eq(address_of_socket(listener, &address), 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(connect(client, &address.any, address.length_bytes), 0);
    int ours = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    cr_expect_eq(peer_is_held(ours), 1);
    shutdown(client, SHUT_WR);
    char byte = 0;
    cr_expect_eq(recv(ours, &byte, 1, 0), 0, "the stream has ended");
    cr_expect_eq(peer_is_held(ours), 1, "but the other end is still held");
    close(client);
    cr_expect_eq(peer_is_held(ours), 0);
    close(ours);
    close(listener);
}
