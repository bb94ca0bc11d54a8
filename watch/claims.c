#include "watch/claims.h"

#include "base/memory.h"
#include "observe/descriptor.h"
#include "watch/following.h"
#include "watch/target/watched.h"

#include <stdlib.h>
#include <string.h>

/*** Listeners ***/

static const struct tcp_row *find_listening(const struct tcp_table *tcp, unsigned inode)
{
    for (size_t i = 0; i < tcp->count; i++)
        if (tcp->rows[i].state == STATE_LISTEN && tcp->rows[i].inode == inode)
            return &tcp->rows[i];
    return NULL;
}

static void add_listener(struct tracker *tracker, const struct tcp_row *row,
                         const struct picture_listener *old)
{
    struct picture *now = &tracker->now;
    now->listeners = grow_by_one(now->listeners, now->listener_count, sizeof *now->listeners);
    struct picture_listener *listener = &now->listeners[now->listener_count++];
    *listener = (struct picture_listener){0};
    if (old != NULL)
        *listener = *old;
    else
        listener->id = tracker->next_listener++;
    listener->is_gone = row == NULL;
    listener->queued = row != NULL ? row->receive_queue : 0;
    if (row == NULL)
        return;
    listener->address = row->local;
    listener->inode = row->inode;
    listener->backlog = row->send_queue;
}

struct holder {
    unsigned inode;
    pid_t pid;
};

static bool is_held(int task, unsigned inode, void *context)
{
    struct holder *holder = context;
    if (inode == holder->inode)
        holder->pid = task;
    return holder->pid != 0;
}

/* The first process of the tree that has the socket. */
static pid_t find_holder(const struct tracker *tracker, unsigned inode)
{
    struct holder holder = {.inode = inode};
    const struct task_list *tasks = &tracker->snapshot.tasks;
    size_t left = DESCRIPTORS_SEARCHED_MAX;
    for (size_t i = 0; i < tasks->count && holder.pid == 0; i++)
        if (i == 0 || tasks->tasks[i].pid != tasks->tasks[i - 1].pid)
            process_each_socket(tasks->tasks[i].tid, &left, is_held, &holder);
    return holder.pid;
}

static bool is_foreign(const struct tracker *tracker, unsigned inode)
{
    for (size_t i = 0; i < tracker->foreign_count; i++)
        if (tracker->foreign[i] == inode)
            return true;
    return false;
}

static void note_foreign(struct tracker *tracker, unsigned inode)
{
    tracker->foreign =
        grow_by_one(tracker->foreign, tracker->foreign_count, sizeof *tracker->foreign);
    tracker->foreign[tracker->foreign_count++] = inode;
}

static void consider_listener(struct tracker *tracker, const struct tcp_row *row)
{
    const struct watched *target = tracker->target;
    if (is_foreign(tracker, row->inode))
        return;
    if (target->port != 0 && address_port(&row->local) != target->port) {
        note_foreign(tracker, row->inode);
        return;
    }
    pid_t holder = find_holder(tracker, row->inode);
    if (holder == 0 && target->root != 0) {
        note_foreign(tracker, row->inode);
        return;
    }
    add_listener(tracker, row, NULL);
    struct picture_listener *added = &tracker->now.listeners[tracker->now.listener_count - 1];
    const struct task *task = task_list_find(&tracker->snapshot.tasks, holder);
    added->pid = task != NULL ? task->pid : 0;
    if (task != NULL)
        picture_copy_name(added->name, task->name);
}

static bool is_known_listener(const struct picture *picture, unsigned inode)
{
    for (size_t i = 0; i < picture->listener_count; i++)
        if (picture->listeners[i].inode == inode && !picture->listeners[i].is_gone)
            return true;
    return false;
}

