/* The TCP sockets of a network namespace, as the kernel lists them (sock_diag(7)).
 *
 * What the columns mean to a grader: an ESTABLISHED row with inode 0 is a connection that the
 * kernel has completed and no process has accepted; its receive queue holds what its client has
 * already sent. The receive queue of a LISTEN row is the number of such connections, its send
 * queue the limit given to listen(2).
 */
#ifndef OBSERVE_TCP_H
#define OBSERVE_TCP_H

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As in the kernel's include/net/tcp_states.h. */
enum tcp_state {
    STATE_ESTABLISHED = 1,
    STATE_SYN_SENT,
    STATE_SYN_RECV,
    STATE_FIN_WAIT1,
    STATE_FIN_WAIT2,
    STATE_TIME_WAIT,
    STATE_CLOSE,
    STATE_CLOSE_WAIT,
    STATE_LAST_ACK,
    STATE_LISTEN,
    STATE_CLOSING,
};

struct tcp_row {
    enum tcp_state state;
    struct address local;
    struct address remote;
    unsigned interface; /* that it is bound to (SO_BINDTODEVICE), by its number; 0: to none */
    unsigned receive_queue;
    unsigned send_queue;
    unsigned inode;      /* 0: no process has it */
    bool is_v6_only;     /* it listens on IPv6, and takes no clients of IPv4 (IPV6_V6ONLY) */
    bool has_counts;     /* what follows is known: tcp_table_read_counts() asks for it */
    uint64_t came_bytes; /* from the other side so far, read or not */
    uint64_t went_bytes; /* to the other side, acknowledged or not; each once */
};

struct tcp_table {
    struct tcp_row *rows;
    size_t count;
    size_t capacity;
};

/* A netlink socket for tcp_table_read() and udp_table_read(), on the caller's network namespace.
 * Descriptor or -errno. One that was made in another namespace lists the sockets of that one. */
int tcp_table_open(void);

/* Reads all rows anew, IPv4 and IPv6, in the kernel's order. 0 or -errno. */
int tcp_table_read(struct tcp_table *table, int netlink_fd);

/* The same with the bytes that each connection has carried so far, as far as the kernel still knows
 * (not in TIME_WAIT). */
int tcp_table_read_counts(struct tcp_table *table, int netlink_fd);

/* The same for sockets that listen alone: cheap, however many connections there are. */
int tcp_table_read_listeners(struct tcp_table *table, int netlink_fd);

struct nlmsghdr;

/* The row that a message of the kernel's tells of. 0 or -EBADMSG. */
int tcp_row_read(struct tcp_row *row, const struct nlmsghdr *header);

void tcp_table_release(struct tcp_table *table);

/* The row of the connection from `local` to `remote`, or NULL. */
const struct tcp_row *tcp_table_find(const struct tcp_table *table, const struct address *local,
                                     const struct address *remote);

/* A row that listens on the port, on whatever address, or NULL. */
const struct tcp_row *tcp_table_find_listener(const struct tcp_table *table, uint16_t port);

/* Where a client on this machine reaches a listener on the port: 127.0.0.1 if one of them takes it,
 * or else the address that it stands at. False: none listens. */
bool tcp_table_reach_listener(const struct tcp_table *table, uint16_t port,
                              struct address *address);

/* Are they alike in their addresses, state, queues and inode? */
bool tcp_rows_equal(const struct tcp_row *left, const struct tcp_row *right);
bool tcp_tables_equal(const struct tcp_table *left, const struct tcp_table *right);

/* "ESTABLISHED" and so on, as netstat(8) prints them. */
const char *tcp_state_name(enum tcp_state state);

#endif
