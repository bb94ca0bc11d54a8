#include "grader/checks/leaving.h"

#include "base/language.h"
#include "grader/play/answers.h"
#include "grader/play/evidence.h"
#include "grader/play/flooding.h"
#include "observe/descriptor.h"

#include <string.h>

/*** Half-close ***/

static bool first_has_end(struct encounter *encounter)
{
    return encounter->players[0].stream != STREAM_OPEN;
}

void play_half_close(struct act *act)
{
    act_enter(act, 0);
    act_say_line(act, 0);
    act_half_close(act, 0);
    act_await_answers(
        act, _("a client that has half-closed gets no answer"),
        _("The end of a client's stream does not cancel the answer: send it, then close."));
    if (!act_await_let_go(act, first_has_end)) {
        evidence_connection(act->result->evidence, act->encounter, &act->encounter->players[0]);
        act_find(act, VERDICT_FAIL, _("the connection is not closed after the client's end"),
                 _("recv() returned nothing: the client has ended. close() its socket."));
    }
    act_compare_answers(act); /* nothing more may have come with the end */
    if (!act->is_decided && act->encounter->players[0].stream == STREAM_RESET)
        act_find(act, VERDICT_FAIL, _("the connection was reset"),
                 _("Closing a socket with unread data, or with SO_LINGER, aborts the connection: "
                   "read everything first, then just close()."));
    act_find(act, VERDICT_PASS, _("answered, and closed"), NULL);
}

/*** Resets ***/

#define ABORTED                                                                                    \
    N_("recv() or send() fails when a client aborts (ECONNRESET, EPIPE): close that client and "   \
       "go on.")

/* Where the connection has ended with the answer, it aborts a new one in mid-message. */
static void abort_in_between(struct act *act, size_t player)
{
    act_rest(act);
    if (!act_is_over(act) && act->encounter->players[player].awaited.is_last) {
        struct message message = {0};
        act_come_again(act, player);
        act_choose_message(act, player, &message);
        act_say_silently(act, player, bytes_front(&message.said), message.said.length / 2);
        message_release(&message);
        act_rest(act);
    }
    act_reset(act, player);
}

/* Over UDP: it asks, and has gone when the answer comes, which is refused. */
static void play_refusal(struct act *act)
{
    struct message message = {0};
    act_serve(act, 0, _("the client is not answered"), NULL);
    act_choose_message(act, 0, &message);
    if (!act_is_over(act))
        act_say_silently(act, 0, bytes_front(&message.said), message.said.length);
    message_release(&message);
    act_reset(act, 0);
    act_rest(act);
    act_serve(
        act, 1, _("serves nobody after a client has gone"),
        _("recvfrom() or sendto() may fail with ECONNREFUSED when a client has gone: go on."));
    act_find(act, VERDICT_PASS, _("survives it and serves the next client"), NULL);
}

void play_reset(struct act *act)
{
    if (act->encounter->transport == TRANSPORT_UDP) {
        play_refusal(act);
        return;
    }
    act_serve(act, 0, _("the client is not answered"), NULL);
    abort_in_between(act, 0);
    act_rest(act);
    act_serve(act, 1, _("serves nobody after a reset"), _(ABORTED));
    act_half_close(act, 1);
    /* Once more, while the server is sending. */
    act_enter(act, 2);
    act_flood(act, 2);
    act_reset(act, 2);
    act_rest(act);
    act_serve(act, 3, _("serves nobody after a reset"), _(ABORTED));
    act_find(act, VERDICT_PASS, _("survives it and serves the next client"), NULL);
}

#define UNREAD "never mind\n"

/* A client aborts before a sequential server can accept it. */
void play_queued_reset(struct act *act)
{
    act_enter(act, 0);
    act_connect(act, 1);
    act_say_silently(act, 1, UNREAD, strlen(UNREAD));
    act_reset(act, 1);
    act_rest(act);
    act_half_close(act, 0);
    act_rest(act);
    act_serve(act, 2, _("serves nobody after a client aborted in the queue"),
              _("accept() may return a connection that has already ended, or fail with "
                "ECONNABORTED: neither may end the server."));
    act_find(act, VERDICT_PASS, _("survives it and serves the next client"), NULL);
}

/*** What is left ***/

static bool no_leaver_is_held(struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        if (player->has_left && encounter_is_accepted(encounter, player))
            return false;
    }
    return true;
}

