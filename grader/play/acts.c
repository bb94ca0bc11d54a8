#include "grader/play/acts.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/play/causes.h"
#include "grader/play/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/*** Entering ***/

static bool is_in(const struct encounter *encounter, const struct player *player)
{
    return player->transport == TRANSPORT_UDP || encounter_is_accepted(encounter, player) ||
           encounter_is_deferred(encounter, player);
}

static bool all_are_in(struct encounter *encounter)
{
    size_t waiting = 0;
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        bool is_playing = player->fd >= 0 && !player->has_left && player->stream == STREAM_OPEN &&
                          !player->reads_nothing; /* who does not read may be thrown out unseen */
        waiting += is_playing && !is_in(encounter, player);
    }
    encounter_note_progress(encounter, encounter->player_count - waiting);
    return waiting == 0;
}

/* Over the other transport, on the same port. */
static bool has_other_listener(struct encounter *encounter)
{
    const struct act *act = encounter->play;
    struct player *player = &encounter->players[act->coming];
    return encounter_reach(encounter, player->transport, &player->server);
}

static const struct address *find_server(struct act *act, size_t number)
{
    struct player *player = &act->encounter->players[number];
    bool is_udp = player->transport == TRANSPORT_UDP;
    if (player->transport == act->encounter->transport)
        return &act->encounter->server;
    act->encounter->arena.subject.watches_udp |= is_udp;
    act->coming = number;
    if (act_await_deed(act, has_other_listener) || act_is_over(act))
        return &player->server;
    evidence_udp_sockets(act->result->evidence, act->encounter);
    evidence_tasks(act->result->evidence, act->encounter);
    act_find(act, VERDICT_FAIL,
             is_udp ? _("does not listen over UDP") : _("does not listen over TCP"),
             is_udp ? _("bind() a UDP socket (SOCK_DGRAM) to the required port, too.")
                    : _("bind() a TCP socket (SOCK_STREAM) to the required port, too, and call "
                        "listen()."));
    return &player->server;
}

void act_connect(struct act *act, size_t player)
{
    if (clock_now_ns() > act->encounter->arena.end_ns)
        act_rest(act); /* who connects many looks seldom */
    if (act_is_over(act))
        return;
    const struct address server = *find_server(act, player);
    if (act_is_over(act))
        return;
    struct player *one = &act->encounter->players[player];
    int error = player_connect(one, &act->encounter->arena, &server);
    if (error < 0 && !player_was_refused(error)) {
        act->error = error;
        return;
    }
    if (error == 0) {
        act_note_deed(act, player,
                      one->transport == TRANSPORT_UDP ? _("opens a UDP socket") : _("connects"),
                      NULL);
        return;
    }
    player_give_up(&act->encounter->players[player]);
    act_rest(act); /* a server that is about to end looks like this from outside */
    if (player_found_no_way(error))
        act_find(act, VERDICT_FAIL, _("listens on an address that clients cannot reach"),
                 _("bind() to an address of this machine: 127.0.0.1, or 0.0.0.0 for all."));
    act_find(act, VERDICT_FAIL, _("a client cannot connect"),
             error == -EINPROGRESS
                 ? cause_of_not_accepting(
                       act->encounter, act->result->evidence,
                       _("The accept queue is full and no worker takes from it: accept "
                         "sooner, or call listen() with a larger backlog."))
                 : _("The listener is closed: keep it open for the next client."));
    evidence_listener(act->result->evidence, act->encounter);
}

void act_enter(struct act *act, size_t player)
{
    act_connect(act, player);
    if (act_await_reaction(act, all_are_in, NULL) || act_is_over(act))
        return;
    act_find(act, VERDICT_FAIL,
             act->encounter->activity == ACTIVITY_SPINNING
                 ? _("a client is not accepted, and the server spins")
                 : _("a client is not accepted"),
             cause_of_not_accepting(
                 act->encounter, act->result->evidence,
                 _("The server is busy with something else and does not call accept().")));
    evidence_connection(act->result->evidence, act->encounter, &act->encounter->players[player]);
    evidence_listener(act->result->evidence, act->encounter);
    evidence_tasks(act->result->evidence, act->encounter);
}

static bool none_is_deferred(struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++)
        if (encounter_is_deferred(encounter, &encounter->players[i]))
            return false;
    return true;
}

void act_enter_silently(struct act *act, size_t player)
{
    act_enter(act, player);
    act_await_deed(act, none_is_deferred); /* of the kernel, which waits no longer then */
}

void act_come(struct act *act, size_t player)
{
    act_connect(act, player);
    if (!act_is_over(act))
        act_go_on(act, await_reaction(act->encounter, all_are_in, NULL));
}

/* What listens over UDP is the client's socket at once. */
static void hear_all(struct act *act, struct player *player, int fd)
{
    player->fd = fd;
    player->listens = true;
    act->error = address_of_socket(fd, &player->local);
    act->encounter->arena.subject.watches_udp = true;
}

