/* Theory of operation: clients bring about, one after the other, every state that a client can be
 * in, and in none of them is there anything to do for a server. One that uses the processor all the
 * same spins, whatever its sockets do meanwhile.
 */
#include "grader/checks/spinning.h"

#include "base/language.h"
#include "grader/play/evidence.h"
#include "grader/play/flooding.h"

/* Waits, and finds it if it is so. */
static void find_spinning(struct act *act, const char *finding, const char *hint)
{
    if (!act_is_spinning(act))
        return;
    act_has_seen(act);
    evidence_note(act->result->evidence,
                  _("it used %.0f ms of processor time, with nothing for it to do"),
                  (double)settle_used_ns(&act->encounter->settle) / 1e6);
    evidence_tasks(act->result->evidence, act->encounter);
    act_find(act, VERDICT_FAIL, finding, hint);
}

/* A player for each way to be a client. */
enum { TALKER, ABORTER, STALLER, NEWCOMER, SPINNING_CAST };

_Static_assert(SPINNING_PLAYERS == SPINNING_CAST, "as many as the check is given");

static bool stay_away(struct act *act)
{
    (void)act;
    return true;
}

static bool come_silently(struct act *act)
{
    act_connect(act, TALKER);
    return true;
}

/* Whether it is answered is another check's business. */
static bool speak_and_fall_silent(struct act *act)
{
    struct message message = {0};
    act_choose_message(act, TALKER, &message);
    act_say_silently(act, TALKER, bytes_front(&message.said), message.said.length);
    message_release(&message);
    act_rest(act);
    return true;
}

static bool end_own_side(struct act *act)
{
    act_half_close(act, TALKER);
    return true;
}

static bool abort_connection(struct act *act)
{
    act_connect(act, ABORTER);
    act_rest(act);
    act_reset(act, ABORTER);
    return true;
}

static bool stop_reading(struct act *act)
{
    act_connect(act, STALLER);
    act_rest(act);
    return act_flood(act, STALLER);
}

/* Over UDP nobody waits for one who does not read. */
static bool is_possible(const struct act *act, bool (*bring_about)(struct act *act))
{
    return act->encounter->transport != TRANSPORT_UDP || bring_about != stop_reading;
}

/* Of a server that is busy with the one that does not read, into the queue. */
static bool come_meanwhile(struct act *act)
{
    act_connect(act, NEWCOMER);
    return true;
}

static bool leave_all(struct act *act)
{
    struct player *staller = &act->encounter->players[STALLER];
    bytes_consume(&staller->outgoing, staller->outgoing.length);
    for (size_t i = 0; i < SPINNING_CAST; i++)
        act_close(act, i);
    return true;
}

#define EVENTS_WITHOUT_END                                                                         \
    N_("poll() and epoll report POLLERR and POLLHUP (EPOLLERR, EPOLLHUP) for it without end: "     \
       "close it then, too.")
#define END_WITHOUT_END                                                                            \
    N_("When a client has left, recv() returns nothing at once, again and again: close the "       \
       "socket and forget it.")
#define ALWAYS_WRITABLE                                                                            \
    N_("Wait for the client instead of polling it; watch for writability only while there is "     \
       "something to write.")

static const struct {
    bool (*bring_about)(struct act *act); /* false: not reached, as there is still work */
    const char *finding;
    const char *hint;
} states[] = {
    {stay_away, N_("spins without clients"), N_("Wait in accept(), select(), poll() or epoll.")},
    {come_silently, N_("spins while a client is silent"), ALWAYS_WRITABLE},
    {speak_and_fall_silent, N_("spins while a client is silent after its answer"), ALWAYS_WRITABLE},
    {end_own_side, N_("spins when a client has left"), END_WITHOUT_END},
    {abort_connection, N_("spins when a client has aborted"), EVENTS_WITHOUT_END},
    {stop_reading, N_("spins while a client does not read"),
     N_("send() fails with EAGAIN as long as there is no room: wait until the client can be "
        "written to, instead of trying again.")},
    {come_meanwhile, N_("spins while a client waits to be accepted"),
     N_("The listener stays readable until accept() has taken the client: accept it, or do not "
        "watch the listener meanwhile.")},
    {leave_all, N_("spins when all clients have left"), END_WITHOUT_END},
};

/* A server that ends meanwhile does not spin; what ended it costs another check. */
void play_spinning(struct act *act)
{
    act->may_end = true;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (!is_possible(act, states[i].bring_about))
            continue;
        if (act_is_over(act) || !states[i].bring_about(act))
            break;
        find_spinning(act, _(states[i].finding), _(states[i].hint));
    }
    act_find(act, VERDICT_PASS, _("sleeps when there is nothing to do"), NULL);
}
