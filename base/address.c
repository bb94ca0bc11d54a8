#include "base/address.h"

#include "base/quantity.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

int address_parse_host(const char *host, uint16_t port, struct address *address)
{
    memset(address, 0, sizeof *address);
    if (strcmp(host, "localhost") == 0)
        host = "127.0.0.1";
    if (inet_pton(AF_INET, host, &address->v4.sin_addr) == 1) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons(port);
        address->length_bytes = sizeof address->v4;
        return 0;
    }
    if (inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons(port);
        address->length_bytes = sizeof address->v6;
        return 0;
    }
    return -EINVAL;
}

int address_parse(const char *text, struct address *address)
{
    const char *colon = strrchr(text, ':');
    uint64_t port = 0;
    if (colon == NULL || colon[1 + strspn(colon + 1, "0123456789")] != '\0' ||
        quantity_parse_count(colon + 1, &port) < 0 || port > UINT16_MAX)
        return -EINVAL;
    char host[ADDRESS_TEXT_BYTES] = {0};
    size_t host_bytes = (size_t)(colon - text);
    if (host_bytes == 0 || host_bytes >= sizeof host)
        return -EINVAL;
    /* Without brackets it is unclear where an IPv6 host ends and its port begins. */
    bool bracketed = text[0] == '[' && colon[-1] == ']';
    if (bracketed)
        memcpy(host, text + 1, host_bytes - 2);
    else
        memcpy(host, text, host_bytes);
    if (!bracketed && strchr(host, ':') != NULL)
        return -EINVAL;
    return address_parse_host(host, (uint16_t)port, address);
}

const char *address_text(const struct address *address, char text[ADDRESS_TEXT_BYTES])
{
    char host[INET6_ADDRSTRLEN] = "?";
    bool is_v6 = address->any.sa_family == AF_INET6;
    const void *raw = is_v6 ? (const void *)&address->v6.sin6_addr : &address->v4.sin_addr;
    inet_ntop(address->any.sa_family, raw, host, sizeof host);
    snprintf(text, ADDRESS_TEXT_BYTES, is_v6 ? "[%s]:%u" : "%s:%u", host, address_port(address));
    return text;
}

uint16_t address_port(const struct address *address)
{
    return ntohs(address->any.sa_family == AF_INET6 ? address->v6.sin6_port : address->v4.sin_port);
}

bool address_is_loopback(const struct address *address)
{
    if (address->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
    return ntohl(address->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

int address_of_socket(int fd, struct address *address)
{
    memset(address, 0, sizeof *address);
    address->length_bytes = sizeof address->v6;
    return getsockname(fd, &address->any, &address->length_bytes) < 0 ? -errno : 0;
}

int address_of_peer(int fd, struct address *address)
{
    memset(address, 0, sizeof *address);
    address->length_bytes = sizeof address->v6;
    return getpeername(fd, &address->any, &address->length_bytes) < 0 ? -errno : 0;
}

struct address address_plain(const struct address *address)
{
    if (address->any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr))
        return *address;
    struct address plain = {.length_bytes = sizeof plain.v4};
    plain.v4.sin_family = AF_INET;
    plain.v4.sin_port = address->v6.sin6_port;
    memcpy(&plain.v4.sin_addr, &address->v6.sin6_addr.s6_addr[12], sizeof plain.v4.sin_addr);
    return plain;
}

bool address_equal(const struct address *left, const struct address *right)
{
    struct address a = address_plain(left);
    struct address b = address_plain(right);
    if (a.any.sa_family != b.any.sa_family || address_port(&a) != address_port(&b))
        return false;
    if (a.any.sa_family == AF_INET6)
        return IN6_ARE_ADDR_EQUAL(&a.v6.sin6_addr, &b.v6.sin6_addr);
    return a.v4.sin_addr.s_addr == b.v4.sin_addr.s_addr;
}