void claims_find_listeners(struct tracker *tracker)
{
    const struct tcp_table *tcp = &tracker->snapshot.tcp;
    for (size_t i = 0; i < tracker->then.listener_count; i++) {
        const struct picture_listener *old = &tracker->then.listeners[i];
        add_listener(tracker, old->is_gone ? NULL : find_listening(tcp, old->inode), old);
    }
    for (size_t i = 0; i < tcp->count; i++)
        if (tcp->rows[i].state == STATE_LISTEN && tcp->rows[i].inode != 0 &&
            !is_known_listener(&tracker->now, tcp->rows[i].inode))
            consider_listener(tracker, &tcp->rows[i]);
}

/*** Clients ***/

static size_t find_row(const struct tracker *tracker, const struct address *local,
                       const struct address *remote)
{
    uint64_t hash = lookup_hash_connection(local, remote);
    const struct tcp_row *rows = tracker->snapshot.tcp.rows;
    size_t at = lookup_find(&tracker->rows, hash);
    while (at != LOOKUP_NONE &&
           !(address_equal(&rows[at].local, local) && address_equal(&rows[at].remote, remote)))
        at = lookup_find_next(&tracker->rows, hash, at);
    return at;
}

static void index_rows(struct tracker *tracker)
{
    const struct tcp_table *tcp = &tracker->snapshot.tcp;
    if (tcp->count > tracker->claimed_capacity) {
        tracker->claimed_capacity = 2 * tcp->count;
        free(tracker->is_claimed);
        tracker->is_claimed = allocate(tracker->claimed_capacity, sizeof *tracker->is_claimed);
    } else if (tracker->claimed_capacity > 0) {
        memset(tracker->is_claimed, 0, tracker->claimed_capacity * sizeof *tracker->is_claimed);
    }
    lookup_begin(&tracker->rows, tcp->count);
    for (size_t i = 0; i < tcp->count; i++)
        if (tcp->rows[i].state != STATE_LISTEN)
            lookup_add(&tracker->rows,
                       lookup_hash_connection(&tcp->rows[i].local, &tcp->rows[i].remote), i);
}

static const struct tcp_row *claim(struct tracker *tracker, const struct address *local,
                                   const struct address *remote)
{
    size_t at = find_row(tracker, local, remote);
    if (at == LOOKUP_NONE)
        return NULL;
    tracker->is_claimed[at] = true;
    return &tracker->snapshot.tcp.rows[at];
}

/* The listener at whose port the connection stands, in the order of how well it fits; NULL:
 * none. */
static const struct picture_listener *listener_of(const struct picture *picture,
                                                  const struct address *server)
{
    const struct picture_listener *best = NULL;
    for (size_t i = 0; i < picture->listener_count; i++) {
        const struct picture_listener *listener = &picture->listeners[i];
        if (address_port(&listener->address) != address_port(server))
            continue;
        if (best == NULL || (best->is_gone && !listener->is_gone) ||
            address_equal(&listener->address, server))
            best = listener;
    }
    return best;
}

static bool is_wildcard(const struct address *address)
{
    return address->any.sa_family == AF_INET6 ? IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr)
                                              : address->v4.sin_addr.s_addr == htonl(INADDR_ANY);
}

/* Does a client's own row lead to one of the listeners? A port of another machine may have the same
 * number. */
static const struct picture_listener *leads_to(const struct picture *picture,
                                               const struct tcp_row *row)
{
    const struct picture_listener *listener = listener_of(picture, &row->remote);
    struct address local = address_plain(&row->local), remote = address_plain(&row->remote);
    bool is_here = address_is_loopback(&remote) ||
                   (local.any.sa_family == AF_INET && remote.any.sa_family == AF_INET &&
                    local.v4.sin_addr.s_addr == remote.v4.sin_addr.s_addr) ||
                   (local.any.sa_family == AF_INET6 && remote.any.sa_family == AF_INET6 &&
                    IN6_ARE_ADDR_EQUAL(&local.v6.sin6_addr, &remote.v6.sin6_addr));
    if (listener == NULL)
        return NULL;
    return address_equal(&listener->address, &remote) ||
                   (is_here && is_wildcard(&listener->address))
               ? listener
               : NULL;
}

