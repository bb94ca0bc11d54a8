/* Theory of operation: the newer request of sock_diag, once for each family, as the older one knows
 * TCP only. Drops stand among the sizes of a socket's memory (SK_MEMINFO_DROPS). What is under way
 * within this machine waits in the backlog of a processor, which softnet_stat counts.
 */
#include "observe/udp.h"

#include "base/memory.h"
#include "observe/diag.h"
#include "observe/proc.h"

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of tcp_states.h, which stands for UDP too: TCP_ESTABLISHED is a socket that is connected. */
#define STATE_CONNECTED 1
#define ALL_STATES      ((2U << 12) - 2)

static int note_drops(const struct nlattr *attribute, void *drops)
{
    const size_t needed = (SK_MEMINFO_DROPS + 1) * sizeof(__u32);
    if (mnl_attr_get_type(attribute) != INET_DIAG_SKMEMINFO ||
        mnl_attr_get_payload_len(attribute) < needed)
        return MNL_CB_OK;
    const char *sizes = mnl_attr_get_payload(attribute);
    memcpy(drops, sizes + SK_MEMINFO_DROPS * sizeof(__u32), sizeof(__u32));
    return MNL_CB_OK;
}

static int add_row(const struct nlmsghdr *header, void *context)
{
    struct udp_table *table = context;
    const struct inet_diag_msg *message = mnl_nlmsg_get_payload(header);
    if (mnl_nlmsg_get_payload_len(header) < sizeof *message)
        return MNL_CB_ERROR;
    if (table->count == table->capacity) {
        table->capacity = 2 * table->capacity + 16;
        table->rows = reallocate(table->rows, table->capacity, sizeof *table->rows);
    }
    const struct inet_diag_sockid *id = &message->id;
    __u32 drops = 0;
    mnl_attr_parse(header, sizeof *message, note_drops, &drops);
    table->rows[table->count++] = (struct udp_row){
        .local = diag_address(message->idiag_family, id->idiag_src, id->idiag_sport),
        .remote = diag_address(message->idiag_family, id->idiag_dst, id->idiag_dport),
        .is_connected = message->idiag_state == STATE_CONNECTED,
        .receive_queue = message->idiag_rqueue,
        .drops = drops,
        .inode = message->idiag_inode,
    };
    return MNL_CB_OK;
}

static int read_family(struct udp_table *table, int netlink_fd, unsigned char family)
{
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 request;
    } message = {
        .header =
            {
                .nlmsg_len = sizeof message,
                .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
            },
        .request = {.sdiag_family = family,
                    .sdiag_protocol = IPPROTO_UDP,
                    .idiag_ext = 1 << (INET_DIAG_SKMEMINFO - 1),
                    .idiag_states = ALL_STATES},
    };
    return diag_dump(netlink_fd, &message.header, add_row, table);
}

int udp_table_read(struct udp_table *table, int netlink_fd)
{
    table->count = 0;
    int error = read_family(table, netlink_fd, AF_INET);
    return error < 0 ? error : read_family(table, netlink_fd, AF_INET6);
}

void udp_table_release(struct udp_table *table)
{
    free(table->rows);
    *table = (struct udp_table){0};
}

bool udp_row_is_bound(const struct udp_row *row, uint16_t port)
{
    return !row->is_connected && (port == 0 || address_port(&row->local) == port);
}

const struct udp_row *udp_table_find(const struct udp_table *table, const struct address *local,
                                     const struct address *remote)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].is_connected && address_equal(&table->rows[i].local, local) &&
            address_equal(&table->rows[i].remote, remote))
            return &table->rows[i];
    return NULL;
}

static bool rows_equal(const struct udp_row *left, const struct udp_row *right)
{
    return left->is_connected == right->is_connected &&
           left->receive_queue == right->receive_queue && left->drops == right->drops &&
           left->inode == right->inode && address_equal(&left->local, &right->local) &&
           address_equal(&left->remote, &right->remote);
}

bool udp_tables_equal(const struct udp_table *left, const struct udp_table *right)
{
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (!rows_equal(&left->rows[i], &right->rows[i]))
            return false;
    return true;
}

/*** Under way ***/

/* A line for each processor, of numbers in hexadecimal; the twelfth is its backlog. */
#define BACKLOG_COLUMN 12
#define STATS_BYTES    ((size_t)256 << 10)

static long backlog_of(const char *line)
{
    unsigned long number = 0;
    for (int column = 0; column < BACKLOG_COLUMN; column++) {
        char *end = NULL;
        number = strtoul(line, &end, 16);
        if (end == line)
            return -1;
        line = end;
        if (*line == '\n' && column + 1 < BACKLOG_COLUMN)
            return -1;
    }
    return (long)number;
}

long udp_count_under_way(void)
{
    char *text = allocate(STATS_BYTES, 1);
    long count = proc_read(text, STATS_BYTES, "/proc/self/net/softnet_stat") > 0 ? 0 : -1;
    for (const char *line = text; count >= 0 && *line != '\0';) {
        long backlog = backlog_of(line);
        const char *end = strchr(line, '\n');
        count = backlog < 0 ? -1 : count + backlog;
        line = end != NULL ? end + 1 : "";
    }
    free(text);
    return count;
}
