/* The kernel's list of sockets, as sock_diag(7) tells it over netlink: what TCP and UDP share. */
#ifndef OBSERVE_DIAG_H
#define OBSERVE_DIAG_H

#include "base/address.h"

#include <libmnl/libmnl.h>
#include <linux/types.h>

/* Sends the request through a netlink socket of tcp_table_open(), with a new sequence number, and
 * calls `row` with each message of the reply. 0 or -errno. */
int diag_dump(int netlink_fd, struct nlmsghdr *request, mnl_cb_t row, void *context);

/* An address as it stands in the kernel's messages. */
struct address diag_address(unsigned char family, const __be32 host[4], __be16 port);

#endif
