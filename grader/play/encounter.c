#include "grader/play/encounter.h"

#include "base/clock.h"
#include "base/memory.h"
#include "grader/play/waits.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often to look. The sources below wake us earlier; /proc and sock_diag cannot. A look at a
 * thousand threads takes a while, and looking may not become what keeps the submission from
 * its work. */
#define LOOK_MS           5
#define PAUSE_PER_LOOK    2
#define LOOK_SELDOMEST_MS 200
#define STREAM_NS         (20 * NS_PER_MS)

/* More than a server prints at one event. */
#define PRINTED_MAX_BYTES ((int64_t)64 << 20)

static void dismiss_players(struct scene *scene)
{
    for (size_t i = 0; i < scene->player_count; i++)
        player_release(&scene->players[i]);
    free(scene->players);
    scene->players = NULL;
    scene->player_count = 0;
}

void scene_cast(struct scene *scene, size_t player_count)
{
    dismiss_players(scene);
    limit_group_allow(&scene->arena.group, scene->arena.limits, player_count);
    scene->players = allocate(player_count, sizeof *scene->players);
    scene->player_count = player_count;
    for (size_t i = 0; i < player_count; i++)
        scene->players[i].fd = -1;
}

static bool drain_all(struct scene *scene)
{
    bool is_new = arena_drain(&scene->arena);
    for (size_t i = 0; i < scene->player_count; i++) {
        size_t unsent_bytes = scene->players[i].outgoing.length;
        player_push(&scene->players[i]); /* what goes wrong is seen in what comes */
        is_new |= scene->players[i].outgoing.length != unsent_bytes;
        is_new |= player_drain(&scene->players[i]);
    }
    return is_new;
}

static int pause_ms(int64_t look_ns)
{
    int64_t pause = PAUSE_PER_LOOK * look_ns / NS_PER_MS;
    return pause < LOOK_MS ? LOOK_MS : pause > LOOK_SELDOMEST_MS ? LOOK_SELDOMEST_MS : (int)pause;
}

/* Whoever prints much waits for us to read each few kilobytes: a look would only find it busy. */
static void read_stream(struct arena *arena)
{
    struct pollfd terminal = {.fd = arena->terminal_fd, .events = POLLIN};
    int64_t end_ns = clock_now_ns() + STREAM_NS;
    do
        arena_drain(arena);
    while (clock_now_ns() < end_ns && poll(&terminal, 1, 1) == 1 && (terminal.revents & POLLIN));
}

static void wait_for_news(struct scene *scene, int64_t look_ns)
{
    struct pollfd *sources = allocate(2 + scene->player_count, sizeof *sources);
    sources[0].fd = scene->arena.is_empty ? -1 : scene->arena.control_fd;
    sources[1].fd = scene->arena.terminal_fd;
    for (size_t i = 0; i < scene->player_count; i++) {
        const struct player *player = &scene->players[i];
        sources[2 + i].fd = player->has_seen_end ? -1 : player->fd;
        sources[2 + i].events = (short)((player->reads_nothing ? 0 : POLLIN) |
                                        (player->outgoing.length > 0 ? POLLOUT : 0));
    }
    sources[0].events = sources[1].events = POLLIN;
    poll(sources, 2 + scene->player_count, pause_ms(look_ns));
    if (sources[1].revents & POLLIN)
        read_stream(&scene->arena);
    else if (sources[1].revents & POLLHUP)
        poll(NULL, 0, LOOK_MS); /* nobody holds the terminal: it would wake us at once, always */
    free(sources);
}

static void note_waits(const struct scene *scene, int64_t now_ns)
{
    if (scene->waits != NULL)
        waits_look(scene->waits, scene, now_ns);
}

/* The snapshot may be older than the bytes that were seen: the rows of the evidence shall not. */
static int see_again(struct scene *scene)
{
    int error = snapshot_begin(&scene->settle.current, &scene->arena.subject);
    if (error < 0)
        return error;
    note_waits(scene, clock_now_ns());
    return OUTCOME_SEEN;
}

/* What to call the end of the patience. */
static enum outcome outcome_of_patience(const struct scene *scene)
{
    switch (scene->activity) {
    case ACTIVITY_STOPPED:
    case ACTIVITY_HIDDEN:
        return OUTCOME_UNSEEN;
    case ACTIVITY_SPINNING:
        return OUTCOME_SPINNING;
    default:
        return OUTCOME_TIMED_OUT;
    }
}

/* Whoever prints and prints while no socket changes is waited for by nobody. */
static bool prints_without_end(struct scene *scene)
{
    if (scene->changes != scene->settle.changes)
        scene->output_bytes_at_change = scene->arena.output_bytes;
    scene->changes = scene->settle.changes;
    return scene->arena.output_bytes > scene->output_bytes_at_change + PRINTED_MAX_BYTES;
}

/* Nobody is there, or only dead processes that the keeper has not come round to bury. */
static bool is_deserted(const struct task_list *tasks)
{
    for (size_t i = 0; i < tasks->count; i++)
        if (tasks->tasks[i].state != 'Z' && tasks->tasks[i].state != 'X')
            return false;
    return true;
}

