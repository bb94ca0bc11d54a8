/* Between which ends a packet was on its way: its headers, read as far as the ports. */
#ifndef RESULTS_EXPORT_PACKET_ENDS_H
#define RESULTS_EXPORT_PACKET_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* IPv4 as IPv6 writes it (::ffff:127.0.0.1): a server of both families has such clients, whose
 * packets are of IPv4. */
struct packet_end {
    unsigned char host[16];
    uint16_t port;
};

struct packet_ends {
    struct packet_end from;
    struct packet_end to;
};

/* Reads the headers of Ethernet (unless the packet begins with that of IP), IPv4 or IPv6, and TCP
 * or UDP. False: it is something else, or ends too early. */
bool packet_ends_read(struct packet_ends *ends, const void *data, size_t count, bool is_ethernet);

/* From "127.0.0.1:40000", "[::1]:40000"; all zero if it is neither. */
void packet_end_parse(const char *text, struct packet_end *end);

bool packet_end_equals(const struct packet_end *left, const struct packet_end *right);

#endif
