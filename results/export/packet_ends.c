#include "results/export/packet_ends.h"

#include "base/address.h"

#include <linux/if_ether.h>
#include <string.h>

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static unsigned number_16(const unsigned char *data)
{
    return (unsigned)data[0] << 8 | data[1];
}

/* Of TCP and of UDP they stand in the same place. */
static bool read_ports(struct packet_ends *ends, unsigned protocol, const unsigned char *data,
                       size_t count)
{
    if ((protocol != IPPROTO_TCP && protocol != IPPROTO_UDP) || count < 4)
        return false;
    ends->from.port = (uint16_t)number_16(data);
    ends->to.port = (uint16_t)number_16(data + 2);
    return true;
}

static void set_v4(struct packet_end *end, const void *host)
{
    memcpy(end->host, mapped, sizeof mapped);
    memcpy(end->host + sizeof mapped, host, 4);
}

static bool read_v4(struct packet_ends *ends, const unsigned char *data, size_t count)
{
    size_t header_bytes = count > 0 ? (size_t)(data[0] & 0x0f) * 4 : 0;
    if (header_bytes < 20 || count < header_bytes || (number_16(data + 6) & 0x1fff) != 0)
        return false; /* a later fragment has no ports */
    set_v4(&ends->from, data + 12);
    set_v4(&ends->to, data + 16);
    return read_ports(ends, data[9], data + header_bytes, count - header_bytes);
}

/* Loopback adds no headers between those two. */
static bool read_v6(struct packet_ends *ends, const unsigned char *data, size_t count)
{
    if (count < 40)
        return false;
    memcpy(ends->from.host, data + 8, 16);
    memcpy(ends->to.host, data + 24, 16);
    return read_ports(ends, data[6], data + 40, count - 40);
}

bool packet_ends_read(struct packet_ends *ends, const void *data, size_t count, bool is_ethernet)
{
    const unsigned char *at = data;
    size_t skipped = is_ethernet ? ETH_HLEN : 0;
    *ends = (struct packet_ends){0};
    if (count <= skipped)
        return false;
    unsigned version = at[skipped] >> 4;
    unsigned type = is_ethernet    ? number_16(at + 2 * (size_t)ETH_ALEN)
                    : version == 4 ? ETH_P_IP
                                   : ETH_P_IPV6;
    if (type == ETH_P_IP && version == 4)
        return read_v4(ends, at + skipped, count - skipped);
    return type == ETH_P_IPV6 && version == 6 && read_v6(ends, at + skipped, count - skipped);
}

void packet_end_parse(const char *text, struct packet_end *end)
{
    struct address address;
    *end = (struct packet_end){.port = 0};
    if (text == NULL || address_parse(text, &address) < 0)
        return;
    end->port = address_port(&address);
    if (address.any.sa_family == AF_INET)
        set_v4(end, &address.v4.sin_addr);
    else
        memcpy(end->host, &address.v6.sin6_addr, sizeof end->host);
}

bool packet_end_equals(const struct packet_end *left, const struct packet_end *right)
{
    return left->port == right->port && memcmp(left->host, right->host, sizeof left->host) == 0;
}
