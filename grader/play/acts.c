#include "grader/play/acts.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/least.h"
#include "base/memory.h"
#include "grader/play/answers.h"
#include "grader/play/causes.h"
#include "grader/play/evidence.h"
#include "grader/play/placeholder.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/*** Entering ***/

static bool is_in(const struct encounter *encounter, const struct player *player)
{
    return encounter_is_accepted(encounter, player) || encounter_is_deferred(encounter, player);
}

static bool all_are_in(struct encounter *encounter)
{
    size_t waiting = 0;
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        bool is_playing = player->fd >= 0 && !player->has_left && player->stream == STREAM_OPEN;
        waiting += is_playing && !is_in(encounter, player);
    }
    encounter_note_progress(encounter, encounter->player_count - waiting);
    return waiting == 0;
}

void act_connect(struct act *act, size_t player)
{
    if (clock_now_ns() > act->encounter->arena.end_ns)
        act_rest(act); /* who connects many looks seldom */
    if (act_is_over(act))
        return;
    int error = player_connect(&act->encounter->players[player], &act->encounter->arena,
                               &act->encounter->server);
    if (error < 0 && !player_was_refused(error)) {
        act->error = error;
        return;
    }
    if (error == 0) {
        act_note_deed(act, player, _("connects"), NULL);
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

/* Accepts the client if it is there. */
static bool has_come(struct encounter *encounter)
{
    const struct act *act = encounter->play;
    struct player *player = &encounter->players[act->coming];
    if (player->fd < 0)
        player->fd = accept4(encounter->listener_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    return player->fd >= 0;
}

void act_accept(struct act *act, size_t number)
{
    struct player *player = &act->encounter->players[number];
    act->coming = number;
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

static void say_silently(struct act *act, size_t player, const struct bytes *text)
{
    act_say_silently(act, player, bytes_front(text), text->length);
}

/* True if there was a greeting to say that is to be answered. */
static bool say_greeting(struct act *act, size_t player)
{
    const struct greeting *greeting = act->stage->plan->conduct->protocol.greeting;
    struct player *one = &act->encounter->players[player];
    if (greeting == NULL || one->has_greeted)
        return false;
    one->has_greeted = true;
    struct bytes expected = text_as_bytes(greeting->expect);
    struct bytes said = text_as_bytes(greeting->send);
    bytes_append(&one->expected, bytes_front(&expected), expected.length);
    say_silently(act, player, &said);
    bool wants_answer = expected.length > 0;
    bytes_release(&expected);
    bytes_release(&said);
    return wants_answer;
}

/* Waits for the answer: without a line end the next message could merge with the greeting. */
void act_greet(struct act *act, size_t player)
{
    bool is_other = act->unanswered != NULL;
    if (say_greeting(act, player))
        act_await_answers(act, is_other ? act->unanswered : _("the greeting gets no answer"),
                          is_other ? act->unanswered_hint : act->hint);
}

void act_say_first(struct act *act, size_t player)
{
    if (!say_greeting(act, player))
        act_say_line(act, player);
}

void act_say(struct act *act, size_t player, const struct message *message)
{
    act_greet(act, player);
    if (act_is_over(act))
        return;
    bytes_append(&act->encounter->players[player].expected, bytes_front(&message->answer),
                 message->answer.length);
    say_silently(act, player, &message->said);
}

void act_choose_message(struct act *act, struct message *message)
{
    play_protocol_choose(&act->stage->plan->conduct->protocol, &act->stage->tokens, message);
}

void act_say_line(struct act *act, size_t player)
{
    struct message message = {0};
    act_choose_message(act, &message);
    act_say(act, player, &message);
    message_release(&message);
}

void act_press_enter(struct act *act)
{
    struct bytes enter = text_as_bytes("\n");
    if (!act_is_over(act))
        arena_type(&act->encounter->arena, ARENA_SUBMISSION, &enter);
    act_note_deed(act, ACT_NOBODY, _("presses Enter"), NULL);
    bytes_release(&enter);
}

void act_half_close(struct act *act, size_t player)
{
    if (!act_is_over(act))
        player_leave(&act->encounter->players[player]);
    act_note_deed(act, player, _("ends its side"), NULL);
}

void act_close(struct act *act, size_t player)
{
    if (!act_is_over(act))
        player_give_up(&act->encounter->players[player]);
    act_note_deed(act, player, _("closes"), NULL);
}

void act_reset(struct act *act, size_t player)
{
    if (!act_is_over(act))
        player_reset(&act->encounter->players[player]);
    act_note_deed(act, player, _("resets"), NULL);
}

void act_say_stop_word(struct act *act, size_t player)
{
    const struct conduct *conduct = act->stage->plan->conduct;
    struct bytes line = play_protocol_line(&conduct->protocol, conduct->stop_word);
    say_silently(act, player, &line);
    bytes_release(&line);
}

void act_leave(struct act *act, size_t player)
{
    if (act->stage->plan->conduct->stop_word != NULL) {
        act_say_stop_word(act, player);
        act->encounter->players[player].has_said_stop = true;
    }
    act_half_close(act, player);
}

void act_serve(struct act *act, size_t player, const char *who, const char *hint)
{
    act_enter(act, player);
    act_say_line(act, player);
    act_await_answers(act, who, hint);
}

/*** Flooding ***/

#define FLOOD_SAMPLE ((size_t)64) /* what it is recognised by where it comes to another client */
#define FLOOD_BYTES  ((size_t)8 << 20) /* more than all buffers on the way there and back hold */

/* How much of what the player sent the server has read; too much while bytes are under way. */
static size_t read_bytes(const struct encounter *encounter, const struct player *player)
{
    const struct tcp_row *ours = encounter_player_row(encounter, player);
    const struct tcp_row *theirs = encounter_server_row(encounter, player);
    size_t unread = ours != NULL ? ours->send_queue : 0;
    unread += theirs != NULL ? theirs->receive_queue : 0;
    return player->sent_bytes > unread ? player->sent_bytes - unread : 0;
}

/* The server reads no more, or has read all. Unsent answers alone prove nothing: the kernel may be
 * waiting for a timer before it fills the last gap in the client's window. */
static bool flood_has_stopped(struct encounter *encounter)
{
    if (!encounter->settle.is_at_rest || encounter->has_news)
        return false;
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        const struct tcp_row *row = encounter_server_row(encounter, player);
        if (!player->reads_nothing || row == NULL)
            continue;
        bool reads_no_more = row->receive_queue > 0 &&
                             (row->send_queue > 0 || encounter_is_stuck(encounter, player));
        bool has_read_all =
            player->outgoing.length == 0 && read_bytes(encounter, player) == player->sent_bytes;
        if (!reads_no_more && !has_read_all)
            return false;
    }
    return true;
}

/* A message as long as few servers expect; where the protocol has none, a line that no server need
 * understand. */
static void choose_long_message(const struct act *act, struct message *message)
{
    static const struct play_protocol lines = {.kind = PROTOCOL_ECHO};
    const struct play_protocol *protocol = &act->stage->plan->conduct->protocol;
    char word[65535];
    memset(word, 'x', sizeof word);
    play_protocol_say(play_protocol_takes_any_word(protocol) ? protocol : &lines, word, sizeof word,
                      message);
}

bool act_flood(struct act *act, size_t player)
{
    struct message message = {0};
    struct player *one = &act->encounter->players[player];
    choose_long_message(act, &message);
    one->reads_nothing = true;
    for (size_t said = 0; said < FLOOD_BYTES && !act_is_over(act); said += message.said.length)
        player_say_bytes(one, bytes_front(&message.said), message.said.length);
    bytes_append(&one->flooded, bytes_front(&message.said),
                 least(FLOOD_SAMPLE, message.said.length));
    message_release(&message);
    return !act_is_over(act) &&
           act_go_on(act, await_reaction(act->encounter, flood_has_stopped, NULL)) == OUTCOME_SEEN;
}

size_t act_flood_read_bytes(struct act *act, size_t player)
{
    if (!act_is_over(act))
        act_go_on(act, await_reaction(act->encounter, flood_has_stopped, NULL));
    return read_bytes(act->encounter, &act->encounter->players[player]);
}
