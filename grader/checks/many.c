#include "grader/checks/many.h"

#include "base/language.h"
#include "grader/play/answers.h"
#include "grader/play/encounter.h"
#include "grader/play/partings.h"

/* Who is not served is one of several, or like all others. */
static void tell_some_from_all(struct act *act, const char *limit)
{
    size_t answered = 0;
    for (size_t i = 0; i < CROWD_PLAYERS; i++)
        answered += act_is_answered(act, i);
    if (answered == 0 && act->result->hint == limit)
        act->result->hint = _("None of the clients is served while there are many: look for what "
                              "they all wait for, such as a lock, or a loop that serves one.");
}

void play_crowd(struct act *act)
{
    const char *limit =
        _("Some clients are served and others are not: look for a limit, such as the length of an "
          "array or a pool of workers that serve one client each.");
    for (size_t i = 0; i < CROWD_PLAYERS; i++)
        act_enter(act, i);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < CROWD_PLAYERS;
             i++) /* in another order each time: 11 and 32 are coprime */
            act_say_line(act, (i * 11 + (size_t)round * 5) % CROWD_PLAYERS);
        act_await_answers(act, _("one client of many gets no answer"), limit);
        tell_some_from_all(act, limit);
    }
    act_find(act, VERDICT_PASS, _("32 clients get their own answers"), NULL);
}

/* Over UDP each of them has to speak, or nobody knows it. */
static void play_many_datagrams(struct act *act)
{
    const size_t room = encounter_queue_room(act->encounter);
    for (size_t i = 0; i < MANY_PLAYERS && !act_is_over(act); i++) {
        act_connect(act, i);
        act_say_line(act, i);
        if (i % room == room - 1 || i + 1 == MANY_PLAYERS)
            act_await_answers(act, _("one client of many gets no answer"), act->hint);
    }
}

void play_many(struct act *act)
{
    act->hint = _("select() handles 1024 descriptors, and a pool as many clients as it has "
                  "workers: use poll(), epoll, or a thread per client.");
    if (act->encounter->transport == TRANSPORT_UDP) {
        play_many_datagrams(act);
    } else {
        act_connect_many(act, 0, MANY_PLAYERS);
        act_say_line(act, MANY_PLAYERS - 1);
        act_await_answers(act, _("the 1100th client gets no answer"), act->hint);
    }
    act_find(act, VERDICT_PASS, _("the last of 1100 clients is served"), NULL);
}

#define IN_A_BURST ((size_t)16)

/* How many can be there together, and what is said at parting, are other checks' business. */
static void let_go(struct act *act, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        act_forget_answers(act, i);
        act_half_close(act, i);
    }
    act_rest(act);
}

/* Whether two clients come between two looks of the server is a matter of chance, so there are
 * several bursts. */
void play_burst(struct act *act)
{
    size_t room = encounter_queue_room(act->encounter);
    size_t count = room < IN_A_BURST ? room : IN_A_BURST;
    const char *hint = _("One event may stand for several clients, and an edge-triggered listener "
                         "does not report again those that are left: call accept() until it "
                         "fails with EAGAIN.");
    for (size_t first = 0; first + count <= BURST_PLAYERS && !act_is_over(act); first += count) {
        act_connect_at_once(act, first, count);
        for (size_t i = first; i < first + count; i++)
            act_say_line(act, i);
        act_await_answers(act, _("of clients that come at the same moment some are left"), hint);
        let_go(act, first, count);
    }
    act_find(act, VERDICT_PASS, _("clients that come at the same moment are all served"), NULL);
}
