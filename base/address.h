/* Where a server listens or a client stands: an IPv4 or IPv6 address and a port. */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    };
    socklen_t length_bytes;
};

/* Room for the longest text form, "[v6]:port", and its NUL. */
#define ADDRESS_TEXT_BYTES 64

/* Reads a numeric host, or "localhost", with a port. 0 or -EINVAL. */
int address_parse_host(const char *host, uint16_t port, struct address *address);

/* Reads "HOST:PORT", "[HOST6]:PORT". 0 or -EINVAL. */
int address_parse(const char *text, struct address *address);

/* Writes "HOST:PORT" and returns `text`. */
const char *address_text(const struct address *address, char text[ADDRESS_TEXT_BYTES]);

/* The address, as IPv4 if it is one of IPv4 in the form of IPv6 (::ffff:a.b.c.d), as an IPv6 socket
 * has its clients of IPv4. */
struct address address_plain(const struct address *address);

/* Do both stand for the same host and port, in whichever of the two forms? */
bool address_equal(const struct address *left, const struct address *right);

uint16_t address_port(const struct address *address);
bool address_is_loopback(const struct address *address);

/* The address that `fd` is bound to, or the one it is connected to. 0 or -errno. */
int address_of_socket(int fd, struct address *address);
int address_of_peer(int fd, struct address *address);

#endif
