#include "grader/play/encounter.h"

#include "base/language.h"
#include "base/least.h"
#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void dismiss_players(struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++)
        player_release(&encounter->players[i]);
    free(encounter->players);
    encounter->players = NULL;
    encounter->player_count = 0;
}

void encounter_cast(struct encounter *encounter, size_t player_count)
{
    dismiss_players(encounter);
    limit_group_allow(&encounter->arena.group, encounter->arena.limits, player_count);
    encounter->players = allocate(player_count, sizeof *encounter->players);
    encounter->player_count = player_count;
    for (size_t i = 0; i < player_count; i++) {
        struct player *player = &encounter->players[i];
        player->fd = -1;
        player->transport = encounter->transport;
        snprintf(player->usual_id, sizeof player->usual_id, "client %zu", i + 1);
        snprintf(player->usual_name, sizeof player->usual_name, _("client %zu"), i + 1);
        player->id = player->usual_id;
        player->name = player->usual_name;
    }
}

/* Where a client reaches a server that listens on `bound`, which may be the wildcard. */
static struct address reachable(const struct address *bound)
{
    struct address address = *bound;
    static const struct in6_addr any_mapped = {{{[10] = 0xff, [11] = 0xff}}};
    static const struct in6_addr loopback_mapped = {
        {{[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}}};
    if (bound->any.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&bound->v6.sin6_addr))
        address.v6.sin6_addr = in6addr_loopback;
    if (bound->any.sa_family == AF_INET6 && IN6_ARE_ADDR_EQUAL(&bound->v6.sin6_addr, &any_mapped))
        address.v6.sin6_addr = loopback_mapped;
    if (bound->any.sa_family == AF_INET && bound->v4.sin_addr.s_addr == htonl(INADDR_ANY))
        address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static bool find_listener(struct encounter *encounter, bool *is_cut_short)
{
    const struct snapshot *current = &encounter->settle.current;
    const struct tcp_row *tcp = NULL;
    const struct udp_row *udp = NULL;
    if (encounter->transport == TRANSPORT_UDP)
        udp = snapshot_find_udp(current, encounter->port, is_cut_short);
    else
        tcp = snapshot_find_listener(current, encounter->port, is_cut_short);
    if (tcp == NULL && udp == NULL)
        return false;
    const struct address *local = tcp != NULL ? &tcp->local : &udp->local;
    encounter->server = reachable(local);
    encounter->listener_inode = tcp != NULL ? tcp->inode : udp->inode;
    encounter->arena.subject.port = address_port(local);
    return true;
}

bool encounter_has_listener(struct encounter *encounter)
{
    bool is_cut_short = false;
    bool is_found = find_listener(encounter, &is_cut_short);
    if (is_cut_short)
        arena_end_for(&encounter->arena, LIMIT_DESCRIPTORS);
    return is_found;
}

bool encounter_reach(const struct encounter *encounter, enum transport transport,
                     struct address *address)
{
    const struct snapshot *current = &encounter->settle.current;
    uint16_t port = address_port(&encounter->server);
    const struct tcp_row *tcp = NULL;
    const struct udp_row *udp = NULL;
    if (transport == TRANSPORT_UDP)
        udp = snapshot_find_udp(current, port, NULL);
    else
        tcp = snapshot_find_listener(current, port, NULL);
    if (tcp == NULL && udp == NULL)
        return false;
    *address = reachable(tcp != NULL ? &tcp->local : &udp->local);
    return true;
}

/* Over UDP a port that may be used again would be shared with whoever has it. */
static int start_listening(int fd, enum transport transport, const struct address *address)
{
    bool is_udp = transport == TRANSPORT_UDP;
    if (!is_udp)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, &address->any, address->length_bytes) < 0)
        return -errno;
    if (is_udp)
        return datagrams_prepare(fd);
    return listen(fd, SOMAXCONN) < 0 ? -errno : 0;
}