void play_close_wait(struct act *act)
{
    act_serve(act, 0, _("the client is not answered"), NULL);
    act_half_close(act, 0);
    if (!act_await_let_go(act, no_leaver_is_held)) {
        evidence_connection(act->result->evidence, act->encounter, &act->encounter->players[0]);
        act_find(act, VERDICT_FAIL, _("the connection of a client that has left is still open"),
                 _("The server's end stays in CLOSE_WAIT until it is closed: close() the client's "
                   "socket when recv() returns nothing, in every process that has a copy."));
    }
    act_find(act, VERDICT_PASS, _("closed when the client leaves"), NULL);
}

struct holdings {
    size_t descriptors;
    size_t tasks;
    size_t zombies;
};

static struct holdings holdings_of(const struct snapshot *snapshot)
{
    const struct task_list *tasks = &snapshot->tasks;
    struct holdings holdings = {.descriptors = snapshot_count_descriptors(snapshot)};
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->tasks[i];
        holdings.zombies += task->state == 'Z';
        holdings.tasks += task->state != 'Z' && !task->is_kernel_worker;
    }
    return holdings;
}

#define ROUNDS    ((size_t)3)
#define PER_ROUND ((size_t)4)

_Static_assert(LEFT_BEHIND_PLAYERS == ROUNDS * PER_ROUND + 1, "one stays");

static bool grows(size_t first, size_t second, size_t third)
{
    return second > first && third > second;
}

static void judge_holdings(struct act *act, const struct holdings *held)
{
    for (size_t i = 0; i < ROUNDS; i++)
        evidence_note(
            act->result->evidence,
            _("after %zu clients: %zu descriptors, %zu threads and processes, %zu zombies"),
            (i + 1) * PER_ROUND, held[i].descriptors, held[i].tasks, held[i].zombies);
    if (grows(held[0].zombies, held[1].zombies, held[2].zombies))
        act_find(
            act, VERDICT_FAIL, _("leaves zombies behind"),
            _("Nothing waits for children that have ended: wait for them, or ignore SIGCHLD."));
    if (grows(held[0].tasks, held[1].tasks, held[2].tasks))
        act_find(act, VERDICT_FAIL, _("leaves threads or processes behind"),
                 _("Whatever serves a client must end when that client has left."));
    /* Last, as processes that are left behind hold descriptors, too. */
    if (grows(held[0].descriptors, held[1].descriptors, held[2].descriptors))
        act_find(act, VERDICT_FAIL, _("leaves descriptors open"),
                 _("Every client that leaves adds open descriptors: close() each of them."));
}

/* One client stays if the server ends with its last. */
void play_left_behind(struct act *act)
{
    struct holdings held[ROUNDS] = {0};
    const char *end = act->stage->plan->conduct->ends_when;
    if (end != NULL && strcmp(end, ENDS_WHEN_LAST) == 0)
        act_enter(act, ROUNDS * PER_ROUND);
    for (size_t i = 0; i < ROUNDS * PER_ROUND; i++) {
        act_serve(act, i, _("the client is not answered"), NULL);
        act_half_close(act, i);
        act_await_let_go(act, no_leaver_is_held);
        act_rest(act);
        if (i % PER_ROUND == PER_ROUND - 1)
            held[i / PER_ROUND] = holdings_of(&act->encounter->settle.current);
    }
    if (!act_is_over(act))
        judge_holdings(act, held);
    act_find(act, VERDICT_PASS, _("nothing grows from client to client"), NULL);
}

/*** The stop word ***/

void play_stop_word(struct act *act)
{
    if (act->stage->plan->conduct->stop_word == NULL) {
        act_find(act, VERDICT_SKIPPED, _("the server has no stop word"), NULL);
        return;
    }
    act_enter(act, 0);
    act_say_stop_word(act, 0);
    if (!act_await_reaction(act, first_has_end, NULL)) {
        evidence_connection(act->result->evidence, act->encounter, &act->encounter->players[0]);
        evidence_tasks(act->result->evidence, act->encounter);
        act_find(
            act, VERDICT_FAIL, _("the session goes on after the stop word"),
            _("Compare what was received without its line end, then close the client's socket."));
    }
    act_rest(act);
    act_serve(act, 1, _("serves nobody after the stop word"),
              _("The stop word ends one client's session, not the server."));
    act_find(act, VERDICT_PASS, _("the stop word ends the session and nothing else"), NULL);
}
