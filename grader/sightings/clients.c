/* A look at a thousand clients finds the rows of all in one walk through the table: by the port at
 * the end that has connected, which no two of them have at one time. */
#include "grader/sightings/clients.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/sightings/listeners.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORTS (UINT16_MAX + 1)

/*** Finding ***/

static bool is_same_end(const struct address *left, const struct address *right)
{
    return left->any.sa_family == right->any.sa_family &&
           (left->any.sa_family == AF_INET6
                ? left->v6.sin6_port == right->v6.sin6_port &&
                      IN6_ARE_ADDR_EQUAL(&left->v6.sin6_addr, &right->v6.sin6_addr)
                : left->v4.sin_port == right->v4.sin_port &&
                      left->v4.sin_addr.s_addr == right->v4.sin_addr.s_addr);
}

/* The client that has connected from there, if its player stands at `local`. */
static struct seen_client *find_from(const struct seen_clients *clients,
                                     const struct address *connected, const struct address *local,
                                     const struct address *remote)
{
    int id = clients->by_port[address_port(connected)];
    struct seen_client *client = id > 0 ? &clients->list[id - 1] : NULL;
    bool is_it = client != NULL && is_same_end(&client->local, local) &&
                 is_same_end(&client->remote, remote);
    return is_it ? client : NULL;
}

static struct seen_client *find(const struct seen_clients *clients, const struct address *local,
                                const struct address *remote)
{
    struct seen_client *client = find_from(clients, local, local, remote);
    return client != NULL ? client : find_from(clients, remote, local, remote);
}

static struct seen_client *add(struct seen_clients *clients, const struct named_client *named)
{
    clients->list = grow_by_one(clients->list, clients->count, sizeof *clients->list);
    struct seen_client *client = &clients->list[clients->count++];
    *client = (struct seen_client){
        .row = {.id = (int)clients->count, .stage = STAGE_CONNECTING},
        .local = *named->local,
        .remote = *named->remote,
        .is_caller = named->is_caller,
        .is_udp = named->is_udp,
        .spoke_last = -1,
    };
    address_text(&client->local, client->texts[0]);
    address_text(&client->remote, client->texts[1]);
    snprintf(client->name, sizeof client->name, "%s", named->name != NULL ? named->name : "");
    const struct address *connected = named->is_caller ? named->remote : named->local;
    clients->by_port[address_port(connected)] = client->row.id;
    return client;
}

struct seen_client *seen_clients_name(struct seen_clients *clients,
                                      const struct named_client *named)
{
    if (clients->by_port == NULL)
        clients->by_port = allocate(PORTS, sizeof *clients->by_port);
    struct seen_client *client = find(clients, named->local, named->remote);
    bool is_new = client == NULL || (client->is_over && named->is_playing);
    if (is_new)
        client = add(clients, named);
    client->is_playing |= named->is_playing;
    return client;
}

void seen_clients_match(struct seen_clients *clients, const struct tcp_table *table)
{
    for (size_t i = 0; i < clients->count; i++) {
        struct seen_client *client = &clients->list[i];
        client->ours = client->theirs = NULL;
        client->waiter = NULL;
        client->has_waiting_owner = false;
    }
    for (size_t i = 0; i < table->count && clients->count > 0; i++) {
        const struct tcp_row *row = &table->rows[i];
        struct seen_client *ours = find(clients, &row->local, &row->remote);
        struct seen_client *theirs = find(clients, &row->remote, &row->local);
        if (ours != NULL)
            ours->ours = row;
        if (theirs != NULL)
            theirs->theirs = row;
    }
}

int seen_clients_find(const struct seen_clients *clients, unsigned inode)
{
    for (size_t i = 0; i < clients->count && inode != 0; i++) {
        const struct tcp_row *theirs = clients->list[i].theirs;
        if (theirs != NULL && theirs->inode == inode)
            return clients->list[i].row.id;
    }
    return 0;
}

/*** Who serves whom ***/

static void note_owner(struct seen_client *client, const struct task *task, pid_t tid)
{
    client->row.owner.pid = task->pid;
    client->row.owner.tid = tid;
    seen_name(client->owner_name, sizeof client->owner_name, task->name);
}

/* Where several wait, whoever did so before stays the one. */
void seen_clients_note_waiter(struct seen_clients *clients, int id, const struct task *task)
{
    struct seen_client *client = &clients->list[id - 1];
    client->has_waiting_owner |= client->row.owner.tid == task->tid;
    client->waiter = client->waiter == NULL ? task : client->waiter;
}

static void take_waiter(struct seen_client *client)
{
    if (client->waiter == NULL || client->has_waiting_owner)
        return;
    note_owner(client, client->waiter, client->waiter->tid);
    client->is_written = false;
}

