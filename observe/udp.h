/* The UDP sockets of a network namespace, as the kernel lists them (sock_diag(7)), and what is on
 * its way to them.
 *
 * UDP has no connections and no states: a socket that is bound to a port, and not connected, gets
 * what anybody sends there. Its receive queue holds what no process has read; where it is full the
 * kernel drops what comes, and counts that.
 */
#ifndef OBSERVE_UDP_H
#define OBSERVE_UDP_H

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>

struct udp_row {
    struct address local;
    struct address remote;
    bool is_connected;      /* it gets datagrams of `remote` only */
    unsigned receive_queue; /* the memory that unread datagrams take, empty ones too: 0 if none */
    unsigned drops;         /* how many it had no room for since it was made */
    unsigned inode;         /* 0: no process has it */
};

struct udp_table {
    struct udp_row *rows;
    size_t count;
    size_t capacity;
};

/* Reads all rows anew, those of IPv4 first, with a netlink socket of tcp_table_open(). Sockets that
 * are not bound are in no table of the kernel's. 0 or -errno. */
int udp_table_read(struct udp_table *table, int netlink_fd);

void udp_table_release(struct udp_table *table);

/* Does it get what anybody sends to this port (0: to any)? */
bool udp_row_is_bound(const struct udp_row *row, uint16_t port);

/* The socket from `local` that is connected to `remote`, or NULL. */
const struct udp_row *udp_table_find(const struct udp_table *table, const struct address *local,
                                     const struct address *remote);

bool udp_tables_equal(const struct udp_table *left, const struct udp_table *right);

/* How many packets of this machine's own lie between sender and receiver; -1 if the kernel does not
 * say (before Linux 5.10). A datagram to this machine is in no socket's queue until a processor has
 * taken it from there, which on a busy machine may be long after send(2) has returned. */
long udp_count_under_way(void);

#endif
