#include "grader/checks/together.h"

#include "base/language.h"
#include "grader/play/answers.h"
#include "grader/play/evidence.h"
#include "grader/play/flooding.h"
#include "grader/play/partings.h"
#include "grader/play/reading.h"
#include "grader/protocols/placeholder.h"
#include "observe/waiting/shape.h"
#include "text/printable.h"

#include <stdlib.h>
#include <string.h>

#define TOGETHER                                                                                   \
    N_("No other client is served while one is silent: give each client a thread or a process, "   \
       "or wait for all of them in one loop.")

#define NOT_SEQUENTIAL N_("A sequential server serves one client at a time; this one does not.")

static bool second_is_answered(struct encounter *encounter)
{
    return act_is_answered(encounter->play, 1);
}

static bool second_is_queued(struct encounter *encounter)
{
    return encounter_is_queued(encounter, &encounter->players[1]);
}

/*** A second client ***/

static void show_everybody(struct act *act)
{
    for (size_t i = 0; i < act->encounter->player_count; i++)
        evidence_connection(act->result->evidence, act->encounter, &act->encounter->players[i]);
    evidence_listener(act->result->evidence, act->encounter);
    evidence_tasks(act->result->evidence, act->encounter);
}

static bool is_held(const struct act *act, size_t player)
{
    const struct player *one = &act->encounter->players[player];
    return encounter_is_accepted(act->encounter, one) && one->stream == STREAM_OPEN;
}

/* Over UDP a client that has said nothing is not known to anybody: the first is in the midst of its
 * talk. */
static void play_second_datagram(struct act *act)
{
    act_serve(act, 0, _("the client is not answered"), NULL);
    act_rest(act);
    act_connect(act, 1);
    act_say_line(act, 1);
    act_await_answers(act, act->unanswered, act->unanswered_hint);
    evidence_listener(act->result->evidence, act->encounter);
    evidence_tasks(act->result->evidence, act->encounter);
    act_find(act, VERDICT_PASS, _("served while the first is silent"), NULL);
}

void play_second_served(struct act *act)
{
    act->unanswered = _("the second client is blocked");
    act->unanswered_hint = _(TOGETHER);
    if (act->encounter->transport == TRANSPORT_UDP) {
        play_second_datagram(act);
        return;
    }
    act_enter_silently(act, 0);
    act_connect(act, 1);
    act_say_line(act, 1);
    act_await_answers(act, act->unanswered, act->unanswered_hint);
    show_everybody(act);
    if (!is_held(act, 0))
        act_find(act, VERDICT_FAIL, _("the first client was disconnected to serve the second"),
                 _("Disconnecting a silent client to serve the next still serves one at a time: "
                   "give each client a thread or a process, or wait for all of them in one loop."));
    act_find(act, VERDICT_PASS, _("served while the first is silent"), NULL);
}

void play_second_waits(struct act *act)
{
    act_enter_silently(act, 0);
    act_connect(act, 1);
    act_say_first(act, 1);
    if (act_await_reaction(act, second_is_answered, second_is_queued))
        act_find(act, VERDICT_FAIL, _("the second client does not wait"), _(NOT_SEQUENTIAL));
    show_everybody(act);
    act_leave(act, 0);
    const char *unserved = _("the second client is not served when the first leaves");
    const char *hint = _("When a client has left, go back to accept() and serve the next.");
    act_await_answers(act, unserved, hint);
    act_say_line(act, 1);
    act_await_answers(act, unserved, hint);
    act_find(act, VERDICT_PASS, _("waits, and is served when the first leaves"), NULL);
}

/*** A second client, whichever way it is served ***/

/* How much the player said, without its line end. */
static size_t word_bytes(const struct player *player)
{
    size_t count = player->said.length;
    while (count > 0 && strchr("\r\n", bytes_front(&player->said)[count - 1]) != NULL)
        count--;
    return count;
}

/* Does the text contain what the player said, without its line end? */
static bool has_words_of(const struct bytes *text, const struct player *player)
{
    return bytes_contain(text, bytes_front(&player->said), word_bytes(player));
}

/* So much of what it said is its own: the rest is the same for all. */
#define BEGINNING_BYTES ((size_t)12)

/* A server that reads a part and closes, which resets the connection, answers with that part. */
static bool has_beginning_of_words(const struct player *player)
{
    return player->said.length >= BEGINNING_BYTES &&
           bytes_contain(&player->received, bytes_front(&player->said), BEGINNING_BYTES);
}

/* Its own words have come back to it, were printed, or were passed on to the first client. */
static bool second_is_heard(struct encounter *encounter)
{
    struct player *second = &encounter->players[1];
    encounter_has_read(encounter, second); /* is remembered when the connection has gone */
    return has_words_of(&second->received, second) ||
           has_words_of(&encounter->arena.output, second) ||
           has_words_of(&encounter->players[0].received, second);
}

