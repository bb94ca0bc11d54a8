/* Theory of operation: at each look every player takes what has come for it (answer.h). One that
 * has all that it waits for, or something else instead, is done; when all are, or it is certain
 * that one of them never will be, the first that is wrong or lacks its answer decides.
 */
#include "grader/play/answers.h"

#include "base/language.h"
#include "base/least.h"
#include "grader/play/evidence.h"
#include "text/printable.h"

#include <stdlib.h>
#include <string.h>

/* Of what an answer took, so much is kept to be shown beside what came behind it. */
#define LAST_TAKEN_BYTES ((size_t)1 << 20)

/* What a scene awaits comes on its connections. */
static bool is_printed(const struct act *act)
{
    return act_protocol(act)->kind == PROTOCOL_SINK && act->scene == NULL;
}

/*** Taking ***/

static void take_off(struct player *player, size_t count)
{
    if (count == 0)
        return;
    bytes_consume(&player->last_taken, player->last_taken.length);
    if (count <= LAST_TAKEN_BYTES)
        bytes_append(&player->last_taken, bytes_front(&player->received), count);
    bytes_consume(&player->received, count);
    player->taken_bytes += count;
}

/* Is it too much that anything more has come? In a scene later steps may expect it; in a chat, who
 * leaves may still hear others. */
static bool must_get_no_more(const struct act *act, const struct player *player)
{
    return act->scene == NULL && player->is_owed && !player->has_said_stop &&
           !player->is_overlooked &&
           !(play_protocol_is_heard(act_protocol(act)) && player->has_left);
}

/* Until all has come, what differs is waited for, to be shown whole. */
static bool may_be_shown_whole(const struct player *player, const struct incoming *incoming)
{
    return !incoming->is_final && !player->awaited.is_unordered &&
           incoming->count < answers_least_bytes(&player->awaited);
}

/* In a scene what others are told may come behind lines that later steps take: it is taken out from
 * among them. */
static void take_from_lines(struct player *player, const struct incoming *incoming)
{
    for (size_t at = 0; at < player->received.length;) {
        const char *front = bytes_front(&player->received);
        struct incoming rest = *incoming;
        rest.data = front + at;
        rest.count = player->received.length - at;
        size_t taken_bytes = 0;
        answers_take(&player->awaited, &rest, &taken_bytes);
        if (taken_bytes > 0) {
            memmove(bytes_front(&player->received) + at, front + at + taken_bytes,
                    rest.count - taken_bytes);
            player->received.length -= taken_bytes;
            continue;
        }
        const char *end = memchr(front + at, '\n', rest.count);
        at = end != NULL ? (size_t)(end - front) + 1 : player->received.length;
    }
}

static enum taken take_datagrams(const struct act *act, struct player *player)
{
    while (player->has_datagram && player->awaited.count > 0) {
        const struct bytes *data = &player->received;
        if (player_hears_stranger(player) ||
            !answers_take_datagram(&player->awaited, bytes_front(data), data->length))
            return TAKEN_WRONG;
        take_off(player, data->length);
        player_next_datagram(player);
    }
    if (player->has_datagram && must_get_no_more(act, player))
        return TAKEN_WRONG;
    return answers_due(&player->awaited) == 0 ? TAKEN_WHOLE : TAKEN_PART;
}

static enum taken take(const struct act *act, struct player *player, bool is_final)
{
    const struct bytes *from = is_printed(act) ? &act->encounter->arena.output : &player->received;
    const struct incoming incoming = {.data = bytes_front(from),
                                      .count = from->length,
                                      .has_ended = player->stream == STREAM_ENDED,
                                      .is_final = is_final || player->stream != STREAM_OPEN};
    size_t taken_bytes = 0;
    if (player->is_overlooked)
        return TAKEN_WHOLE;
    player->is_owed |= player->awaited.count > 0;
    if (player->transport == TRANSPORT_UDP && !is_printed(act))
        return take_datagrams(act, player);
    if (act->scene != NULL && player->awaited.is_told) {
        take_from_lines(player, &incoming);
        return answers_due(&player->awaited) == 0 ? TAKEN_WHOLE : TAKEN_PART;
    }
    enum taken taken = answers_take(&player->awaited, &incoming, &taken_bytes);
    if (is_printed(act))
        return taken;
    take_off(player, taken_bytes);
    if (taken == TAKEN_WHOLE && player->received.length > 0 && must_get_no_more(act, player))
        return TAKEN_WRONG;
    return taken == TAKEN_WRONG && may_be_shown_whole(player, &incoming) ? TAKEN_PART : taken;
}

static bool is_complete(const struct player *player)
{
    return player->got == TAKEN_WHOLE || player->got == TAKEN_OPEN;
}

static void look(const struct act *act, struct player *player, bool is_final)
{
    player->got = take(act, player, is_final);
}

bool act_is_answered(struct act *act, size_t player)
{
    struct player *one = &act->encounter->players[player];
    look(act, one, false);
    return is_complete(one);
}

void act_take_answers(struct act *act, size_t player)
{
    look(act, &act->encounter->players[player], true);
}

