#include "grader/play/acts.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/play/evidence.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define LINES      16
#define DEED_BYTES 60 /* of what is said, in the picture */

void act_find(struct act *act, enum verdict verdict, const char *finding, const char *hint)
{
    if (act->is_decided)
        return;
    act->is_decided = true;
    /* What did not come within the patience might have come: a mark is not lost for that. */
    bool is_unproved = verdict == VERDICT_FAIL && act->result->decided_by == DECIDED_BY_TIMEOUT;
    act->result->verdict = is_unproved ? VERDICT_INCONCLUSIVE : verdict;
    act->result->finding = finding;
    act->result->hint = is_unproved ? _("It did not come in time, and could not be proved never to "
                                        "come: the machine was busy, or the server was.")
                                    : hint;
}

bool act_is_over(const struct act *act)
{
    return act->is_decided || act->error < 0;
}

const char *act_line(const struct act *act)
{
    static struct bytes lines[LINES];
    static size_t next;
    struct bytes *line = &lines[next++ % LINES];
    bytes_release(line);
    play_protocol_choose(&act->stage->plan->protocol, line);
    bytes_append(line, "", 1);
    return bytes_front(line);
}

/*** Waiting ***/

static void find_ended(struct act *act)
{
    enum limit limit = act->encounter->arena.limit;
    if (limit != LIMIT_NONE)
        act_find(act, VERDICT_FAIL, _(limit_text(limit)), _(limit_hint(limit)));
    int status = act->encounter->arena.wait_status;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
        act_find(
            act, VERDICT_FAIL, _("the server was ended by SIGPIPE"),
            _("To write to a client that has left raises SIGPIPE: ignore that signal, and close "
              "the socket when send() fails with EPIPE."));
    act_find(act, VERDICT_FAIL, _("the server ended"),
             _("The server must go on whatever a client does: look at its last words."));
    evidence_end(act->result->evidence, act->encounter);
}

static void find_unseen(struct act *act)
{
    act_find(act, VERDICT_INCONCLUSIVE, _("cannot be inspected"), _(ENCOUNTER_UNSEEN_HINT));
    if (!encounter_is_stopped(act->encounter))
        act->result->decided_by = DECIDED_BY_TIMEOUT;
    evidence_tasks(act->result->evidence, act->encounter);
}

bool act_await(struct act *act, encounter_predicate *predicate)
{
    if (act_is_over(act))
        return false;
    act->encounter->play = act;
    int outcome = encounter_wait(act->encounter, predicate);
    if (outcome < 0)
        act->error = outcome;
    else if (outcome == OUTCOME_ENDED)
        find_ended(act);
    else if (outcome == OUTCOME_UNSEEN)
        find_unseen(act);
    else if (outcome == OUTCOME_TIMED_OUT)
        act->result->decided_by = DECIDED_BY_TIMEOUT;
    return outcome == OUTCOME_SEEN;
}

void act_rest(struct act *act)
{
    act_await(act, encounter_is_resting);
}

static bool never(struct encounter *encounter)
{
    (void)encounter;
    return false;
}

void act_settle(struct act *act)
{
    act_await(act, never);
}

bool act_await_end(struct act *act)
{
    if (act_is_over(act))
        return false;
    int outcome = encounter_wait(act->encounter, encounter_is_over);
    if (outcome < 0)
        act->error = outcome;
    if (outcome == OUTCOME_TIMED_OUT)
        act->result->decided_by = DECIDED_BY_TIMEOUT;
    return outcome == OUTCOME_SEEN || outcome == OUTCOME_ENDED;
}

/*** The picture ***/

#define DEEDS_MAX 300

void act_note_deed(struct act *act, size_t who, const char *deed, const char *text)
{
    const char *actor = who == ACT_NOBODY       ? _("keyboard")
                        : who == ACT_SUBMISSION ? _("submission")
                                                : act->encounter->players[who].name;
    if (act->result->timeline == NULL)
        act->result->timeline = json_array();
    if (json_array_size(act->result->timeline) >= DEEDS_MAX || act_is_over(act))
        return;
    double time_ms = (double)(clock_now_ns() - act->result->begin_ns) / 1e6;
    json_t *event = json_pack("{s:f, s:s, s:s}", "t_ms", time_ms, "actor", actor, "action", deed);
    size_t length = text != NULL ? strlen(text) : 0;
    /* Cut between two letters of UTF-8, or jansson refuses it. */
    length = length < DEED_BYTES ? length : DEED_BYTES;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    json_object_set_new(event, "text", json_stringn(text != NULL ? text : "", length));
    json_array_append_new(act->result->timeline, event);
}

/*** Entering ***/

static bool all_are_accepted(struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        bool is_playing = player->fd >= 0 && !player->has_left && !player->has_seen_end;
        if (is_playing && !encounter_is_accepted(encounter, player))
            return false;
    }
    return true;
}

