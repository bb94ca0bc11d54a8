#include "observe/tcp.h"

#include "base/memory.h"
#include "observe/diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <stdlib.h>
#include <string.h>

int tcp_table_open(void)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    return fd < 0 ? -errno : fd;
}

/* Those of tcp_states.h, from 1 to TCP_NEW_SYN_RECV. Not ~0: since Linux 6.8 one more stands for
 * sockets that are only bound, and to list these the kernel walks through another table. */
#define ALL_STATES ((2U << 12) - 2)

/* The end of the other side counts as a byte that came, RFC 9293 section 3.4. */
static bool has_end_of_other(enum tcp_state state)
{
    return state == STATE_CLOSE_WAIT || state == STATE_LAST_ACK || state == STATE_CLOSING ||
           state == STATE_TIME_WAIT;
}

static void note_counts(struct tcp_row *row, const struct nlattr *attribute)
{
    struct tcp_info info = {0};
    size_t length = mnl_attr_get_payload_len(attribute);
    memcpy(&info, mnl_attr_get_payload(attribute), length < sizeof info ? length : sizeof info);
    row->has_counts = true;
    row->came_bytes = info.tcpi_bytes_received;
    if (row->came_bytes > 0 && has_end_of_other(row->state))
        row->came_bytes--;
    row->went_bytes = info.tcpi_bytes_sent - info.tcpi_bytes_retrans;
}

/* What the kernel sends along: a byte with those that listen on IPv6, and what was asked for. */
static int note_attribute(const struct nlattr *attribute, void *context)
{
    struct tcp_row *row = context;
    if (mnl_attr_get_type(attribute) == INET_DIAG_SKV6ONLY && row->state == STATE_LISTEN)
        row->is_v6_only = mnl_attr_get_u8(attribute) != 0;
    if (mnl_attr_get_type(attribute) == INET_DIAG_INFO && row->state != STATE_LISTEN)
        note_counts(row, attribute);
    return MNL_CB_OK;
}

int tcp_row_read(struct tcp_row *row, const struct nlmsghdr *header)
{
    const struct inet_diag_msg *message = mnl_nlmsg_get_payload(header);
    if (mnl_nlmsg_get_payload_len(header) < sizeof *message)
        return -EBADMSG;
    const struct inet_diag_sockid *id = &message->id;
    *row = (struct tcp_row){
        .state = message->idiag_state,
        .local = diag_address(message->idiag_family, id->idiag_src, id->idiag_sport),
        .remote = diag_address(message->idiag_family, id->idiag_dst, id->idiag_dport),
        .interface = id->idiag_if,
        .receive_queue = message->idiag_rqueue,
        .send_queue = message->idiag_wqueue,
        .inode = message->idiag_inode,
    };
    mnl_attr_parse(header, sizeof *message, note_attribute, row);
    return 0;
}

static int add_row(const struct nlmsghdr *header, void *context)
{
    struct tcp_table *table = context;
    if (table->count == table->capacity) {
        table->capacity = 2 * table->capacity + 32;
        table->rows = reallocate(table->rows, table->capacity, sizeof *table->rows);
    }
    if (tcp_row_read(&table->rows[table->count], header) < 0)
        return MNL_CB_ERROR;
    table->count++;
    return MNL_CB_OK;
}

/* The older of two requests, as it is the one that asks for IPv4 and IPv6 together: the kernel
 * walks through its table once. */
static int read_states(struct tcp_table *table, int netlink_fd, unsigned states,
                       unsigned char extensions)
{
    struct {
        struct nlmsghdr header;
        struct inet_diag_req request;
    } message = {
        .header =
            {
                .nlmsg_len = sizeof message,
                .nlmsg_type = TCPDIAG_GETSOCK,
                .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
            },
        .request =
            {
                .idiag_family = AF_UNSPEC,
                .idiag_states = states,
                .idiag_ext = extensions,
            },
    };
    table->count = 0;
    return diag_dump(netlink_fd, &message.header, add_row, table);
}

int tcp_table_read(struct tcp_table *table, int netlink_fd)
{
    return read_states(table, netlink_fd, ALL_STATES, 0);
}

