/* Theory of operation: conversations are drawn and played on the reference and on the
 * submission, on programs that stay; several at once as soon as the submission was seen to serve
 * several clients. Those that part are played one by one from there on, as they may have got
 * into each other's way; so what is found does not depend on how many were played at once. Where
 * the two part, the conversation is shrunk by playing shorter ones; the shortest is then played
 * on both, started afresh, and only what is seen there is found. The reference plays it twice,
 * with all the time it may want: if it does not answer alike both times, nobody can, and the
 * assignment is wrong.
 *
 * What does not show on programs started afresh may follow from all that was said before; then
 * that is played again, too. If even that does not show it, it was chance, and the search goes
 * on.
 */
#include "grader/oracle/answers_like.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/least.h"
#include "base/memory.h"
#include "grader/assignment/assignment.h"
#include "grader/oracle/duet.h"
#include "grader/oracle/reference.h"
#include "grader/oracle/shrink.h"
#include "grader/play/evidence.h"
#include "text/printable.h"

#include <ctype.h>
#include <stdlib.h>

#define RUNS_USUAL    50
#define AT_ONCE_USUAL 3

/* Of all conversations that are played at once, together: the most that an assignment may say. */
#define CLIENTS_TOGETHER 16

/* Where nothing differs, it is not looked for any longer than this; nor for shorter ones. */
#define LOOKING_NS   (20 * NS_PER_S)
#define SHRINKING_NS (15 * NS_PER_S)
#define TRIES_MAX    250

/* While it is shrunk, what does not come by then does not come: what is left is played again. */
#define TRIAL_NS (1 * NS_PER_S)

struct search {
    struct act *act;
    struct duet duet;
    unsigned runs;
    unsigned number;            /* of the conversation under way, from 1 */
    struct token_source source; /* as it was before that was drawn */
    bool may_be_several;        /* at once, as one of several clients was answered alike */
    bool is_one_by_one;         /* as some have parted */
    unsigned tries;
    int64_t end_ns; /* of shrinking */
};

/*** What is shown ***/

static bool is_blank(const struct bytes *said)
{
    for (size_t i = 0; i < said->length; i++)
        if (!isspace((unsigned char)bytes_front(said)[i]))
            return false;
    return true;
}

static bool has_blank(const struct conversation *conversation)
{
    for (size_t i = 0; i < conversation->piece_count; i++)
        if (is_blank(&conversation->messages[conversation->pieces[i].message].said))
            return true;
    return false;
}

/* What could be left out of the conversation was: what is left is what it is about. */
static const char *hint_for(const struct conversation *conversation)
{
    bool has_cut = false, is_glued = false;
    for (size_t i = 0; i < conversation->piece_count; i++) {
        has_cut |= conversation->pieces[i].cut > 0;
        is_glued |= conversation->pieces[i].is_glued;
    }
    if (conversation_clients(conversation) > 1)
        return _("Another client's words change what this one gets: what belongs to one client "
                 "must not be kept where all share it.");
    if (has_cut)
        return _("A message may come in pieces: keep what has come until the rest is there.");
    if (is_glued)
        return _("Several messages may come in one piece: take them apart, and answer each.");
    if (has_blank(conversation))
        return _("An empty line is a message too: see what the reference makes of it.");
    if (conversation->piece_count > 1)
        return _("What was said before changes the answer: look at what your program keeps from "
                 "one message to the next.");
    return _("Send just this to your program, with nc for example, and follow what becomes of it.");
}

static void note_step(json_t *evidence, const struct conversation *conversation, size_t at,
                      size_t number, const struct move *move)
{
    const struct piece *piece = &conversation->pieces[at];
    bool is_packet = at + 1 < conversation->piece_count && piece[1].is_glued;
    char *shown = bytes_shown(bytes_front(&move->said), move->said.length, SHOWN_BYTES);
    evidence_note(evidence,
                  is_packet         ? _("step %zu: client %zu says, in one piece: \"%s\"")
                  : piece->cut == 0 ? _("step %zu: client %zu says \"%s\"")
                  : piece->is_rest  ? _("step %zu: client %zu says the rest of it: \"%s\"")
                                    : _("step %zu: client %zu says a part of a message: \"%s\""),
                  number, move->client + 1, shown);
    free(shown);
}