static bool has_closed(enum tcp_state state)
{
    return state == STATE_FIN_WAIT1 || state == STATE_FIN_WAIT2 || state == STATE_TIME_WAIT ||
           state == STATE_CLOSING || state == STATE_LAST_ACK || state == STATE_CLOSE;
}

static enum recorded_stage stage_of(const struct picture_client *client,
                                    const struct picture_client *old)
{
    enum tcp_state server = client->server_state;
    if (server == 0)
        return client->client_state == STATE_SYN_SENT ||
                       (client->client_state == STATE_ESTABLISHED && old == NULL)
                   ? STAGE_CONNECTING
                   : STAGE_GONE;
    if (server == STATE_SYN_RECV)
        return STAGE_CONNECTING;
    bool was_accepted = old != NULL && (old->stage == STAGE_ACCEPTED ||
                                        old->stage == STAGE_SERVED || old->stage == STAGE_GONE);
    if (client->inode == 0)
        return has_closed(server) || was_accepted ? STAGE_GONE : STAGE_QUEUED;
    bool is_read = client->came_bytes > client->unread_bytes;
    bool was_served = old != NULL && old->stage == STAGE_SERVED;
    return is_read || client->went_bytes > 0 || was_served ? STAGE_SERVED : STAGE_ACCEPTED;
}

/* The end of the other side stands in a queue as a byte. */
static unsigned without_end(unsigned queue, bool has_end)
{
    return has_end && queue > 0 ? queue - 1 : queue;
}

static void read_server_end(struct picture_client *client, const struct tcp_row *row)
{
    client->server_state = row->state;
    client->inode = row->inode;
    bool ours_ended = row->state == STATE_FIN_WAIT1 || row->state == STATE_CLOSING ||
                      row->state == STATE_LAST_ACK;
    client->unread_bytes = without_end(row->receive_queue, row->state == STATE_CLOSE_WAIT);
    client->unsent_bytes = without_end(row->send_queue, ours_ended);
    if (!row->has_counts)
        return;
    client->requests += row->came_bytes > client->came_bytes;
    client->came_bytes = row->came_bytes;
    client->went_bytes = row->went_bytes;
}

static void append_client(struct tracker *tracker, struct picture_client *client,
                          const struct tcp_row *server, const struct tcp_row *other,
                          const struct picture_client *old)
{
    struct picture *now = &tracker->now;
    client->server_state = client->client_state = 0;
    client->unread_bytes = client->unsent_bytes = 0;
    client->inode = 0;
    memset(client->why, 0, sizeof client->why);
    if (server != NULL)
        read_server_end(client, server);
    if (other != NULL)
        client->client_state = other->state;
    client->stage = stage_of(client, old);
    if (client->stage == STAGE_GONE || client->stage == STAGE_QUEUED) {
        client->pid = 0;
        if (client->stage == STAGE_QUEUED)
            client->tid = 0;
    }
    now->clients = grow_by_one(now->clients, now->client_count, sizeof *now->clients);
    now->clients[now->client_count++] = *client;
}

/* The same two addresses with fewer bytes are another connection. */
static bool is_another(const struct picture_client *old, const struct tcp_row *server)
{
    return server != NULL && old->stage == STAGE_GONE && !has_closed(server->state) &&
           server->state != STATE_CLOSE_WAIT;
}

/* Nothing more will be seen of this end. */
static bool is_left(enum tcp_state state)
{
    return state == 0 || state == STATE_TIME_WAIT;
}