int encounter_listen(struct encounter *encounter, uint16_t port, enum transport transport)
{
    struct address address;
    int type = transport == TRANSPORT_UDP ? SOCK_DGRAM : SOCK_STREAM;
    address_parse_host("0.0.0.0", port, &address);
    int fd = arena_socket(&encounter->arena, AF_INET, type | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fd;
    int error = start_listening(fd, transport, &address);
    if (error < 0)
        close(fd);
    return error < 0 ? error : fd;
}

bool encounter_is_over(struct encounter *encounter)
{
    return encounter->arena.is_empty;
}

size_t encounter_count_ports(const struct encounter *encounter)
{
    const struct tcp_table *table = &encounter->settle.current.tcp;
    bool is_seen[UINT16_MAX + 1] = {false};
    size_t ports = 0;
    for (size_t i = 0; i < encounter->beside_count; i++)
        is_seen[encounter->besides[i].port] = true; /* which is no port of the submission's */
    for (size_t i = 0; i < table->count; i++) {
        uint16_t port = address_port(&table->rows[i].local);
        ports += table->rows[i].state == STATE_LISTEN && !is_seen[port];
        is_seen[port] |= table->rows[i].state == STATE_LISTEN;
    }
    return ports;
}

const struct tcp_row *encounter_server_row(const struct encounter *encounter,
                                           const struct player *player)
{
    if (player->transport == TRANSPORT_UDP) /* whatever TCP has between the same ports */
        return NULL;
    return tcp_table_find(&encounter->settle.current.tcp, &player->server, &player->local);
}

const struct tcp_row *encounter_player_row(const struct encounter *encounter,
                                           const struct player *player)
{
    if (player->transport == TRANSPORT_UDP)
        return NULL;
    return tcp_table_find(&encounter->settle.current.tcp, &player->local, &player->server);
}

unsigned encounter_server_inode(const struct encounter *encounter, const struct player *player)
{
    const struct udp_table *table = &encounter->settle.current.udp;
    const struct tcp_row *row = encounter_server_row(encounter, player);
    const struct udp_row *udp = player->transport == TRANSPORT_UDP
                                    ? udp_table_find(table, &player->server, &player->local)
                                    : NULL;
    return row != NULL ? row->inode : udp != NULL ? udp->inode : 0;
}

const struct udp_row *encounter_udp_row(const struct encounter *encounter)
{
    const struct udp_table *table = &encounter->settle.current.udp;
    for (size_t i = 0; i < table->count && encounter->transport == TRANSPORT_UDP; i++)
        if (table->rows[i].inode == encounter->listener_inode)
            return &table->rows[i];
    return NULL;
}

const char *encounter_listener_id(const struct encounter *encounter)
{
    return encounter->transport == TRANSPORT_UDP ? N_("the UDP socket") : N_("the listener");
}

bool encounter_still_listens(const struct encounter *encounter)
{
    return encounter_listener_row(encounter) != NULL || encounter_udp_row(encounter) != NULL;
}

void encounter_server_rows(const struct encounter *encounter, size_t first, size_t count,
                           const struct tcp_row **rows)
{
    for (size_t i = 0; i < count; i++)
        rows[i] = encounter_server_row(encounter, &encounter->players[first + i]);
}

bool encounter_is_accepted(const struct encounter *encounter, const struct player *player)
{
    const struct tcp_row *row = encounter_server_row(encounter, player);
    return row != NULL && row->inode != 0;
}

bool encounter_is_deferred(const struct encounter *encounter, const struct player *player)
{
    const struct tcp_row *ours = encounter_player_row(encounter, player);
    const struct tcp_row *theirs = encounter_server_row(encounter, player);
    const struct tcp_row *listener = encounter_listener_row(encounter);
    return ours != NULL && ours->state == STATE_ESTABLISHED && theirs != NULL &&
           theirs->state == STATE_SYN_RECV && listener != NULL &&
           listener->receive_queue <= listener->send_queue;
}

const struct tcp_row *encounter_listener_row(const struct encounter *encounter)
{
    const struct tcp_table *table = &encounter->settle.current.tcp;
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].state == STATE_LISTEN &&
            table->rows[i].inode == encounter->listener_inode)
            return &table->rows[i];
    return NULL;
}

/* Of the 200 kB that a UDP socket has by default each datagram takes nearly one. */
#define DATAGRAMS_AT_ONCE ((size_t)64)

size_t encounter_queue_room(const struct encounter *encounter)
{
    if (encounter->transport == TRANSPORT_UDP)
        return DATAGRAMS_AT_ONCE;
    const struct tcp_row *listener = encounter_listener_row(encounter);
    return listener != NULL && listener->send_queue > 0 ? listener->send_queue : 1;
}

void encounter_note_progress(struct encounter *encounter, size_t progress)
{
    if (progress > encounter->progress)
        encounter->progressed_ns = encounter->settle.own_ns;
    encounter->progress = progress;
}

bool encounter_is_queued(const struct encounter *encounter, const struct player *player)
{
    const struct tcp_row *row = encounter_server_row(encounter, player);
    bool may_be_accepted =
        row != NULL && (row->state == STATE_SYN_RECV || row->state == STATE_ESTABLISHED ||
                        row->state == STATE_CLOSE_WAIT);
    return may_be_accepted && row->inode == 0;
}