int tcp_table_read_counts(struct tcp_table *table, int netlink_fd)
{
    return read_states(table, netlink_fd, ALL_STATES, 1U << (INET_DIAG_INFO - 1));
}

int tcp_table_read_listeners(struct tcp_table *table, int netlink_fd)
{
    return read_states(table, netlink_fd, 1U << STATE_LISTEN, 0);
}

void tcp_table_release(struct tcp_table *table)
{
    free(table->rows);
    *table = (struct tcp_table){0};
}

/* In both families the port stands at the same place, and nearly always tells rows apart. */
static bool same_ports(const struct tcp_row *row, const struct address *local,
                       const struct address *remote)
{
    return row->local.v4.sin_port == local->v4.sin_port &&
           row->remote.v4.sin_port == remote->v4.sin_port;
}

const struct tcp_row *tcp_table_find(const struct tcp_table *table, const struct address *local,
                                     const struct address *remote)
{
    for (size_t i = 0; i < table->count; i++)
        if (same_ports(&table->rows[i], local, remote) &&
            address_equal(&table->rows[i].local, local) &&
            address_equal(&table->rows[i].remote, remote))
            return &table->rows[i];
    return NULL;
}

const struct tcp_row *tcp_table_find_listener(const struct tcp_table *table, uint16_t port)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].state == STATE_LISTEN && address_port(&table->rows[i].local) == port)
            return &table->rows[i];
    return NULL;
}

/* The address of all hosts becomes that of this one. */
static struct address reach(const struct tcp_row *row)
{
    struct address address = row->local;
    bool is_v6 = address.any.sa_family == AF_INET6;
    if (is_v6 && IN6_IS_ADDR_UNSPECIFIED(&address.v6.sin6_addr))
        address_parse_host(row->is_v6_only ? "::1" : "127.0.0.1", address_port(&address), &address);
    else if (!is_v6 && address.v4.sin_addr.s_addr == htonl(INADDR_ANY))
        address_parse_host("127.0.0.1", address_port(&address), &address);
    return address;
}

bool tcp_table_reach_listener(const struct tcp_table *table, uint16_t port, struct address *address)
{
    bool is_found = false;
    for (size_t i = 0; i < table->count; i++) {
        const struct tcp_row *row = &table->rows[i];
        if (row->state != STATE_LISTEN || address_port(&row->local) != port)
            continue;
        struct address reached = reach(row);
        bool is_plain = reached.any.sa_family == AF_INET &&
                        ntohl(reached.v4.sin_addr.s_addr) == INADDR_LOOPBACK;
        if (!is_found || is_plain)
            *address = reached;
        is_found = true;
    }
    return is_found;
}

bool tcp_rows_equal(const struct tcp_row *left, const struct tcp_row *right)
{
    return left->state == right->state && left->receive_queue == right->receive_queue &&
           left->send_queue == right->send_queue && left->inode == right->inode &&
           address_equal(&left->local, &right->local) &&
           address_equal(&left->remote, &right->remote);
}

bool tcp_tables_equal(const struct tcp_table *left, const struct tcp_table *right)
{
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (!tcp_rows_equal(&left->rows[i], &right->rows[i]))
            return false;
    return true;
}

const char *tcp_state_name(enum tcp_state state)
{
    static const char *const names[] = {
        [STATE_ESTABLISHED] = "ESTABLISHED",
        [STATE_SYN_SENT] = "SYN_SENT",
        [STATE_SYN_RECV] = "SYN_RECV",
        [STATE_FIN_WAIT1] = "FIN_WAIT1",
        [STATE_FIN_WAIT2] = "FIN_WAIT2",
        [STATE_TIME_WAIT] = "TIME_WAIT",
        [STATE_CLOSE] = "CLOSE",
        [STATE_CLOSE_WAIT] = "CLOSE_WAIT",
        [STATE_LAST_ACK] = "LAST_ACK",
        [STATE_LISTEN] = "LISTEN",
        [STATE_CLOSING] = "CLOSING",
    };
    return state < sizeof names / sizeof names[0] && names[state] != NULL ? names[state] : "?";
}