void act_listen(struct act *act, size_t player, uint16_t port)
{
    struct player *one = &act->encounter->players[player];
    if (act_is_over(act) || one->listener_fd > 0 || one->listens)
        return;
    int fd = encounter_listen(act->encounter, port, one->transport);
    if (fd == -EADDRINUSE) {
        evidence_note(act->result->evidence, _("port %u is taken"), (unsigned)port);
        act_find(act, VERDICT_FAIL, _("it listens where others are to be reached"),
                 _("Listen on the required port only; on this one the other side listens."));
        return;
    }
    if (fd < 0)
        act->error = fd;
    else if (one->transport == TRANSPORT_UDP)
        hear_all(act, one, fd);
    else
        one->listener_fd = fd;
    act_note_deed(act, player, _("listens"), NULL);
}

/* Accepts the client if it is there: over UDP, if anything has come. */
static bool has_come(struct encounter *encounter)
{
    const struct act *act = encounter->play;
    struct player *player = &encounter->players[act->coming];
    if (player->transport == TRANSPORT_UDP)
        return player->has_datagram;
    if (player->fd < 0)
        player->fd = accept4(player->listener_fd > 0 ? player->listener_fd : encounter->listener_fd,
                             NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    return player->fd >= 0;
}

/* The one socket of ours becomes the client's. */
static void accept_udp(struct act *act, size_t number)
{
    struct player *player = &act->encounter->players[number];
    int fd = fcntl(act->encounter->listener_fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        act->error = -errno;
    else
        hear_all(act, player, fd);
    if (act_await_deed(act, has_come)) {
        act_note_deed(act, number, _("gets a datagram"), NULL);
        return;
    }
    if (act_is_over(act))
        return;
    evidence_tasks(act->result->evidence, act->encounter);
    evidence_end(act->result->evidence, act->encounter);
    act_find(act, VERDICT_FAIL, _("no datagram comes"),
             _("Send it with sendto() to the required address and port, over UDP (SOCK_DGRAM)."));
}

void act_accept(struct act *act, size_t number)
{
    struct player *player = &act->encounter->players[number];
    act->coming = number;
    if (player->transport == TRANSPORT_UDP) {
        accept_udp(act, number);
        return;
    }
    if (act_await_deed(act, has_come)) {
        player->server.length_bytes = sizeof player->server.v6;
        getpeername(player->fd, &player->server.any, &player->server.length_bytes);
        act->error = address_of_socket(player->fd, &player->local);
        act_note_deed(act, number, _("gets a client"), NULL);
        return;
    }
    if (act_is_over(act))
        return;
    evidence_tasks(act->result->evidence, act->encounter);
    evidence_end(act->result->evidence, act->encounter);
    act_find(act, VERDICT_FAIL, _("no client connects"),
             _("connect() to the required address and port."));
}

/* One after the other, as a burst is a check of its own; without waiting for each where the server
 * takes its time and the queue has room. */
void act_connect_many(struct act *act, size_t first, size_t count)
{
    size_t room = encounter_queue_room(act->encounter);
    size_t waiting = 0;
    for (size_t i = 0; i < count && !act_is_over(act); i++) {
        act_connect(act, first + i);
        waiting = waiting == 0 && await_accept(act->encounter) ? 0 : waiting + 1;
        if (waiting < room && i + 1 < count)
            continue;
        act_await_reaction(act, all_are_in, NULL);
        waiting = 0;
    }
}

void act_connect_at_once(struct act *act, size_t first, size_t count)
{
    struct encounter *encounter = act->encounter;
    for (size_t i = 0; i < count && !act_is_over(act); i++)
        act->error =
            player_prepare(&encounter->players[first + i], &encounter->arena, &encounter->server);
    for (size_t i = 0; i < count; i++)
        act_connect(act, first + i);
    if (!act_await_reaction(act, all_are_in, NULL) && !act_is_over(act)) {
        evidence_listener(act->result->evidence, act->encounter);
        evidence_tasks(act->result->evidence, act->encounter);
    }
}

/*** Reading ***/

void act_stop_reading(struct act *act, size_t player)
{
    act->encounter->players[player].reads_nothing = true;
    act_note_deed(act, player, _("reads no more"), NULL);
}

void act_resume_reading(struct act *act, size_t player)
{
    act->encounter->players[player].reads_nothing = false;
    act_note_deed(act, player, _("reads on"), NULL);
}

/*** Saying ***/

void act_say_bytes(struct act *act, size_t player, const char *data, size_t count)
{
    if (act_is_over(act))
        return;
    bytes_append(&act->encounter->players[player].said, data, count);
    int error = player_say_bytes(&act->encounter->players[player], data, count);
    if (error < 0 && !player_was_refused(error))
        act->error = error;
}

void act_say_silently(struct act *act, size_t player, const char *data, size_t count)
{
    struct bytes noted = {0};
    bytes_append(&noted, data, count);
    act_say_bytes(act, player, data, count);
    act_note_deed(act, player, _("says"), &noted);
    bytes_release(&noted);
}

void act_press_enter(struct act *act)
{
    struct bytes enter = text_as_bytes("\n");
    if (!act_is_over(act))
        arena_type(&act->encounter->arena, ARENA_SUBMISSION, &enter);
    act_note_deed(act, ACT_NOBODY, _("presses Enter"), NULL);
    bytes_release(&enter);
}
