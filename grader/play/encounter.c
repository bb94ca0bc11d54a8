#include "grader/play/encounter.h"

#include "base/clock.h"
#include "base/memory.h"
#include "grader/play/waits.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often to look. The sources below wake us earlier; /proc and sock_diag cannot. A look at a
 * thousand threads takes a while, and must not take the processor from the submission. */
#define LOOK_MS           5
#define PAUSE_PER_LOOK    2
#define LOOK_SELDOMEST_MS 200
#define STREAM_NS         (20 * NS_PER_MS)

/* More than a server prints at one event. */
#define PRINTED_MAX_BYTES ((int64_t)64 << 20)

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
        snprintf(player->usual_name, sizeof player->usual_name, "client %zu", i + 1);
        player->name = player->usual_name;
    }
}

static bool drain_all(struct encounter *encounter)
{
    bool is_new = arena_drain(&encounter->arena);
    for (size_t i = 0; i < encounter->player_count; i++) {
        size_t unsent_bytes = encounter->players[i].outgoing.length;
        player_push(&encounter->players[i]); /* an error shows up in player_drain() */
        is_new |= encounter->players[i].outgoing.length != unsent_bytes;
        is_new |= player_drain(&encounter->players[i]);
    }
    return is_new;
}

static int pause_ms(int64_t look_ns)
{
    int64_t pause = PAUSE_PER_LOOK * look_ns / NS_PER_MS;
    return pause < LOOK_MS ? LOOK_MS : pause > LOOK_SELDOMEST_MS ? LOOK_SELDOMEST_MS : (int)pause;
}

/* A program that prints much blocks until we read: a look at it would only find it busy. */
static void read_stream(struct arena *arena)
{
    struct pollfd terminal = {.fd = arena->terminal_fd, .events = POLLIN};
    int64_t end_ns = clock_now_ns() + STREAM_NS;
    do
        arena_drain(arena);
    while (clock_now_ns() < end_ns && poll(&terminal, 1, 1) == 1 && (terminal.revents & POLLIN));
}

static void wait_for_news(struct encounter *encounter, int64_t look_ns)
{
    struct pollfd *sources = allocate(2 + encounter->player_count, sizeof *sources);
    sources[0].fd = encounter->arena.is_empty ? -1 : encounter->arena.control_fd;
    sources[1].fd = encounter->arena.terminal_fd;
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        sources[2 + i].fd = player->stream != STREAM_OPEN ? -1 : player->fd;
        sources[2 + i].events = (short)((player->reads_nothing ? 0 : POLLIN) |
                                        (player->outgoing.length > 0 ? POLLOUT : 0));
    }
    sources[0].events = sources[1].events = POLLIN;
    poll(sources, 2 + encounter->player_count, pause_ms(look_ns));
    if (sources[1].revents & POLLIN)
        read_stream(&encounter->arena);
    else if (sources[1].revents & POLLHUP)
        poll(NULL, 0, LOOK_MS); /* closed by all: it would wake us at once, always */
    free(sources);
}

/* The client or the listener whose socket this is, or NULL. */
static const char *name_of_socket(const void *context, unsigned inode)
{
    const struct encounter *encounter = context;
    if (inode != 0 && inode == encounter->listener_inode)
        return "the listener";
    for (size_t i = 0; inode != 0 && i < encounter->player_count; i++) {
        const struct tcp_row *row = encounter_server_row(encounter, &encounter->players[i]);
        if (row != NULL && row->inode == inode)
            return encounter->players[i].name;
    }
    return NULL;
}

static void note_waits(const struct encounter *encounter, int64_t now_ns)
{
    if (encounter->waits != NULL)
        waits_look(encounter->waits, &encounter->settle.current.tasks, now_ns, name_of_socket,
                   encounter);
}

/* The snapshot may be older than the bytes that were seen; the rows of the evidence must not be. */
static int see_again(struct encounter *encounter)
{
    int error = snapshot_begin(&encounter->settle.current, &encounter->arena.subject);
    if (error < 0)
        return error;
    note_waits(encounter, clock_now_ns());
    return OUTCOME_SEEN;
}

/* The outcome when the patience has run out. */
static enum outcome outcome_of_patience(const struct encounter *encounter)
{
    switch (encounter->activity) {
    case ACTIVITY_STOPPED:
    case ACTIVITY_HIDDEN:
        return OUTCOME_UNSEEN;
    case ACTIVITY_SPINNING:
        return OUTCOME_SPINNING;
    default:
        return OUTCOME_TIMED_OUT;
    }
}

/* It prints on and on while no socket changes: there is nothing to wait for. */
static bool prints_without_end(struct encounter *encounter)
{
    if (encounter->changes != encounter->settle.changes)
        encounter->output_bytes_at_change = encounter->arena.output_bytes;
    encounter->changes = encounter->settle.changes;
    return encounter->arena.output_bytes > encounter->output_bytes_at_change + PRINTED_MAX_BYTES;
}

