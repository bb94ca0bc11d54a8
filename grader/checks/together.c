#include "grader/checks/together.h"

#include "base/language.h"
#include "grader/play/acts.h"
#include "grader/play/answers.h"
#include "grader/play/evidence.h"

#include <string.h>

#define TOGETHER                                                                                   \
    N_("Nobody serves one client while another is silent: give each a thread or a process, "       \
       "or wait for all of them in one loop.")

static bool second_is_answered(struct encounter *encounter)
{
    return act_is_answered(encounter->play, 1);
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

static void play_second_served(struct act *act)
{
    act_enter(act, 0);
    act_connect(act, 1);
    act_say_line(act, 1);
    act_await_answers(act, _("the second client is blocked"), _(TOGETHER));
    show_everybody(act);
    if (!is_held(act, 0))
        act_find(act, VERDICT_FAIL, _("the first client was given up for the second"),
                 _("Whoever sends a silent client away to serve the next one still serves one at a "
                   "time: give each a thread or a process, or wait for all of them in one loop."));
    act_find(act, VERDICT_PASS, _("served while the first is silent"), NULL);
}

const struct check check_second_client_served = {
    .id = "second-client-served",
    .title = N_("a second client is served while the first is silent"),
    .needs = "serves-one-client",
    .players = 2,
    .play = play_second_served,
};

static void play_second_waits(struct act *act)
{
    act_enter(act, 0);
    act_connect(act, 1);
    act_say_line(act, 1);
    if (act_await(act, second_is_answered))
        act_find(act, VERDICT_FAIL, _("the second client does not wait"),
                 _("A sequential server serves one client at a time; this one does not."));
    show_everybody(act);
    act_leave(act, 0);
    act_await_answers(act, _("the second client is not served when the first has left"),
                      _("When a client has left, go back to accept() and serve the next."));
    act_find(act, VERDICT_PASS, _("waits, and is served when the first has left"), NULL);
}

const struct check check_second_client_waits = {
    .id = "second-client-waits",
    .title = N_("a second client waits until the first has left"),
    .needs = "serves-one-client",
    .players = 2,
    .only_on_request = true,
    .play = play_second_waits,
};

/*** Many ***/

#define CROWD 32

static void play_crowd(struct act *act)
{
    const char *limit =
        _("Some are served and others are not: is there a limit, such as the length of "
          "an array, or a pool of workers that serve one client each?");
    for (size_t i = 0; i < CROWD; i++)
        act_enter(act, i);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < CROWD;
             i++) /* each time in another order: 32 and 11 have no divisor */
            act_say_line(act, (i * 11 + (size_t)round * 5) % CROWD);
        act_await_answers(act, _("a client among many is not answered"), limit);
    }
    act_find(act, VERDICT_PASS, _("32 clients get their own answers"), NULL);
}

const struct check check_clients_do_not_mix = {
    .id = "clients-do-not-mix",
    .title = N_("32 clients, in turns, get their own answers"),
    .needs = "second-client-served",
    .players = CROWD,
    .play = play_crowd,
};

#define MANY ((size_t)1100)

static void play_many(struct act *act)
{
    act->hint = _("select() knows 1024 descriptors, a pool as many clients as it has workers: use "
                  "poll(), epoll, or a thread for each.");
    act_connect_many(act, 0, MANY);
    act_say_line(act, MANY - 1);
    act_await_answers(act, _("the 1100th client is not answered"), act->hint);
    act_find(act, VERDICT_PASS, _("the last of 1100 clients is served"), NULL);
}

const struct check check_many_clients = {
    .id = "many-clients",
    .title = N_("the last of 1100 clients is served"),
    .needs = "second-client-served",
    .players = MANY,
    .play = play_many,
};

/*** One that stalls ***/

static void play_half_silent(struct act *act)
{
    act_enter(act, 0);
    act_say_silently(act, 0, "half a li");
    act_rest(act);
    act_connect(act, 1);
    act_say_line(act, 1);
    act_await_answers(
        act, _("half a message from one client stalls another"),
        _("After the first bytes of a message the server waits for the rest of it, and "
          "for nobody else: keep what has come for each client, and go back to the loop."));
    act_find(act, VERDICT_PASS, _("half a message stalls nobody"), NULL);
}

const struct check check_half_silent = {
    .id = "half-silent-client-stalls-nobody",
    .title = N_("a client that stops in the middle of a message"),
    .needs = "second-client-served",
    .players = 2,
    .play = play_half_silent,
};

#define NO_ROOM                                                                                    \
    N_("The server waits in send() for a client that does not read: make sockets "                 \
       "non-blocking and wait for room (EPOLLOUT), or give each client a thread.")

static void play_slow_reader(struct act *act)
{
    act->encounter->players[0].has_short_segments = true;
    act_enter(act, 0);
    act_enter(act, 1); /* before: who sends to all must not send it the flood, or not, by luck */
    act_flood(act, 0);
    size_t read_before, read_bytes = act_flood_read_bytes(act, 0);
    do { /* until the second is served while nothing of the first can be read or sent */
        act_say_line(act, 1);
        act_await_answers(act, _("a client that does not read stalls another"), _(NO_ROOM));
        read_before = read_bytes;
        read_bytes = act_flood_read_bytes(act, 0);
    } while (!act_is_over(act) && read_bytes > read_before);
    struct player *slow = &act->encounter->players[0];
    bytes_consume(&slow->outgoing, slow->outgoing.length); /* it may leave now */
    act_find(act, VERDICT_PASS, _("a client that does not read stalls nobody"), NULL);
}

const struct check check_slow_reader = {
    .id = "slow-reader-stalls-nobody",
    .title = N_("a client that asks for much and reads nothing"),
    .needs = "second-client-served",
    .players = 2,
    .play = play_slow_reader,
};