int scene_wait(struct scene *scene, scene_predicate *predicate)
{
    int64_t deadline_ns = clock_now_ns() + scene->patience_ns;
    settle_begin(&scene->settle);
    scene->settle.horizon_ns = scene->patience_ns;
    for (;;) {
        int64_t look_began_ns = clock_now_ns();
        bool had_ended = scene->arena.is_empty; /* so that the look is at what is left */
        /* In this order: what was printed or sent before the snapshot is seen with it. */
        scene->activity = settle_look(&scene->settle, &scene->arena.subject);
        if (scene->activity < 0)
            return scene->activity;
        note_waits(scene, scene->settle.current_ns);
        bool may_rest = had_ended && scene->outlives_submission;
        if (is_deserted(&scene->settle.current.tasks) && !may_rest)
            scene->activity = ACTIVITY_BUSY; /* to have ended is not to rest */
        int64_t look_ns = clock_now_ns() - look_began_ns;
        scene->has_news = drain_all(scene);
        /* After the news of an end, as the reason for it is known by then. */
        arena_hold_to_limits(&scene->arena, &scene->settle.current.tasks);
        if (prints_without_end(scene))
            scene->activity = ACTIVITY_SPINNING;
        if (scene->arena.is_lost)
            return -EPIPE;
        if (predicate(scene))
            return see_again(scene);
        if (had_ended && !scene->outlives_submission)
            return OUTCOME_ENDED;
        if (!scene->has_news && scene->activity == ACTIVITY_SETTLED)
            return OUTCOME_SETTLED;
        if (!scene->has_news && scene_is_stopped(scene))
            return OUTCOME_UNSEEN;
        if (scene->ends_on_spinning && scene->activity == ACTIVITY_SPINNING)
            return OUTCOME_SPINNING;
        if (clock_timeout_ms(deadline_ns) == 0)
            return (int)outcome_of_patience(scene);
        wait_for_news(scene, look_ns);
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

bool scene_has_listener(struct scene *scene)
{
    const struct tcp_row *row = snapshot_find_listener(&scene->settle.current, scene->port);
    if (row == NULL)
        return false;
    scene->server = reachable(&row->local);
    scene->listener_inode = row->inode;
    scene->arena.subject.port = address_port(&row->local);
    return true;
}

bool scene_is_resting(struct scene *scene)
{
    return scene->activity == ACTIVITY_RESTING || scene->activity == ACTIVITY_SETTLED;
}

bool scene_is_over(struct scene *scene)
{
    return scene->arena.is_empty;
}

size_t scene_count_ports(const struct scene *scene)
{
    const struct tcp_table *table = &scene->settle.current.tcp;
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

const struct tcp_row *scene_server_row(const struct scene *scene, const struct player *player)
{
    return tcp_table_find(&scene->settle.current.tcp, &player->server, &player->local);
}

bool scene_is_accepted(const struct scene *scene, const struct player *player)
{
    const struct tcp_row *row = scene_server_row(scene, player);
    return row != NULL && row->inode != 0;
}

bool scene_has_read(const struct scene *scene, const struct player *player)
{
    const struct tcp_table *table = &scene->settle.current.tcp;
    const struct tcp_row *ours = tcp_table_find(table, &player->local, &player->server);
    const struct tcp_row *theirs = scene_server_row(scene, player);
    return scene->settle.current.is_consistent && ours != NULL && ours->send_queue == 0 &&
           theirs != NULL && theirs->inode != 0 && theirs->receive_queue == 0;
}

const struct tcp_row *scene_listener_row(const struct scene *scene)
{
    const struct tcp_table *table = &scene->settle.current.tcp;
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].state == STATE_LISTEN && table->rows[i].inode == scene->listener_inode)
            return &table->rows[i];
    return NULL;
}

size_t scene_queue_room(const struct scene *scene)
{
    const struct tcp_row *listener = scene_listener_row(scene);
    return listener != NULL && listener->send_queue > 0 ? listener->send_queue : 1;
}

bool scene_is_stopped(const struct scene *scene)
{
    return scene->activity == ACTIVITY_STOPPED && scene->settle.is_still;
}

bool scene_is_stuck(const struct scene *scene, const struct player *player)
{
    const struct tcp_table *table = &scene->settle.current.tcp;
    const struct tcp_row *theirs = tcp_table_find(table, &player->server, &player->local);
    const struct tcp_row *ours = tcp_table_find(table, &player->local, &player->server);
    if (!scene->settle.is_still || scene->activity == ACTIVITY_STOPPED || scene->has_news ||
        is_deserted(&scene->settle.current.tasks)) /* it has ended, and that will be seen */
        return false;
    if (theirs == NULL || theirs->send_queue > 0)
        return false;
    return theirs->receive_queue > 0 || ours == NULL || ours->send_queue == 0;
}

size_t scene_left_running(const struct scene *scene)
{
    const struct task_list *tasks = &scene->settle.current.tasks;
    size_t processes = 0;
    for (size_t i = 0; i < tasks->count; i++)
        processes += tasks->tasks[i].pid == tasks->tasks[i].tid && tasks->tasks[i].state != 'Z';
    return scene->arena.has_ended && scene->arena.limit == LIMIT_NONE ? processes : 0;
}

void scene_release(struct scene *scene)
{
    dismiss_players(scene);
    if (scene->listener_fd > 0)
        close(scene->listener_fd);
    settle_release(&scene->settle);
    arena_close(&scene->arena);
}
