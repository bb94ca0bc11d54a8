#include "grader/checks/talk.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/play/acts.h"
#include "grader/play/answers.h"
#include "grader/play/evidence.h"

#include <stdlib.h>
#include <string.h>

#define NO_ANSWER N_("the client is not answered")

/*** It listens ***/

void play_listens(struct act *act)
{
    const struct tcp_row *listener = encounter_listener_row(act->encounter);
    uint16_t wanted = act->stage->plan->conduct->port;
    evidence_listener(act->result->evidence, act->encounter);
    act_find_port(act);
    if (wanted != 0 && address_port(&listener->local) != wanted)
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

/* The server may answer each part at once, or the whole line. */
static void say_in_two(struct act *act, const char *line, size_t first_bytes)
{
    struct bytes *expected = &act->encounter->players[0].expected;
    char *first = text_of("%.*s", (int)first_bytes, line);
    act_enter(act, 0);
    act_say_silently(act, 0, first);
    act_rest(act);
    if (act->stage->plan->conduct->protocol.kind ==
        PROTOCOL_SINK) /* which may print it in one piece or in two */
        bytes_print(expected, "%s\n%s", first, line + first_bytes);
    else
        play_protocol_answer(&act->stage->plan->conduct->protocol, line, strlen(line), expected);
    act_say_silently(act, 0, line + first_bytes);
    free(first);
}

void play_split(struct act *act)
{
    act->hint = _("TCP is a stream: one recv() may return half a message. Keep receiving.");
    struct bytes line = act_choose_line(act);
    say_in_two(act, bytes_front(&line), 15);
    bytes_release(&line);
    act_await_answers(act, _("a message in two pieces gets no answer"), act->hint);
    act_find(act, VERDICT_PASS, _("a message in two pieces is answered"), NULL);
}

/* The last letter has two bytes in UTF-8. */
void play_split_letter(struct act *act)
{
    act->hint = _("A message may be split between two bytes of a letter: collect bytes until the "
                  "line ends, then decode() it.");
    say_in_two(act, "caf\xc3\xa9\n", 4);
    act_await_answers(act, _("a letter in two pieces gets no answer"), act->hint);
    act_find(act, VERDICT_PASS, _("a letter in two pieces is answered"), NULL);
}

void play_merged(struct act *act)
{
    act->hint = _("TCP is a stream: one recv() may return two messages. Answer both.");
    struct bytes second = act_choose_line(act);
    struct bytes first = act_choose_line(act);
    char *both = text_of("%s%s", bytes_front(&first), bytes_front(&second));
    act_enter(act, 0);
    act_say(act, 0, both);
    free(both);
    bytes_release(&first);
    bytes_release(&second);
    act_await_answers(act, _("only one of two messages sent together is answered"), act->hint);
    act_find(act, VERDICT_PASS, _("two messages sent together are answered"), NULL);
}

#define LARGE_BYTES ((size_t)300000)

void play_large(struct act *act)
{
    if (act->stage->plan->conduct->protocol.kind == PROTOCOL_SINK) {
        act_find(act, VERDICT_SKIPPED, _("not played: only the end of the output is kept"), NULL);
        return;
    }
    act->hint = _("TCP is a stream: one recv() returns part of a large message. Answer each part "
                  "as it comes, or keep receiving until the line ends.");
    char *line = malloc(LARGE_BYTES + 2);
    for (size_t i = 0; i < LARGE_BYTES; i++)
        line[i] = (char)('a' + i * i % 23);
    memcpy(line + LARGE_BYTES, "\n", 2); /* and the NUL */
    act_enter(act, 0);
    act_say(act, 0, line);
    free(line);
    act_await_answers(act, _("a large message is not answered in full"),
                      _("send() may send less than it is given: send the rest, or use sendall()."));
    const struct tcp_row *row = encounter_server_row(act->encounter, &act->encounter->players[0]);
    if (act->is_decided && row != NULL && row->receive_queue > 0 && row->send_queue == 0)
        act->result->hint = _("The rest lies unread: keep receiving, and with edge-triggered epoll "
                              "until recv() fails with EAGAIN.");
    act_find(act, VERDICT_PASS, _("a message of 300 kB is answered"), NULL);
}