static void follow(struct tracker *tracker, const struct picture_client *old)
{
    size_t at = find_row(tracker, &old->server, &old->client);
    const struct tcp_row *rows = tracker->snapshot.tcp.rows;
    if (at != LOOKUP_NONE && is_another(old, &rows[at]))
        return;
    const struct tcp_row *server = claim(tracker, &old->server, &old->client);
    const struct tcp_row *other = claim(tracker, &old->client, &old->server);
    /* It stays for one picture more, so that its end is seen. */
    if (server == NULL && other == NULL && old->server_state == 0 && old->client_state == 0)
        return;
    if (tracker->gone_left_out > 0 && is_left(old->server_state) && is_left(old->client_state)) {
        tracker->gone_left_out--;
        lookup_add(&tracker->over, lookup_hash_connection(&old->server, &old->client), 0);
        return;
    }
    struct picture_client client = *old;
    append_client(tracker, &client, server, other, old);
}

/* What is left of a connection that is not followed, for a minute: each is counted once. */
static void note_over(struct tracker *tracker, const struct address *server,
                      const struct address *other)
{
    uint64_t hash = lookup_hash_connection(server, other);
    bool was_there = lookup_find(&tracker->over_before, hash) != LOOKUP_NONE;
    tracker->now.short_lived += !was_there && tracker->looks > 0;
    lookup_add(&tracker->over, hash, 0);
}

static void meet_client(struct tracker *tracker, const struct picture_listener *listener,
                        const struct address *server, const struct address *other)
{
    struct picture_client client = {0};
    client.listener = listener->id;
    client.since_ns = tracker->now.t_ns;
    client.server = address_plain(server);
    client.client = address_plain(other);
    const struct tcp_row *server_row = claim(tracker, server, other);
    const struct tcp_row *client_row = claim(tracker, other, server);
    bool is_over = (server_row == NULL || server_row->state == STATE_TIME_WAIT) &&
                   (client_row == NULL || client_row->state == STATE_TIME_WAIT);
    if (is_over) {
        note_over(tracker, server, other);
        return;
    }
    client.id = tracker->next_client++;
    append_client(tracker, &client, server_row, client_row, NULL);
}

static void meet_clients(struct tracker *tracker)
{
    const struct tcp_table *tcp = &tracker->snapshot.tcp;
    for (size_t i = 0; i < tcp->count; i++) {
        const struct tcp_row *row = &tcp->rows[i];
        if (row->state == STATE_LISTEN || tracker->is_claimed[i])
            continue;
        const struct picture_listener *listener = listener_of(&tracker->now, &row->local);
        if (listener != NULL &&
            (is_wildcard(&listener->address) || address_equal(&listener->address, &row->local)))
            meet_client(tracker, listener, &row->local, &row->remote);
        else if ((listener = leads_to(&tracker->now, row)) != NULL)
            meet_client(tracker, listener, &row->remote, &row->local);
    }
}

static void index_inodes(struct tracker *tracker)
{
    struct picture *now = &tracker->now;
    lookup_begin(&tracker->inodes, now->client_count);
    for (size_t i = 0; i < now->client_count; i++)
        if (now->clients[i].inode != 0)
            lookup_add(&tracker->inodes, lookup_hash_number(now->clients[i].inode), i);
}

/* Begins a new table of what is over; the one before tells which of them are new. */
static void begin_over(struct tracker *tracker)
{
    struct lookup before = tracker->over_before;
    tracker->over_before = tracker->over;
    tracker->over = before;
    lookup_begin(&tracker->over, tracker->snapshot.tcp.count + tracker->then.client_count);
}

/* Of clients that have gone, as many are shown as somebody may want to look at. */
#define GONE_SHOWN 100

static size_t count_gone(const struct picture *picture)
{
    size_t count = 0;
    for (size_t i = 0; i < picture->client_count; i++)
        count += picture->clients[i].stage == STAGE_GONE;
    return count;
}

void claims_find_clients(struct tracker *tracker)
{
    size_t gone = count_gone(&tracker->then);
    tracker->gone_left_out = gone > GONE_SHOWN ? gone - GONE_SHOWN : 0;
    index_rows(tracker);
    begin_over(tracker);
    for (size_t i = 0; i < tracker->then.client_count; i++)
        follow(tracker, &tracker->then.clients[i]);
    meet_clients(tracker);
    index_inodes(tracker);
}