bool encounter_is_deserted(const struct encounter *encounter)
{
    const struct task_list *tasks = &encounter->settle.current.tasks;
    for (size_t i = 0; i < tasks->count; i++)
        if (tasks->tasks[i].state != 'Z' && tasks->tasks[i].state != 'X')
            return false;
    return true;
}

/* No server has more than this to send to a client that leaves: so many times what the client has
 * sent, and some more. */
#define ANSWER_RATIO  ((size_t)8)
#define FLOODED_BYTES ((size_t)1 << 20)

bool encounter_floods_the_leaving(const struct encounter *encounter)
{
    size_t sent_bytes = 0, received_bytes = 0;
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        sent_bytes += player->has_left ? player->sent_bytes : 0;
        received_bytes += player->has_left ? player->received.length : 0;
    }
    return received_bytes > ANSWER_RATIO * sent_bytes + FLOODED_BYTES;
}

#define UNASKED_BYTES ((size_t)64 << 20) /* as the text of LIMIT_SENDING says */

size_t encounter_room_bytes(const struct encounter *encounter)
{
    size_t most_bytes = UNASKED_BYTES, received_bytes = 0;
    for (size_t i = 0; i < encounter->player_count; i++) {
        most_bytes += answers_least_bytes(&encounter->players[i].awaited);
        received_bytes += player_kept_bytes(&encounter->players[i]);
    }
    return most_bytes > received_bytes ? most_bytes - received_bytes : 0;
}

bool encounter_drain(struct encounter *encounter)
{
    bool is_new = arena_drain(&encounter->arena);
    size_t room_bytes = encounter_room_bytes(encounter);
    for (size_t i = 0; i < encounter->player_count; i++) {
        struct player *player = &encounter->players[i];
        size_t unsent_bytes = player->outgoing.length;
        size_t kept_bytes = player_kept_bytes(player);
        player_push(player); /* an error shows up in player_drain() */
        is_new |= player->outgoing.length != unsent_bytes;
        is_new |= player_drain(player, room_bytes);
        size_t more_bytes = player_kept_bytes(player) - kept_bytes;
        room_bytes -= least(room_bytes, more_bytes);
    }
    if (room_bytes == 0)
        arena_end_for(&encounter->arena, LIMIT_SENDING);
    return is_new;
}

const char *encounter_name_of_socket(const void *context, unsigned inode)
{
    const struct encounter *encounter = context;
    if (inode != 0 && inode == encounter->listener_inode)
        return _(encounter_listener_id(encounter));
    for (size_t i = 0; inode != 0 && i < encounter->player_count; i++)
        if (encounter_server_inode(encounter, &encounter->players[i]) == inode)
            return encounter->players[i].name;
    return NULL;
}

bool encounter_is_stopped(const struct encounter *encounter)
{
    return encounter->activity == ACTIVITY_STOPPED &&
           (encounter->settle.is_proved || encounter->settle.has_come_round);
}

bool encounter_is_stuck(const struct encounter *encounter, const struct player *player)
{
    const struct tcp_row *theirs = encounter_server_row(encounter, player);
    const struct tcp_row *ours = encounter_player_row(encounter, player);
    bool stands_still = encounter->settle.is_proved || (encounter->settle.has_come_round &&
                                                        encounter_is_queued(encounter, player));
    if (!stands_still || encounter->activity == ACTIVITY_STOPPED || encounter->has_news)
        return false;
    if (theirs == NULL || theirs->send_queue > 0)
        return false;
    return theirs->receive_queue > 0 || ours == NULL || ours->send_queue == 0;
}

size_t encounter_left_running(const struct encounter *encounter)
{
    const struct task_list *tasks = &encounter->settle.current.tasks;
    size_t processes = 0;
    for (size_t i = 0; i < tasks->count; i++)
        processes += tasks->tasks[i].pid == tasks->tasks[i].tid && tasks->tasks[i].state != 'Z';
    return encounter->arena.has_ended && encounter->arena.limit == LIMIT_NONE ? processes : 0;
}

void encounter_release(struct encounter *encounter) /* NOLINT(misc-no-recursion) */
{
    dismiss_players(encounter);
    if (encounter->listener_fd > 0)
        close(encounter->listener_fd);
    settle_release(&encounter->settle);
    arena_close(&encounter->arena);
    for (size_t i = 0; i < encounter->beside_count; i++)
        encounter_release(&encounter->besides[i]);
    free(encounter->besides);
    encounter->besides = NULL;
    encounter->beside_count = 0;
}