/* What it sent is in the server's receive queue, unread, and the connection stands. */
static bool second_is_unread(const struct encounter *encounter)
{
    const struct tcp_row *row = encounter_server_row(encounter, &encounter->players[1]);
    return row != NULL && row->state == STATE_ESTABLISHED && row->receive_queue > 0;
}

/* Accepted and unread, while a task is ready to accept the next: and nobody waits for the first
 * client, whose silence is not to blame then. Whom a ring of io_uring serves cannot be seen. */
static bool second_is_abandoned(const struct encounter *encounter)
{
    struct shape shape;
    const struct tcp_row *rows[2];
    encounter_server_rows(encounter, 0, 2, rows);
    shape_read(&shape, &encounter->settle.current, rows, 2);
    return shape.accepted == 2 && shape.acceptors > 0 && shape.rings == 0 &&
           shape.holds[0].waiter == 0 && shape.holds[1].waiter == 0 &&
           encounter->activity == ACTIVITY_SETTLED;
}

static void show_second(struct act *act)
{
    json_t *evidence = act->result->evidence;
    evidence_connection(evidence, act->encounter, &act->encounter->players[1]);
    evidence_listener(evidence, act->encounter);
    evidence_connection(evidence, act->encounter, &act->encounter->players[0]);
    evidence_tasks(evidence, act->encounter);
}

/* Bytes came back, but not its own: an answer if what it sent was read, otherwise only a greeting
 * or a refusal. */
static enum expectation judge_other_answer(struct act *act)
{
    struct player *second = &act->encounter->players[1];
    bool is_read = encounter_has_read(act->encounter, second);
    bool is_begun = !is_read && has_beginning_of_words(second);
    evidence_note(act->result->evidence,
                  is_read    ? _("%zu bytes came back, and what it sent was read")
                  : is_begun ? _("%zu bytes came back: the beginning of what it had sent")
                             : _("%zu bytes came back, but what it sent was not read"),
                  second->received.length);
    evidence_connection(act->result->evidence, act->encounter, second);
    if (is_read || is_begun)
        return EXPECT_SERVED;
    act_find(
        act, VERDICT_FAIL, _("turned away"),
        _("The server accepted the second client and closed it without reading what it sent."));
    return EXPECT_NOTHING;
}

static void find_no_answer(struct act *act)
{
    struct player *second = &act->encounter->players[1];
    bool is_read = encounter_has_read(act->encounter, second);
    if (second->stream != STREAM_OPEN && !is_read) {
        evidence_note(act->result->evidence, _("the second client saw the end of its connection"));
        act_find(act, VERDICT_FAIL, _("turned away"),
                 _("The server closed the second client's connection without an answer."));
        return;
    }
    show_second(act);
    if (is_read)
        act_find(act, VERDICT_INCONCLUSIVE, _("read, but not answered"),
                 _("What the second client sent was read, but nothing came back and nothing was "
                   "printed: whether it was served cannot be seen."));
    act_find(
        act, VERDICT_INCONCLUSIVE, _("unclear"),
        _("The server was still busy when the patience ran out; --patience allows more time."));
}

static void find_abandoned(struct act *act)
{
    evidence_end(act->result->evidence, act->encounter);
    act_find(act, VERDICT_FAIL, _("accepted, but nobody reads what it sends"),
             _("No process or thread waits for a client that was accepted: has the one that was to "
               "serve it ended? Look at its last output."));
}

/* What becomes of the second client, with evidence; EXPECT_NOTHING: neither, and decided. */
static enum expectation judge_second(struct act *act)
{
    const struct player *second = &act->encounter->players[1];
    json_t *evidence = act->result->evidence;
    bool is_heard = act_await_reaction(act, second_is_heard, second_is_queued);
    if (act_is_over(act))
        return EXPECT_NOTHING;
    if (is_heard) {
        char *shown = bytes_shown(bytes_front(&second->said), word_bytes(second), SHOWN_BYTES);
        evidence_note(evidence,
                      has_words_of(&second->received, second)
                          ? _("the second client got its own text back: %s")
                      : has_words_of(&act->encounter->arena.output, second)
                          ? _("the server printed the second client's text: %s")
                          : _("the first client got the second client's text: %s"),
                      shown);
        free(shown);
        evidence_connection(evidence, act->encounter, second);
        return EXPECT_SERVED;
    }
    if (second_is_unread(act->encounter)) {
        show_second(act);
        if (second_is_abandoned(act->encounter))
            find_abandoned(act);
        return EXPECT_BLOCKED;
    }
    if (second->received.length > 0)
        return judge_other_answer(act);
    find_no_answer(act);
    return EXPECT_NOTHING;
}

static void find_first_left(struct act *act)
{
    if (is_held(act, 0))
        return;
    evidence_connection(act->result->evidence, act->encounter, &act->encounter->players[0]);
    evidence_tasks(act->result->evidence, act->encounter);
    act_find(
        act, VERDICT_FAIL, _("closes a silent client"),
        _("The server closed the first client's connection although that client was only silent."));
}

