#include "watch/netstat.h"

#include "base/language.h"
#include "base/memory.h"
#include "observe/proc.h"
#include "observe/socket_owner.h"
#include "text/printable.h"
#include "watch/following.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_shown(const struct tracker *tracker, size_t i)
{
    const struct tcp_row *row = &tracker->snapshot.tcp.rows[i];
    if (row->state != STATE_LISTEN)
        return tracker->is_claimed[i];
    for (size_t l = 0; l < tracker->now.listener_count; l++)
        if (tracker->now.listeners[l].inode == row->inode && !tracker->now.listeners[l].is_gone)
            return true;
    return false;
}

/*** Owners ***/

static const struct netstat_owner *find_owner(const struct netstat *netstat, unsigned inode)
{
    for (size_t i = 0; i < netstat->owner_count; i++)
        if (netstat->owners[i].inode == inode)
            return &netstat->owners[i];
    return NULL;
}

static void add_owner(struct netstat *netstat, const struct socket_owner *found)
{
    netstat->owners = grow_by_one(netstat->owners, netstat->owner_count, sizeof *netstat->owners);
    struct netstat_owner *owner = &netstat->owners[netstat->owner_count++];
    *owner = (struct netstat_owner){.inode = found->inode, .pid = found->pid};
    if (found->pid != 0)
        proc_read(owner->name, sizeof owner->name, "/proc/%d/comm", found->pid);
    owner->name[strcspn(owner->name, "\n")] = '\0';
}

static void find_owners(struct netstat *netstat, const struct tracker *tracker)
{
    const struct tcp_table *tcp = &tracker->snapshot.tcp;
    struct socket_owner *sought = allocate(tcp->count + 1, sizeof *sought);
    size_t count = 0;
    for (size_t i = 0; i < tcp->count; i++)
        if (tcp->rows[i].inode != 0 && is_shown(tracker, i) &&
            find_owner(netstat, tcp->rows[i].inode) == NULL)
            sought[count++].inode = tcp->rows[i].inode;
    socket_owners_find(sought, count);
    for (size_t i = 0; i < count; i++)
        add_owner(netstat, &sought[i]);
    free(sought);
}

/*** The table ***/

static void append_owner(const struct netstat *netstat, unsigned inode, struct bytes *text)
{
    const struct netstat_owner *owner = inode != 0 ? find_owner(netstat, inode) : NULL;
    if (owner == NULL || owner->pid == 0) {
        bytes_print(text, "-");
        return;
    }
    char *name = name_shown(owner->name);
    bytes_print(text, "%d/%s", (int)owner->pid, name);
    free(name);
}

static void append_cell(struct bytes *text, const char *cell, size_t letters)
{
    size_t from = text->length;
    bytes_print(text, "%s", cell);
    bytes_pad(text, from, letters);
    bytes_print(text, " ");
}

static void append_line(struct bytes *text, const char *const cells[4])
{
    static const size_t widths[] = {5, 22, 22, 11};
    for (size_t i = 0; i < 4; i++)
        append_cell(text, cells[i], widths[i]);
}

static void append_row(const struct netstat *netstat, const struct tcp_row *row, struct bytes *text)
{
    char local[ADDRESS_TEXT_BYTES], remote[ADDRESS_TEXT_BYTES + 2];
    address_text(&row->local, local);
    address_text(&row->remote, remote);
    if (row->state == STATE_LISTEN) {
        struct address any = row->local;
        char host[ADDRESS_TEXT_BYTES];
        memset(&any.v6.sin6_addr, 0, any.any.sa_family == AF_INET6 ? sizeof any.v6.sin6_addr : 0);
        if (any.any.sa_family == AF_INET)
            any.v4.sin_addr.s_addr = 0;
        *strrchr(address_text(&any, host), ':') = '\0';
        snprintf(remote, sizeof remote, "%s:*", host);
    }
    append_line(text, (const char *const[]){row->local.any.sa_family == AF_INET6 ? "tcp6" : "tcp",
                                            local, remote, tcp_state_name(row->state)});
    append_owner(netstat, row->inode, text);
    bytes_print(text, "\n");
}

void netstat_append(struct netstat *netstat, const struct tracker *tracker, struct bytes *text)
{
    const struct tcp_table *tcp = &tracker->snapshot.tcp;
    find_owners(netstat, tracker);
    append_line(
        text, (const char *const[]){"Proto", _("Local address"), _("Remote address"), _("State")});
    bytes_print(text, "%s\n", _("PID/Program"));
    for (int listens = 1; listens >= 0; listens--)
        for (size_t i = 0; i < tcp->count; i++)
            if ((tcp->rows[i].state == STATE_LISTEN) == listens && is_shown(tracker, i))
                append_row(netstat, &tcp->rows[i], text);
}

void netstat_release(struct netstat *netstat)
{
    free(netstat->owners);
    *netstat = (struct netstat){0};
}