void act_forget_answers(struct act *act, size_t player)
{
    struct player *one = &act->encounter->players[player];
    answers_clear(&one->awaited);
    one->awaited.is_unordered = one->awaited.is_told = false;
    one->is_owed = false;
}

static bool unanswered_are_queued(struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++)
        if (!is_complete(&encounter->players[i]) &&
            !encounter_is_queued(encounter, &encounter->players[i]))
            return false;
    return true;
}

static size_t count_unanswered(const struct act *act)
{
    size_t unanswered = 0;
    for (size_t i = 0; i < act->encounter->player_count; i++)
        unanswered += act->encounter->players[i].got == TAKEN_PART;
    return unanswered;
}

static size_t count_answered_bytes(const struct player *player)
{
    return player->taken_bytes +
           least(player->received.length, answers_least_bytes(&player->awaited));
}

/* Or it is certain that one of them will not be. */
static bool all_are_answered(struct encounter *encounter)
{
    const struct act *act = encounter->play;
    bool is_answered = true;
    size_t answered_bytes = 0;
    for (size_t i = 0; i < encounter->player_count; i++) {
        struct player *player = &encounter->players[i];
        look(act, player, false);
        answered_bytes += count_answered_bytes(player);
        if (is_complete(player) || player->got == TAKEN_WRONG)
            continue;
        if (encounter_is_stuck(encounter, player))
            return true;
        is_answered = false;
    }
    encounter_note_progress(encounter, answered_bytes);
    return is_answered;
}

/*** Findings ***/

/* Has the player got this, and did not say the same? */
static bool has_got(const struct player *player, const struct bytes *text)
{
    const struct bytes received = player_searched(player);
    return text->length > 0 && text->length <= received.length &&
           bytes_contain(&received, bytes_front(text), text->length) &&
           !bytes_contain(&player->said, bytes_front(text), text->length);
}

/* What another one said, or its word? */
static bool is_of_another(const struct act *act, const struct player *player)
{
    for (size_t i = 0; i < act->encounter->player_count; i++) {
        const struct player *other = &act->encounter->players[i];
        if (other != player && (has_got(player, &other->said) || has_got(player, &other->word) ||
                                has_got(player, &other->flooded)))
            return true;
    }
    return false;
}

/* What is expected next, or any of what is expected. */
static void note_expected(struct act *act, const struct player *player)
{
    const struct answers *awaited = &player->awaited;
    struct bytes text = {0};
    size_t most = awaited->is_unordered ? 3 : 1;
    for (size_t i = 0; i < awaited->count && i < most; i++) {
        bytes_print(&text, "%s", i > 0 ? _(" or ") : "");
        awaited->all[i].kind->show(&awaited->all[i], &text);
    }
    if (awaited->count == 0)
        bytes_print(&text, "%s", _("nothing more"));
    char *words = bytes_take_text(&text);
    evidence_note(act->result->evidence, _("expected: %s"), words);
    free(words);
}

void act_note_awaited(struct act *act, const struct player *player)
{
    const struct answer *first = player->awaited.count > 0 ? &player->awaited.all[0] : NULL;
    const char *trouble = first != NULL ? answer_http_trouble(first) : NULL;
    if (trouble != NULL)
        evidence_note(act->result->evidence, "%s", trouble);
    else
        note_expected(act, player);
}

static void note_other(struct act *act, const struct player *player)
{
    const struct bytes *received = &player->received;
    char *came = bytes_shown(bytes_front(received), received->length, SHOWN_BYTES);
    evidence_note(act->result->evidence, _("%s got %zu bytes: \"%s\""), player->name,
                  player->received.length, came);
    free(came);
    act_note_awaited(act, player);
}

/* What came and was wanted, with what it got last where more came behind that; to be released.
 * False: what was wanted is no plain text. */
static bool compare(const struct player *player, struct bytes *came, struct bytes *wanted)
{
    bool is_too_much = player->awaited.count == 0;
    if (is_too_much) {
        const struct bytes *last = &player->last_taken;
        bytes_append(wanted, bytes_front(last), last->length);
        bytes_append(came, bytes_front(last), last->length);
    }
    bytes_append(came, bytes_front(&player->received), player->received.length);
    return answers_are_bytes(&player->awaited, wanted) && !player->awaited.is_unordered;
}

static void find_of_another(struct act *act)
{
    if (play_protocol_is_heard(act_protocol(act)))
        act_find(act, VERDICT_FAIL, _("a message went to a wrong client"),
                 _("A message goes to those it is meant for, once, and to nobody else."));
    act_find(act, VERDICT_FAIL, _("an answer went to another client"),
             _("One client got what another sent: each needs its own buffer and socket."));
}

