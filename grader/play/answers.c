#include "grader/play/answers.h"

#include "base/language.h"
#include "base/least.h"
#include "grader/play/evidence.h"
#include "text/printable.h"

#include <stdlib.h>
#include <string.h>

static bool is_sink(const struct act *act)
{
    return act->stage->plan->conduct->protocol.kind == PROTOCOL_SINK;
}

/* Each expected line must stand somewhere in the output. */
static bool is_printed(const struct act *act, const struct bytes *expected)
{
    const char *line = bytes_front(expected);
    const char *end = line + expected->length;
    while (line < end) {
        const char *line_end = memchr(line, '\n', (size_t)(end - line));
        size_t count = line_end != NULL ? (size_t)(line_end - line) : (size_t)(end - line);
        if (!bytes_contain(&act->encounter->arena.output, line, count))
            return false;
        line += count + 1;
    }
    return true;
}

bool act_is_answered(const struct act *act, size_t player)
{
    const struct player *one = &act->encounter->players[player];
    if (one->expected.length == 0)
        return true;
    return is_sink(act) ? is_printed(act, &one->expected)
                        : one->received.length >= one->expected.length;
}

static bool unanswered_are_queued(struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++)
        if (!act_is_answered(encounter->play, i) &&
            !encounter_is_queued(encounter, &encounter->players[i]))
            return false;
    return true;
}

static size_t count_unanswered(const struct act *act)
{
    size_t unanswered = 0;
    for (size_t i = 0; i < act->encounter->player_count; i++)
        unanswered += !act_is_answered(act, i);
    return unanswered;
}

static size_t count_answered_bytes(const struct player *player)
{
    return least(player->received.length, player->expected.length);
}

/* Or it is certain that one of them will not be. */
static bool all_are_answered(struct encounter *encounter)
{
    const struct act *act = encounter->play;
    bool is_answered = true;
    size_t answered_bytes = 0;
    for (size_t i = 0; i < encounter->player_count; i++) {
        answered_bytes += count_answered_bytes(&encounter->players[i]);
        if (act_is_answered(act, i))
            continue;
        if (encounter_is_stuck(encounter, &encounter->players[i]))
            return true;
        is_answered = false;
    }
    encounter_note_progress(encounter, answered_bytes);
    return is_answered;
}

/* What came so far is what was expected, and not more. */
static bool is_right(const struct act *act, const struct player *player)
{
    const struct bytes *expected = &player->expected;
    const struct bytes *received = &player->received;
    bool is_owed_nothing = expected->length == 0; /* its words may come back all the same */
    if (is_sink(act) || is_owed_nothing)
        return true;
    return (received->length <= expected->length || player->has_said_stop) &&
           (received->length == 0 || memcmp(bytes_front(received), bytes_front(expected),
                                            least(received->length, expected->length)) == 0);
}

static bool has_flood_of(const struct bytes *received, const struct player *other)
{
    return other->flooded.length > 0 &&
           bytes_contain(received, bytes_front(&other->flooded), other->flooded.length);
}

/* Has the player got what another one sent, and did not send the same? */
static bool is_of_another(const struct act *act, const struct player *player)
{
    const struct bytes received = player_searched(player);
    for (size_t i = 0; i < act->encounter->player_count; i++) {
        const struct player *other = &act->encounter->players[i];
        const struct bytes *said = &other->said;
        if (other != player && has_flood_of(&received, other))
            return true;
        if (other != player && said->length > 0 && said->length <= received.length &&
            bytes_contain(&received, bytes_front(said), said->length) &&
            !bytes_contain(&player->said, bytes_front(said), said->length))
            return true;
    }
    return false;
}

static char *shown(const struct bytes *text)
{
    return bytes_shown(bytes_front(text), text->length, SHOWN_BYTES);
}

