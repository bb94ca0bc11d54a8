#include "grader/scene.h"

#include "base/clock.h"

#include <poll.h>
#include <string.h>

/* How often to look. The sources below wake us earlier; /proc and sock_diag cannot. */
#define LOOK_MS 5

static bool drain_all(struct scene *scene)
{
    bool is_new = arena_drain(&scene->arena);
    for (size_t i = 0; i < SCENE_PLAYERS; i++)
        is_new |= player_drain(&scene->players[i]);
    return is_new;
}

static void wait_for_news(const struct scene *scene)
{
    struct pollfd sources[2 + SCENE_PLAYERS] = {
        {.fd = scene->arena.is_empty ? -1 : scene->arena.control_fd, .events = POLLIN},
        {.fd = scene->arena.terminal_fd, .events = POLLIN},
    };
    for (size_t i = 0; i < SCENE_PLAYERS; i++) {
        const struct player *player = &scene->players[i];
        sources[2 + i].fd = player->has_seen_end ? -1 : player->fd;
        sources[2 + i].events = POLLIN;
    }
    poll(sources, 2 + SCENE_PLAYERS, LOOK_MS);
    if (sources[1].revents & POLLHUP)
        poll(NULL, 0, LOOK_MS); /* nobody holds the terminal: it would wake us at once, always */
}

/* The snapshot may be older than the bytes that were seen: the rows of the evidence shall not. */
static int see_again(struct scene *scene)
{
    int error = snapshot_take(&scene->settle.current, scene->arena.netlink_fd, scene->arena.keeper);
    return error < 0 ? error : OUTCOME_SEEN;
}

int scene_wait(struct scene *scene, scene_predicate *predicate)
{
    int64_t deadline_ns = clock_now_ns() + scene->patience_ns;
    settle_begin(&scene->settle);
    for (;;) {
        /* In this order: what was printed or sent before the snapshot is seen with it. */
        int activity = settle_look(&scene->settle, scene->arena.netlink_fd, scene->arena.keeper);
        if (activity < 0)
            return activity;
        bool is_new = drain_all(scene);
        if (predicate(scene))
            return see_again(scene);
        if (scene->arena.is_empty)
            return OUTCOME_ENDED;
        if (!is_new && activity == ACTIVITY_SETTLED)
            return OUTCOME_SETTLED;
        if (activity == ACTIVITY_SPINNING)
            return OUTCOME_SPINNING;
        if (clock_timeout_ms(deadline_ns) == 0)
            return activity == ACTIVITY_STOPPED || activity == ACTIVITY_HIDDEN ? OUTCOME_UNSEEN
                                                                               : OUTCOME_TIMED_OUT;
        wait_for_news(scene);
    }
}

/* Where a client reaches a server that listens on `bound`, which may be the wildcard. */
static struct address reachable(const struct address *bound)
{
    struct address address = *bound;
    if (bound->any.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&bound->v6.sin6_addr))
        address.v6.sin6_addr = in6addr_loopback;
    if (bound->any.sa_family == AF_INET && bound->v4.sin_addr.s_addr == htonl(INADDR_ANY))
        address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool scene_has_listener(struct scene *scene)
{
    const struct tcp_row *row =
        snapshot_find_listener(&scene->settle.current, &scene->listener_pid);
    if (row == NULL)
        return false;
    scene->server = reachable(&row->local);
    scene->listener_inode = row->inode;
    return true;
}

const struct tcp_row *scene_server_row(const struct scene *scene, const struct player *player)
{
    return tcp_table_find(&scene->settle.current.tcp, &player->server, &player->local);
}

const struct tcp_row *scene_listener_row(const struct scene *scene)
{
    const struct tcp_table *table = &scene->settle.current.tcp;
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].state == STATE_LISTEN && table->rows[i].inode == scene->listener_inode)
            return &table->rows[i];
    return NULL;
}

void scene_release(struct scene *scene)
{
    for (size_t i = 0; i < SCENE_PLAYERS; i++)
        player_release(&scene->players[i]);
    settle_release(&scene->settle);
    arena_close(&scene->arena);
}