static void note_conversation(json_t *evidence, const struct conversation *conversation)
{
    struct move move;
    size_t number = 1;
    for (size_t at = 0, begin = 0; conversation_move(conversation, &at, &move); begin = at) {
        note_step(evidence, conversation, begin, number++, &move);
        bytes_release(&move.said);
    }
}

/* What became of it in the play that decides. `hint`: NULL for that of the conversation. */
static void find(struct search *search, const struct conversation *conversation,
                 const struct recording *recording, const struct outcome_of_duet *outcome,
                 const char *hint)
{
    struct act *act = search->act;
    json_t *evidence = act->result->evidence;
    size_t place = search->duet.step * recording->clients + outcome->client;
    evidence_note(evidence, _("in conversation %u of %u"), search->number, search->runs);
    note_conversation(evidence, conversation);
    act->result->is_afresh = true;
    if (act_is_over(act))
        return;
    const struct player *player = &act->encounter->players[outcome->client];
    const struct got *wanted = &recording->after[place];
    bool ends_too_soon = player->stream != STREAM_OPEN && !wanted->has_ended;
    likeness_note(&search->duet.likeness, evidence, player, wanted);
    act_find(act, VERDICT_FAIL, _("it answers otherwise than the reference"),
             hint != NULL    ? hint
             : ends_too_soon ? _("The connection stays open after this: go on reading, and close "
                                 "it when the client does.")
                             : hint_for(conversation));
}

/*** Deciding ***/

/* The recording of a reference that was just started, twice. Negative: act->error is set. */
static int record_twice(struct search *search, const struct conversation *conversation,
                        struct recording *recording)
{
    struct recording again = {.after = NULL};
    struct duet *duet = &search->duet;
    bool before = duet->waits;
    duet->waits = true;
    int error = duet_record(duet, conversation, recording);
    if (error == 0) {
        reference_close(search->act);
        error = duet_record(duet, conversation, &again);
    }
    if (error == 0 && !recording_is_same(&duet->likeness, recording, &again)) {
        struct bytes said = {0};
        json_t *steps = json_array();
        note_conversation(steps, conversation);
        for (size_t i = 0; i < json_array_size(steps); i++)
            bytes_print(&said, "; %s",
                        json_string_value(json_object_get(json_array_get(steps, i), "text")));
        char *text = bytes_take_text(&said);
        reference_blame(search->act, _("two runs of the reference differ%s"), text);
        free(text);
        json_decref(steps);
        error = -1;
    }
    duet->waits = before;
    recording_release(&again);
    return error;
}

/* Played afresh by the check itself: true if it shows, or if the search is over. */
static bool is_confirmed(struct search *search, const struct conversation *conversation)
{
    struct recording recording;
    if (duet_begin_afresh(&search->duet) < 0)
        return true;
    if (record_twice(search, conversation, &recording) == 0) {
        const struct outcome_of_duet outcome =
            duet_compare(&search->duet, search->act, conversation, &recording);
        if (outcome.is_unlike)
            find(search, conversation, &recording, &outcome, NULL);
    }
    recording_release(&recording);
    return act_is_over(search->act);
}

/*** Shrinking ***/

static bool still_differs(void *context, const struct conversation *conversation)
{
    struct search *search = context;
    if (act_is_over(search->act) || search->tries >= TRIES_MAX || clock_now_ns() > search->end_ns)
        return false;
    search->tries++;
    search->act->encounter->within_ns = TRIAL_NS;
    bool is_unlike = duet_try(&search->duet, conversation, 1) > 0;
    search->act->encounter->within_ns = 0;
    return is_unlike;
}

static void draw(const struct search *search, struct conversation *conversation,
                 struct token_source *source)
{
    const struct assigned_check *assigned = search->act->assigned;
    size_t clients = assigned->at_once > 0 ? assigned->at_once : AT_ONCE_USUAL;
    const struct sayings says = {.texts = assigned->says,
                                 .count = assigned->says_count,
                                 .values = search->act->stage->plan->values};
    conversation_draw(conversation, &says, clients, source);
}

/* If what is left does not show it afresh, the whole may. */
static void shrink_and_find(struct search *search, struct conversation *conversation)
{
    struct token_source source = search->source;
    search->tries = 0;
    search->end_ns = clock_now_ns() + SHRINKING_NS;
    if (duet_begin_afresh(&search->duet) < 0)
        return;
    if (still_differs(search, conversation))
        conversation_shrink(conversation, still_differs, search);
    if (act_is_over(search->act) || is_confirmed(search, conversation))
        return;
    conversation_release(conversation);
    draw(search, conversation, &source);
    is_confirmed(search, conversation);
}