/* Before the second client connects, the submission must rest and listen on one port, with the
 * first client connected. */
static void set_stage(struct act *act)
{
    struct encounter *encounter = act->encounter;
    encounter->players[0].name = _(encounter->players[0].id = N_("the first client"));
    encounter->players[1].name = _(encounter->players[1].id = N_("the second client"));
    act_enter_silently(act, 0);
    act_rest(act);
    if (act_is_over(act))
        return;
    act_find_port(act);
    find_first_left(act);
    if (encounter_listener_row(encounter) != NULL)
        return;
    evidence_listener(act->result->evidence, encounter);
    act_find(act, VERDICT_FAIL, _("stops listening after the first client"),
             _("A server for several clients keeps its listener open."));
}

void play_second_client(struct act *act)
{
    enum expectation expected = act->stage->plan->conduct->second_client;
    struct message message = {0};
    set_stage(act);
    act_choose_message(act, 1, &message);
    act_connect(act, 1);
    act_say_silently(act, 1, bytes_front(&message.said), message.said.length);
    message_release(&message);
    enum expectation met = act_is_over(act) ? EXPECT_NOTHING : judge_second(act);
    if (act_is_over(act))
        return;
    find_first_left(act);
    const char *finding = met == EXPECT_BLOCKED ? _("blocked") : _("served");
    const char *hint = met == EXPECT_BLOCKED
                           ? _("No client is served while the first is silent: give each client a "
                               "thread or a process, or wait for all of them in one loop.")
                           : _(NOT_SEQUENTIAL);
    bool is_right = expected == EXPECT_NOTHING || expected == met;
    act_find(act, is_right ? VERDICT_PASS : VERDICT_FAIL, finding, is_right ? NULL : hint);
}

static const char *hint_for_unserved(const struct encounter *encounter)
{
    const struct tcp_row *first = encounter_server_row(encounter, &encounter->players[0]);
    if (encounter->activity == ACTIVITY_SPINNING)
        return _("The server never rests. When a client has left, recv() returns nothing at once, "
                 "again and again: leave the loop then.");
    if (first != NULL && first->state == STATE_CLOSE_WAIT)
        return _("The first client has left, but the server still holds its connection "
                 "(CLOSE_WAIT): close it and accept the next.");
    return _("When the first client has left, go back to accept().");
}

void play_second_afterwards(struct act *act)
{
    const char *farewell = act->stage->plan->conduct->farewell;
    if (!second_is_unread(act->encounter) || second_is_abandoned(act->encounter)) {
        act_find(act, VERDICT_SKIPPED, _("not played"), NULL);
        return;
    }
    if (farewell != NULL) {
        struct bytes said = text_as_bytes(farewell);
        act_say_silently(act, 0, bytes_front(&said), said.length);
        bytes_release(&said);
    }
    act_half_close(act, 0);
    enum expectation met = judge_second(act);
    if (met == EXPECT_BLOCKED)
        act_find(act, VERDICT_FAIL, _("not served after the first client left"),
                 hint_for_unserved(act->encounter));
    act_find(act, VERDICT_PASS, _("served after the first client left"), NULL);
}

/*** One that stalls ***/

void play_half_silent(struct act *act)
{
    struct message message = {0};
    act_enter(act, 0);
    act_greet(act, 0);
    act_choose_message(act, 0, &message);
    act_say_silently(act, 0, bytes_front(&message.said), message.said.length / 2);
    message_release(&message);
    act_rest(act);
    act->unanswered = _("half a message from one client stalls another");
    act->unanswered_hint =
        _("After the first bytes of a message the server waits for the rest and serves nobody "
          "else: keep what has come for each client and go back to the loop.");
    act_connect(act, 1);
    act_say_line(act, 1);
    act_await_answers(act, act->unanswered, act->unanswered_hint);
    act_find(act, VERDICT_PASS, _("half a message stalls no other client"), NULL);
}

#define NO_ROOM                                                                                    \
    N_("The server blocks in send() for a client that does not read: make sockets "                \
       "non-blocking and wait for room (EPOLLOUT), or give each client a thread.")

void play_slow_reader(struct act *act)
{
    act->encounter->players[0].has_short_segments = true;
    act_enter(act, 0);
    act_enter(act, 1); /* first, so that a server that sends to all always sends it the flood */
    act_flood(act, 0);
    size_t read_before, read_bytes = act_flood_read_bytes(act, 0);
    do { /* until the second is served while the first can neither send nor receive */
        act_say_line(act, 1);
        act_await_answers(act, _("a client that does not read stalls another"), _(NO_ROOM));
        read_before = read_bytes;
        read_bytes = act_flood_read_bytes(act, 0);
    } while (!act_is_over(act) && read_bytes > read_before);
    struct player *slow = &act->encounter->players[0];
    bytes_consume(&slow->outgoing, slow->outgoing.length); /* it may leave now */
    act_find(act, VERDICT_PASS, _("a client that does not read stalls no other client"), NULL);
}