static void find_wrong(struct act *act, const struct player *player)
{
    struct bytes came = {0}, wanted = {0};
    if (player_hears_stranger(player)) {
        act_find_stranger(act, player);
        return;
    }
    act_has_seen(act);
    bool is_udp = player->transport == TRANSPORT_UDP;
    bool is_text = (!is_udp || player->awaited.count > 0) && compare(player, &came, &wanted);
    if (is_text)
        evidence_compared(act->result->evidence, player->name, &came, &wanted);
    else
        note_other(act, player);
    bool is_too_much = is_udp ? player->awaited.count == 0 : is_text && came.length > wanted.length;
    bytes_release(&came);
    bytes_release(&wanted);
    if (is_of_another(act, player))
        find_of_another(act);
    else if (act->hint != NULL)
        act_find(act, VERDICT_FAIL, _("the answer is wrong"), act->hint);
    else if (is_too_much)
        act_find(act, VERDICT_FAIL, _("more came back than was requested"),
                 is_udp ? _("Answer each datagram with one, and only to where it came from.")
                        : _("Send exactly what was received: as many bytes as recv() returned."));
    else
        act_find(act, VERDICT_FAIL, _("the answer is wrong"),
                 _("The reply differs from what was expected: compare them byte by byte."));
}

static bool is_short_of_line_end(const struct player *player, const struct bytes *wanted)
{
    const struct bytes *received = &player->received;
    return wanted->length > 1 && received->length + 1 == wanted->length &&
           bytes_front(wanted)[wanted->length - 1] == '\n' &&
           memcmp(bytes_front(received), bytes_front(wanted), received->length) == 0;
}

static void note_unanswered(struct act *act, const struct player *player,
                            const struct bytes *wanted, bool is_text)
{
    if (player->stream != STREAM_OPEN)
        act_has_seen(act);
    else if (act->latest.ground == GROUND_SEEN)
        act_note_standstill(act);
    if (is_text)
        evidence_note(act->result->evidence, _("%s got %zu of %zu bytes"), player->name,
                      player->received.length, wanted->length);
    else
        note_other(act, player);
    evidence_connection(act->result->evidence, act->encounter, player);
    evidence_tasks(act->result->evidence, act->encounter);
    evidence_end(act->result->evidence, act->encounter); /* its last words: a traceback, perhaps */
}

static void find_unanswered(struct act *act, const struct player *player, const char *who,
                            const char *hint)
{
    struct bytes wanted = {0};
    bool is_text = answers_are_bytes(&player->awaited, &wanted);
    bool lacks_line_end = is_text && is_short_of_line_end(player, &wanted);
    bool lacks_end = player->awaited.count > 0 && player->awaited.all[0].kind == &answer_end;
    note_unanswered(act, player, &wanted, is_text);
    bytes_release(&wanted);
    if (player->transport == TRANSPORT_UDP)
        act_find_no_datagram(act, player, who, hint);
    else if (player->stream == STREAM_RESET)
        act_find(act, VERDICT_FAIL, _("the connection was reset"),
                 _("Closing a socket with unread data aborts the connection: read everything "
                   "first, then just close()."));
    else if (player->stream == STREAM_ENDED)
        act_find(
            act, VERDICT_FAIL, _("the connection was closed before the answer"),
            act->hint != NULL
                ? act->hint
                : _("Answer before closing, and keep the connection until the client leaves."));
    else if (lacks_line_end)
        act_find(act, VERDICT_FAIL, _("the reply has no newline at the end"),
                 _("Everything came back but the line end, and a client that reads lines waits for "
                   "it: send back the line end that strip() removed."));
    else if (lacks_end)
        act_find(act, VERDICT_FAIL, _("the connection is not closed after the answer"),
                 _("The end of the connection is the end of the answer: close the client's socket "
                   "once all is sent."));
    else
        act_find(act, VERDICT_FAIL, who, hint);
}

/*** All of them ***/

void act_compare_answers(struct act *act)
{
    for (size_t i = 0; i < act->encounter->player_count && !act_is_over(act); i++) {
        struct player *player = &act->encounter->players[i];
        look(act, player, true);
        if (player->got == TAKEN_WRONG)
            find_wrong(act, player);
    }
}

static void note_answers(struct act *act)
{
    for (size_t i = 0; i < act->encounter->player_count; i++) {
        struct player *one = &act->encounter->players[i];
        if (one->awaited.taken != one->noted_answers && is_complete(one))
            act_note_deed(act, i, _("is answered"), NULL);
        one->noted_answers = one->awaited.taken;
    }
}

void act_await_answers(struct act *act, const char *who, const char *hint)
{
    act_await_reaction(act, all_are_answered, unanswered_are_queued);
    size_t unanswered = act_is_over(act) ? 0 : count_unanswered(act);
    if (act_is_over(act))
        return;
    if (unanswered > 1)
        evidence_note(act->result->evidence, _("%zu of %zu clients get no answer"), unanswered,
                      act->encounter->player_count);
    act_compare_answers(act);
    for (size_t i = 0; i < act->encounter->player_count; i++)
        if (!is_complete(&act->encounter->players[i]) &&
            act->encounter->players[i].stream != STREAM_OPEN)
            act_rest(act); /* of a server that is about to end this is seen first */
    for (size_t i = 0; i < act->encounter->player_count && !act->is_decided; i++)
        if (!is_complete(&act->encounter->players[i]))
            find_unanswered(act, &act->encounter->players[i], who, hint);
    note_answers(act);
}