/*** Looking ***/

/* All that was said up to the one under way, which is then played by the check itself. */
static void repeat_all(struct search *search)
{
    struct token_source source = search->act->stage->tokens;
    struct conversation conversation;
    struct recording recording;
    int outcome = duet_begin_afresh(&search->duet);
    for (unsigned i = 1; i < search->number && outcome == 0; i++) {
        draw(search, &conversation, &source);
        outcome = duet_try(&search->duet, &conversation, 1);
        conversation_release(&conversation);
    }
    if (outcome != 0)
        return;
    draw(search, &conversation, &source);
    if (duet_record(&search->duet, &conversation, &recording) == 0) {
        const struct outcome_of_duet told =
            duet_compare(&search->duet, search->act, &conversation, &recording);
        if (told.is_unlike) {
            evidence_note(search->act->result->evidence,
                          _("only after the %u conversations before it"), search->number - 1);
            find(search, &conversation, &recording, &told,
                 _("What earlier clients have said changes the answer: look at what your program "
                   "keeps when a client has left."));
        }
    }
    recording_release(&recording);
    conversation_release(&conversation);
}

/* What is seen once may be chance: then the reference is given more time. */
static void follow(struct search *search, struct conversation *conversation)
{
    shrink_and_find(search, conversation);
    if (!act_is_over(search->act))
        repeat_all(search);
    search->duet.waits = true;
}

/* Those that are played next, at least one; `source` moves on. */
static size_t draw_some(const struct search *search, struct conversation *conversations,
                        struct token_source *source)
{
    size_t count = 0, clients = 0;
    size_t most = search->may_be_several && !search->is_one_by_one
                      ? least(search->runs - search->number + 1, CONVERSATIONS_MAX)
                      : 1;
    for (; count < most; count++) {
        struct token_source before = *source;
        draw(search, &conversations[count], source);
        clients += conversation_clients(&conversations[count]);
        if (count == 0 || clients <= CLIENTS_TOGETHER)
            continue;
        conversation_release(&conversations[count]);
        *source = before;
        break;
    }
    return count;
}

/* Plays the next ones from search->source on, and moves on. */
static void look_at_some(struct search *search)
{
    struct conversation *conversations = allocate(CONVERSATIONS_MAX, sizeof *conversations);
    struct token_source source = search->source;
    size_t count = draw_some(search, conversations, &source);
    int outcome = duet_try(&search->duet, conversations, count);
    search->may_be_several |= outcome == 0 && conversation_clients(conversations) > 1;
    if (outcome > 0 && count > 1)
        search->is_one_by_one = true;
    else {
        if (outcome > 0)
            follow(search, conversations);
        search->number += (unsigned)count;
        search->source = source;
    }
    for (size_t i = 0; i < count; i++)
        conversation_release(&conversations[i]);
    free(conversations);
}

static void look(struct search *search)
{
    struct act *act = search->act;
    int64_t end_ns = clock_now_ns() + LOOKING_NS;
    search->source = act->stage->tokens; /* it draws the same when it is played again */
    for (search->number = 1; search->number <= search->runs && !act_is_over(act);) {
        if (clock_now_ns() > end_ns) {
            evidence_note(act->result->evidence, _("only %u of %u conversations were played"),
                          search->number - 1, search->runs);
            return;
        }
        look_at_some(search);
    }
}

void play_answers_like(struct act *act)
{
    const struct assigned_check *assigned = act->assigned;
    if (assigned == NULL || act->stage->plan->reference == NULL) {
        act_find(act, VERDICT_SKIPPED, _("not played: no assignment has a reference here"), NULL);
        return;
    }
    struct search search = {
        .act = act, .duet = {.act = act}, .runs = assigned->runs > 0 ? assigned->runs : RUNS_USUAL};
    likeness_init(&search.duet.likeness, assigned->ignoring, assigned->ignoring_count);
    look(&search);
    act_find(act, VERDICT_PASS, _("answered like the reference"), NULL);
    likeness_release(&search.duet.likeness);
    act->duet = NULL;
}