static void find_wrong(struct act *act, const struct player *player)
{
    const struct bytes *expected = &player->expected;
    act_has_seen(act);
    evidence_note(act->result->evidence, _("%s got %zu bytes instead of %zu"), player->name,
                  player->received.length, expected->length);
    char *came = shown(&player->received);
    char *wanted = shown(expected);
    evidence_note(act->result->evidence, _("it got \"%s\" instead of \"%s\""), came, wanted);
    free(came);
    free(wanted);
    if (is_of_another(act, player))
        act_find(act, VERDICT_FAIL, _("an answer went to another client"),
                 _("One client got what another sent: each needs its own buffer and socket."));
    else if (act->hint != NULL)
        act_find(act, VERDICT_FAIL, _("the answer is wrong"), act->hint);
    else if (player->received.length > expected->length)
        act_find(act, VERDICT_FAIL, _("more came back than was requested"),
                 _("Send exactly what was received: as many bytes as recv() returned."));
    else
        act_find(act, VERDICT_FAIL, _("the answer is wrong"),
                 _("The reply differs from what was expected: compare them byte by byte."));
}

static bool is_short_of_line_end(const struct act *act, const struct player *player)
{
    const struct bytes *expected = &player->expected;
    const struct bytes *received = &player->received;
    return expected->length > 1 && received->length + 1 == expected->length &&
           is_right(act, player) && bytes_front(expected)[expected->length - 1] == '\n';
}

static void find_unanswered(struct act *act, const struct player *player, const char *who,
                            const char *hint)
{
    const struct bytes *expected = &player->expected;
    if (player->stream != STREAM_OPEN)
        act_has_seen(act);
    else if (act->latest.ground == GROUND_SEEN)
        act_note_standstill(act);
    evidence_note(act->result->evidence, _("%s got %zu of %zu bytes"), player->name,
                  player->received.length, expected->length);
    evidence_connection(act->result->evidence, act->encounter, player);
    evidence_tasks(act->result->evidence, act->encounter);
    evidence_end(act->result->evidence, act->encounter); /* its last words: a traceback, perhaps */
    if (player->stream == STREAM_RESET)
        act_find(act, VERDICT_FAIL, _("the connection was reset"),
                 _("Closing a socket with unread data aborts the connection: read everything "
                   "first, then just close()."));
    else if (player->stream == STREAM_ENDED && player->received.length < expected->length)
        act_find(
            act, VERDICT_FAIL, _("the connection was closed before the answer"),
            act->hint != NULL
                ? act->hint
                : _("Answer before closing, and keep the connection until the client leaves."));
    else if (is_short_of_line_end(act, player))
        act_find(act, VERDICT_FAIL, _("the reply has no newline at the end"),
                 _("Everything came back but the line end, and a client that reads lines waits for "
                   "it: send back the line end that strip() removed."));
    else
        act_find(act, VERDICT_FAIL, who, hint);
}

void act_compare_answers(struct act *act)
{
    for (size_t i = 0; i < act->encounter->player_count && !act_is_over(act); i++)
        if (!is_right(act, &act->encounter->players[i]))
            find_wrong(act, &act->encounter->players[i]);
}

/* Only the end of the output is kept, so a line that was seen is not looked for again. */
static void forget_printed(struct act *act)
{
    if (!is_sink(act))
        return;
    for (size_t i = 0; i < act->encounter->player_count; i++) {
        struct bytes *expected = &act->encounter->players[i].expected;
        bytes_consume(expected, expected->length);
    }
}

static void note_answers(struct act *act)
{
    for (size_t i = 0; i < act->encounter->player_count; i++) {
        struct player *one = &act->encounter->players[i];
        if (one->expected.length != one->noted_bytes && act_is_answered(act, i))
            act_note_deed(act, i, _("is answered"), NULL);
        one->noted_bytes = one->expected.length;
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
        if (!act_is_answered(act, i) && act->encounter->players[i].stream != STREAM_OPEN)
            act_rest(act); /* of a server that is about to end this is seen first */
    for (size_t i = 0; i < act->encounter->player_count && !act->is_decided; i++)
        if (!act_is_answered(act, i))
            find_unanswered(act, &act->encounter->players[i], who, hint);
    note_answers(act);
    if (!act->is_decided)
        forget_printed(act);
}
