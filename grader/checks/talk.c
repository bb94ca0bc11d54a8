#include "grader/checks/talk.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/checks/absence.h"
#include "grader/play/answers.h"
#include "grader/play/causes.h"
#include "grader/play/evidence.h"
#include "grader/play/partings.h"

#include <stdlib.h>
#include <string.h>

#define NO_ANSWER N_("the client is not answered")

/*** It listens ***/

/* Bound for a moment, before it was connected or closed. */
static void find_not_bound(struct act *act)
{
    const struct udp_row *row = encounter_udp_row(act->encounter);
    if (act->encounter->transport != TRANSPORT_UDP || (row != NULL && !row->is_connected))
        return;
    act_has_seen(act);
    absence_find_other(act);
    act_find(act, VERDICT_FAIL, _("does not listen"),
             _("No socket is bound to the port any more: keep the one that is, it serves all "
               "clients."));
}

void play_listens(struct act *act)
{
    uint16_t wanted = act->stage->plan->conduct->port;
    evidence_listener(act->result->evidence, act->encounter);
    find_not_bound(act);
    act_find_port(act);
    if (wanted != 0 && address_port(&act->encounter->server) != wanted)
        act_find(act, VERDICT_FAIL, _("listens on another port"), _("bind() the required port."));
    act_find(act, VERDICT_PASS, _("listens"), NULL);
}

/*** One client ***/

void play_one_client(struct act *act)
{
    act_serve(act, 0, _(NO_ANSWER),
              _("Receive what the client sends and answer it; flush what is printed."));
    act_rest(act);            /* not act_settle(): threads of a Java machine wake up every 5 s */
    act_compare_answers(act); /* nothing more may have come with it */
    act_find(act, VERDICT_PASS, _("served"), NULL);
}

void play_in_turn(struct act *act)
{
    for (size_t i = 0; i < 5; i++) {
        act_serve(act, i, _("a later client gets no answer"),
                  _("When a client has left, go back to accept() and serve the next."));
        act_leave(act, i);
        act_rest(act); /* whatever its leaving has set off */
    }
    act_find(act, VERDICT_PASS, _("five clients, one after the other, are served"), NULL);
}

/*** Messages and segments ***/

#define FIRST_BYTES ((size_t)15)

void play_split(struct act *act)
{
    act->hint = _("TCP is a stream: one recv() may return half a message. Keep receiving.");
    struct message message = {0};
    act_enter(act, 0);
    act_choose_message(act, 0, &message);
    size_t count = message.said.length;
    act_say_in_two(act, 0, &message, count > FIRST_BYTES ? FIRST_BYTES : count / 2);
    message_release(&message);
    act_await_answers(act, _("a message in two pieces gets no answer"), act->hint);
    act_find(act, VERDICT_PASS, _("a message in two pieces is answered"), NULL);
}

#define LETTER_WORD "caf\xc3\xa9"

/* The last letter of the word has two bytes in UTF-8. */
void play_split_letter(struct act *act)
{
    act->hint = _("A message may be split between two bytes of a letter: collect bytes until the "
                  "line ends, then decode() it.");
    struct message message = {0};
    act_enter(act, 0);
    act_choose_word(act, 0, LETTER_WORD, strlen(LETTER_WORD), &message);
    const char *said = bytes_front(&message.said);
    const char *word = memmem(said, message.said.length, LETTER_WORD, strlen(LETTER_WORD));
    act_say_in_two(act, 0, &message, (size_t)(word - said) + strlen(LETTER_WORD) - 1);
    message_release(&message);
    act_await_answers(act, _("a letter in two pieces gets no answer"), act->hint);
    act_find(act, VERDICT_PASS, _("a letter in two pieces is answered"), NULL);
}

void play_merged(struct act *act)
{
    act->hint = _("TCP is a stream: one recv() may return two messages. Answer both.");
    struct message both = {0};
    act_enter(act, 0);
    act_choose_message(act, 0, &both);
    act_choose_message(act, 0, &both);
    act_say(act, 0, &both);
    message_release(&both);
    act_await_answers(act, _("only one of two messages sent together is answered"), act->hint);
    act_find(act, VERDICT_PASS, _("two messages sent together are answered"), NULL);
}

#define LARGE_BYTES ((size_t)300000)

void play_large(struct act *act)
{
    act->hint = _("TCP is a stream: one recv() returns part of a large message. Answer each part "
                  "as it comes, or keep receiving until the line ends.");
    struct message message = {0};
    char *word = allocate(LARGE_BYTES, 1);
    for (size_t i = 0; i < LARGE_BYTES; i++)
        word[i] = (char)('a' + i * i % 23);
    act_enter(act, 0);
    act_choose_word(act, 0, word, LARGE_BYTES, &message);
    free(word);
    act_say(act, 0, &message);
    message_release(&message);
    act_await_answers(act, _("a large message is not answered in full"),
                      _("send() may send less than it is given: send the rest, or use sendall()."));
    const struct tcp_row *row = encounter_server_row(act->encounter, &act->encounter->players[0]);
    if (act->is_decided && row != NULL && row->receive_queue > 0 && row->send_queue == 0)
        act->result->hint = _("The rest lies unread: keep receiving, and with edge-triggered epoll "
                              "until recv() fails with EAGAIN.");
    const char *cause = act->is_decided ? cause_of_losing_a_line(act->encounter, 0) : NULL;
    if (cause != NULL)
        act->result->hint = cause;
    act_find(act, VERDICT_PASS, _("a message of 300 kB is answered"), NULL);
}