/* No task is left but zombies that the keeper has not reaped yet. */
static bool is_deserted(const struct task_list *tasks)
{
    for (size_t i = 0; i < tasks->count; i++)
        if (tasks->tasks[i].state != 'Z' && tasks->tasks[i].state != 'X')
            return false;
    return true;
}

int encounter_wait(struct encounter *encounter, encounter_predicate *predicate)
{
    int64_t deadline_ns = clock_now_ns() + encounter->patience_ns;
    settle_begin(&encounter->settle);
    encounter->settle.horizon_ns = encounter->patience_ns;
    for (;;) {
        int64_t look_began_ns = clock_now_ns();
        bool had_ended =
            encounter->arena.is_empty; /* before the look, which then sees what is left */
        /* In this order: what was printed or sent before the snapshot is seen with it. */
        encounter->activity = settle_look(&encounter->settle, &encounter->arena.subject);
        if (encounter->activity < 0)
            return encounter->activity;
        note_waits(encounter, encounter->settle.current_ns);
        bool may_rest = had_ended && encounter->outlives_submission;
        if (is_deserted(&encounter->settle.current.tasks) && !may_rest)
            encounter->activity = ACTIVITY_BUSY; /* to have ended is not to rest */
        int64_t look_ns = clock_now_ns() - look_began_ns;
        encounter->has_news = drain_all(encounter);
        /* After draining, which tells why the submission ended. */
        arena_hold_to_limits(&encounter->arena, &encounter->settle.current.tasks);
        if (prints_without_end(encounter))
            encounter->activity = ACTIVITY_SPINNING;
        if (encounter->arena.is_lost)
            return -EPIPE;
        if (predicate(encounter))
            return see_again(encounter);
        if (had_ended && !encounter->outlives_submission)
            return OUTCOME_ENDED;
        if (!encounter->has_news && encounter->activity == ACTIVITY_SETTLED)
            return OUTCOME_SETTLED;
        if (!encounter->has_news && encounter_is_stopped(encounter))
            return OUTCOME_UNSEEN;
        if (encounter->ends_on_spinning && encounter->activity == ACTIVITY_SPINNING)
            return OUTCOME_SPINNING;
        if (clock_timeout_ms(deadline_ns) == 0)
            return (int)outcome_of_patience(encounter);
        wait_for_news(encounter, look_ns);
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

bool encounter_has_listener(struct encounter *encounter)
{
    const struct tcp_row *row = snapshot_find_listener(&encounter->settle.current, encounter->port);
    if (row == NULL)
        return false;
    encounter->server = reachable(&row->local);
    encounter->listener_inode = row->inode;
    encounter->arena.subject.port = address_port(&row->local);
    return true;
}

bool encounter_is_resting(struct encounter *encounter)
{
    return encounter->activity == ACTIVITY_RESTING || encounter->activity == ACTIVITY_SETTLED;
}

bool encounter_is_over(struct encounter *encounter)
{
    return encounter->arena.is_empty;
}

size_t encounter_count_ports(const struct encounter *encounter)
{
    const struct tcp_table *table = &encounter->settle.current.tcp;
    size_t ports = 0;
    for (size_t i = 0; i < table->count; i++) {
        bool is_new = table->rows[i].state == STATE_LISTEN;
        for (size_t before = 0; before < i && is_new; before++)
            is_new =
                table->rows[before].state != STATE_LISTEN ||
                address_port(&table->rows[before].local) != address_port(&table->rows[i].local);
        ports += is_new;
    }
    return ports;
}

const struct tcp_row *encounter_server_row(const struct encounter *encounter,
                                           const struct player *player)
{
    return tcp_table_find(&encounter->settle.current.tcp, &player->server, &player->local);
}

const struct tcp_row *encounter_player_row(const struct encounter *encounter,
                                           const struct player *player)
{
    return tcp_table_find(&encounter->settle.current.tcp, &player->local, &player->server);
}

bool encounter_is_accepted(const struct encounter *encounter, const struct player *player)
{
    const struct tcp_row *row = encounter_server_row(encounter, player);
    return row != NULL && row->inode != 0;
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

size_t encounter_queue_room(const struct encounter *encounter)
{
    const struct tcp_row *listener = encounter_listener_row(encounter);
    return listener != NULL && listener->send_queue > 0 ? listener->send_queue : 1;
}

bool encounter_is_stopped(const struct encounter *encounter)
{
    return encounter->activity == ACTIVITY_STOPPED && encounter->settle.is_still;
}

bool encounter_is_stuck(const struct encounter *encounter, const struct player *player)
{
    const struct tcp_row *theirs = encounter_server_row(encounter, player);
    const struct tcp_row *ours = encounter_player_row(encounter, player);
    if (!encounter->settle.is_still || encounter->activity == ACTIVITY_STOPPED ||
        encounter->has_news ||
        is_deserted(&encounter->settle.current.tasks)) /* it has ended, and that will be seen */
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

void encounter_release(struct encounter *encounter)
{
    dismiss_players(encounter);
    if (encounter->listener_fd > 0)
        close(encounter->listener_fd);
    settle_release(&encounter->settle);
    arena_close(&encounter->arena);
}