/* Of a socket that nobody waits on: some process that has it, which is searched for once. */
static void search_owner(struct seen_client *client, const struct snapshot *snapshot)
{
    unsigned inode = client->theirs != NULL ? client->theirs->inode : 0;
    if (inode == 0 || inode == client->searched_inode || client->row.owner.pid != 0)
        return;
    client->searched_inode = inode;
    const struct task *owner =
        task_list_find(&snapshot->tasks, snapshot_find_owner(snapshot, inode));
    if (owner == NULL)
        return;
    note_owner(client, owner, 0);
    client->is_written = false;
}

/*** Rows ***/

static enum recorded_stage stage_of(const struct seen_client *client)
{
    const struct tcp_row *theirs = client->theirs;
    if (client->is_udp)
        return !client->is_playing    ? STAGE_GONE
               : client->was_answered ? STAGE_SERVED
                                      : STAGE_CONNECTING;
    if (theirs != NULL && theirs->inode != 0)
        return client->was_answered ? STAGE_SERVED : STAGE_ACCEPTED;
    if (client->was_accepted || (theirs == NULL && client->ours == NULL))
        return STAGE_GONE;
    if (theirs == NULL || theirs->state == STATE_SYN_RECV)
        return STAGE_CONNECTING;
    bool may_be_accepted = theirs->state == STATE_ESTABLISHED || theirs->state == STATE_CLOSE_WAIT;
    return may_be_accepted ? STAGE_QUEUED : STAGE_GONE;
}

static const char *state_of(const struct tcp_row *row)
{
    return row != NULL ? tcp_state_name(row->state) : NULL;
}

/* Lists that grow move, and texts in them too. */
static struct recorded_client row_of(const struct seen_client *client)
{
    struct recorded_client row = client->row;
    const struct tcp_row *theirs = client->theirs;
    row.name = client->name[0] != '\0' ? client->name : NULL;
    row.client = client->texts[client->is_caller];
    row.server = client->texts[!client->is_caller];
    row.owner.name = client->owner_name;
    row.stage = stage_of(client);
    row.server_state = state_of(client->is_caller ? client->ours : theirs);
    row.client_state = state_of(client->is_caller ? theirs : client->ours);
    row.inode = theirs != NULL ? theirs->inode : 0;
    row.unread_bytes = theirs != NULL ? theirs->receive_queue : 0;
    row.unsent_bytes = theirs != NULL ? theirs->send_queue : 0;
    if (row.inode == 0)
        row.owner = (struct recorded_owner){0};
    return row;
}

static void say_why(struct seen_client *client, struct recorded_client *row, int sleeps_on)
{
    row->why = row->stage == STAGE_QUEUED ? client->why : NULL;
    if (sleeps_on == 0)
        snprintf(client->why, sizeof client->why, "%s", _("waits in the accept queue"));
    else
        snprintf(client->why, sizeof client->why,
                 _("waits in the accept queue: every thread sleeps on client %d"), sleeps_on);
}

/* Names of states are constants. */
static bool is_same(const struct recorded_client *left, const struct recorded_client *right)
{
    return left->stage == right->stage && left->server_state == right->server_state &&
           left->client_state == right->client_state && left->inode == right->inode &&
           left->unread_bytes == right->unread_bytes && left->unsent_bytes == right->unsent_bytes &&
           left->requests == right->requests;
}

static void look_at(struct seen_client *client, int sleeps_on, const struct snapshot *snapshot,
                    struct recording *recording, int64_t t_ns)
{
    client->was_accepted |= client->theirs != NULL && client->theirs->inode != 0;
    take_waiter(client);
    search_owner(client, snapshot);
    struct recorded_client row = row_of(client);
    client->is_written &= row.stage != STAGE_QUEUED || client->sleeps_on == sleeps_on;
    client->sleeps_on = sleeps_on;
    say_why(client, &row, sleeps_on);
    if (!client->is_written || !is_same(&row, &client->row))
        recording_client(recording, t_ns, &row);
    client->is_written = true;
    client->row = row;
    client->is_over = row.stage == STAGE_GONE && client->ours == NULL && client->theirs == NULL;
    client->is_playing = false;
}

/* Where it came in: the listener may have gone since. */
static void note_listener(struct seen_client *client, const struct seen_listeners *listeners)
{
    if (client->row.listener == 0 && !client->is_caller)
        client->row.listener = seen_listeners_at(listeners, address_port(&client->remote));
}

void seen_clients_look(struct seen_clients *clients, const struct seen_listeners *listeners,
                       const struct snapshot *snapshot, struct recording *recording, int64_t t_ns)
{
    for (size_t i = 0; i < clients->count; i++) {
        if (clients->list[i].is_over)
            continue;
        note_listener(&clients->list[i], listeners);
        look_at(&clients->list[i], clients->sleeps_on, snapshot, recording, t_ns);
    }
}

void seen_clients_release(struct seen_clients *clients)
{
    free(clients->list);
    free(clients->by_port);
    *clients = (struct seen_clients){0};
}