void act_connect(struct act *act, size_t player)
{
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
    act_rest(act); /* it may be about to end, and this is how it looks from outside */
    if (player_found_no_way(error))
        act_find(act, VERDICT_FAIL, _("listens where no client can come"),
                 _("bind() an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them."));
    act_find(act, VERDICT_FAIL, _("a client cannot connect"),
             error == -EINPROGRESS
                 ? _("The accept queue is full, and nobody takes from it: are all "
                     "workers busy? Accept sooner, or listen() with a larger "
                     "backlog.")
                 : _("The listener is closed: keep it open for the next client."));
    evidence_listener(act->result->evidence, act->encounter);
}

void act_enter(struct act *act, size_t player)
{
    act_connect(act, player);
    if (act_await(act, all_are_accepted) || act_is_over(act))
        return;
    if (act->encounter->activity == ACTIVITY_SPINNING)
        act_find(
            act, VERDICT_FAIL, _("a client is not accepted, and the server spins"),
            _("Something fails again and again, perhaps accept() for want of descriptors: close "
              "those of clients that have left, and look at errno."));
    act_find(act, VERDICT_FAIL, _("a client is not accepted"),
             _("The server is busy with something else, and nobody calls accept()."));
    evidence_connection(act->result->evidence, act->encounter, &act->encounter->players[player]);
    evidence_listener(act->result->evidence, act->encounter);
    evidence_tasks(act->result->evidence, act->encounter);
}

/* One that comes is taken. */
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
    if (act_await(act, has_come)) {
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
    act_find(act, VERDICT_FAIL, _("nobody connects"),
             _("connect() to the address and the port that are asked for."));
}

void act_connect_many(struct act *act, size_t first, size_t count)
{
    size_t room = encounter_queue_room(act->encounter);
    for (size_t i = 0; i < count && !act_is_over(act); i++) {
        act_connect(act, first + i);
        if (i % room == room - 1 || i + 1 == count)
            act_await(act, all_are_accepted);
    }
}

/*** Saying ***/

void act_say_bytes(struct act *act, size_t player, const char *data, size_t count)
{
    if (act_is_over(act))
        return;
    bytes_append(&act->parts[player].said, data, count);
    int error = player_say_bytes(&act->encounter->players[player], data, count);
    if (error < 0 && !player_was_refused(error))
        act->error = error;
}

void act_say_silently(struct act *act, size_t player, const char *text)
{
    act_say_bytes(act, player, text, strlen(text));
    act_note_deed(act, player, _("says"), text);
}

/* Where nothing marks the end of a message the answer is waited for, lest the next one comes in one
 * piece with it. */
static void greet(struct act *act, size_t player)
{
    const struct play_protocol *protocol = &act->stage->plan->protocol;
    struct part *part = &act->parts[player];
    if (protocol->greeting == NULL || part->has_greeted)
        return;
    part->has_greeted = true;
    bytes_append(&part->expected, protocol->greeting_answer, strlen(protocol->greeting_answer));
    act_say_silently(act, player, protocol->greeting);
    act_await_answers(act, _("the greeting is not answered"), act->hint);
}

void act_say(struct act *act, size_t player, const char *text)
{
    greet(act, player);
    if (act_is_over(act))
        return;
    struct part *part = &act->parts[player];
    for (const char *line = text; *line != '\0';) {
        size_t count = strcspn(line, "\n");
        count += line[count] == '\n';
        play_protocol_answer(&act->stage->plan->protocol, line, count, &part->expected);
        line += count;
    }
    act_say_silently(act, player, text);
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

void act_leave(struct act *act, size_t player)
{
    const char *word = act->stage->plan->stop_word;
    if (word != NULL) {
        act_say_silently(act, player, word);
        act_say_silently(act, player, "\n");
    }
    act_half_close(act, player);
}

#define FLOOD_BYTES ((size_t)8 << 20) /* more than all buffers on the way there and back hold */

/* How much of what the player has sent was read by the server; or more, while it is under way. */
static size_t read_bytes(const struct encounter *encounter, const struct player *player)
{
    const struct tcp_table *table = &encounter->settle.current.tcp;
    const struct tcp_row *ours = tcp_table_find(table, &player->local, &player->server);
    const struct tcp_row *theirs = encounter_server_row(encounter, player);
    size_t unread = ours != NULL ? ours->send_queue : 0;
    unread += theirs != NULL ? theirs->receive_queue : 0;
    return player->sent_bytes > unread ? player->sent_bytes - unread : 0;
}

/* The server reads no more, or has read all. That its answers wait to be sent says nothing: it may
 * be that the kernel waits for a timer before it fills the last gap in the client's window. */
static bool flood_has_stopped(struct encounter *encounter)
{
    if (!encounter->settle.is_quiet || encounter->has_news)
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

void act_flood(struct act *act, size_t player)
{
    static char flood[65536];
    memset(flood, 'x', sizeof flood - 1);
    flood[sizeof flood - 1] = '\n';
    act->encounter->players[player].reads_nothing = true;
    for (size_t said = 0; said < FLOOD_BYTES && !act_is_over(act); said += sizeof flood)
        player_say_bytes(&act->encounter->players[player], flood, sizeof flood);
    act_await(act, flood_has_stopped);
}

size_t act_flood_read_bytes(struct act *act, size_t player)
{
    act_await(act, flood_has_stopped);
    return read_bytes(act->encounter, &act->encounter->players[player]);
}
