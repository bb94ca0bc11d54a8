/* Theory of operation: what takes time is to wait for rest, which is seen by two looks that lie
 * some milliseconds apart, however much or little is said. So where something is only tried,
 * both are spoken to and rest at the same time, and several conversations take their next steps
 * together. A step must be over before the next one: bytes that lie unread would be read as one
 * piece.
 *
 * What decides is played on one after the other, with the time that it needs.
 */
#include "grader/oracle/duet.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/oracle/reference.h"
#include "grader/play/acts.h"
#include "grader/play/restarts.h"

#include <stdlib.h>

/*** Saying ***/

static void say(struct act *act, const struct move *move)
{
    act_say_silently(act, move->client, bytes_front(&move->said), move->said.length);
}

/* The clients go. `is_awaited`: until the program has seen it, and may have ended of it. */
static void dismiss_clients(struct act *act, bool is_awaited)
{
    struct encounter *encounter = act->encounter;
    for (size_t i = 0; i < encounter->player_count; i++)
        player_leave(&encounter->players[i]);
    if (encounter->player_count > 0 && is_awaited)
        act_rest(act);
    encounter_cast(encounter, 0);
}

/*** The reference ***/

static void note_all(struct recording *recording, const struct encounter *encounter, size_t step)
{
    for (size_t i = 0; i < recording->clients; i++) {
        const struct player *player = &encounter->players[i];
        got_note(&recording->after[step * recording->clients + i], encounter, player);
    }
}

static void record(struct act *act, const struct conversation *conversation, bool waits,
                   struct recording *recording)
{
    struct move move;
    act_connect_many(act, 0, recording->clients);
    for (size_t at = 0, step = 0; conversation_move(conversation, &at, &move); step++) {
        say(act, &move);
        bytes_release(&move.said);
        if (waits)
            act_settle(act);
        else
            act_rest(act);
        note_all(recording, act->encounter, step);
    }
}

int duet_record(struct duet *duet, const struct conversation *conversation,
                struct recording *recording)
{
    struct reference reference;
    size_t clients = conversation_clients(conversation);
    size_t steps = conversation_length(conversation);
    *recording = (struct recording){.after = allocate(steps * clients, sizeof *recording->after),
                                    .steps = steps,
                                    .clients = clients};
    if (reference_enter(&reference, duet->act, clients)) {
        record(&reference.act, conversation, duet->waits, recording);
        encounter_cast(reference.act.encounter, 0); /* it sees that while the other one plays */
    }
    return reference_leave(&reference, duet->act) ? 0 : -1;
}

void recording_release(struct recording *recording)
{
    for (size_t i = 0; i < recording->steps * recording->clients; i++)
        got_release(&recording->after[i]);
    free(recording->after);
    *recording = (struct recording){.after = NULL};
}

bool recording_is_same(const struct likeness *likeness, const struct recording *one,
                       const struct recording *other)
{
    bool is_same = one->steps == other->steps && one->clients == other->clients;
    for (size_t i = 0; i < one->steps * one->clients && is_same; i++)
        is_same = likeness_is_same(likeness, &one->after[i], &other->after[i]);
    return is_same;
}

/*** The submission ***/

static enum alikeness compare(const struct duet *duet, const struct encounter *encounter,
                              size_t client)
{
    const struct recording *recording = duet->recording;
    return likeness_compare(&duet->likeness, encounter, &encounter->players[client],
                            &recording->after[duet->step * recording->clients + client]);
}

/* A predicate: all have got what the reference's clients have, and nothing more is under way; or
 * one has got something else. */
static bool is_clear(struct encounter *encounter)
{
    const struct act *act = encounter->play;
    bool is_complete = true;
    for (size_t i = 0; i < encounter->player_count; i++) {
        enum alikeness alikeness = compare(act->duet, encounter, i);
        if (alikeness == UNLIKE)
            return true;
        is_complete &= alikeness == ALIKE;
    }
    return is_complete && (encounter_is_resting(encounter) || encounter->is_restless);
}

/* The first client that is not answered alike. */
static struct outcome_of_duet judge(const struct duet *duet, const struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++)
        if (compare(duet, encounter, i) != ALIKE)
            return (struct outcome_of_duet){.is_unlike = true, .client = i};
    return (struct outcome_of_duet){.is_unlike = false};
}

/* To rest is not to be done where a task sleeps for a while: what it adds then is too much, and
 * must come before the clients leave. */
#define LATE_NS (300 * NS_PER_MS)

static bool is_unlike(struct encounter *encounter)
{
    const struct act *act = encounter->play;
    return judge(act->duet, encounter).is_unlike;
}

static void await_late(struct act *act)
{
    struct encounter *encounter = act->encounter;
    int64_t before_ns = encounter->within_ns;
    int64_t nap_ns = settle_longest_nap_ns(&encounter->settle, LATE_NS);
    if (nap_ns == 0 || act_is_over(act))
        return;
    encounter->within_ns = nap_ns + nap_ns / 4;
    act_go_on(act, await_silence(encounter, is_unlike));
    encounter->within_ns = before_ns;
}

static struct outcome_of_duet play(struct duet *duet, struct act *act,
                                   const struct conversation *conversation)
{
    struct move move;
    struct outcome_of_duet outcome = {.is_unlike = false};
    act_connect_many(act, 0, duet->recording->clients);
    for (size_t at = 0, step = 0;
         !outcome.is_unlike && !act_is_over(act) && conversation_move(conversation, &at, &move);
         step++) {
        duet->step = step;
        say(act, &move);
        bytes_release(&move.said);
        if (!act_await_reaction(act, is_clear, NULL) && act_is_over(act))
            break;
        if (step + 1 == duet->recording->steps)
            await_late(act);
        outcome = judge(duet, act->encounter);
    }
    return outcome;
}

struct outcome_of_duet duet_compare(struct duet *duet, struct act *act,
                                    const struct conversation *conversation,
                                    const struct recording *recording)
{
    void *before = act->encounter->play;
    duet->recording = recording;
    act->duet = duet;
    act->encounter->play = act;
    dismiss_clients(act, true);
    encounter_cast(act->encounter, recording->clients);
    struct outcome_of_duet outcome = play(duet, act, conversation);
    if (!outcome.is_unlike)
        dismiss_clients(act, true);
    outcome.is_unlike |= act->is_decided; /* it may have ended with its clients */
    act->encounter->play = before;
    return outcome;
}

/*** Both ***/

/* Several conversations under way on both. */
struct together {
    struct duet *duet;
    struct act *reference;
    struct act *own;
    const struct conversation *conversations;
    size_t count;
    size_t clients;               /* of all */
    size_t at[CONVERSATIONS_MAX]; /* the next piece of each */
};

static void rest_both(const struct together *together)
{
    struct act *reference = together->reference;
    struct act *own = together->own;
    struct encounter *const both[] = {reference->encounter, own->encounter};
    int outcomes[2];
    await_rest_of_both(both, outcomes);
    act_go_on(reference, outcomes[0]);
    act_go_on(own, outcomes[1]);
    if (together->duet->waits)
        act_settle(reference);
}

/* The next step of each, to both; false: none has one. */
static bool say_all(struct together *together)
{
    size_t first = 0;
    bool has_any = false;
    if (act_is_over(together->reference) || act_is_over(together->own))
        return false;
    for (size_t i = 0; i < together->count; i++) {
        struct move move;
        if (conversation_move(&together->conversations[i], &together->at[i], &move)) {
            move.client += first;
            say(together->reference, &move);
            say(together->own, &move);
            bytes_release(&move.said);
            has_any = true;
        }
        first += conversation_clients(&together->conversations[i]);
    }
    return has_any;
}

/* Has the submission answered otherwise than the reference has? Where less has come, more may. */
static bool has_parted(const struct together *together, struct recording *recording, bool is_last)
{
    struct act *own = together->own;
    for (size_t i = 0; i < recording->clients; i++)
        got_release(&recording->after[i]);
    note_all(recording, together->reference->encounter, 0);
    if (act_is_over(own) || act_is_over(together->reference))
        return act_is_over(own);
    if (is_last)
        await_late(own);
    if (judge(together->duet, own->encounter).is_unlike)
        act_await_reaction(own, is_clear, NULL);
    return act_is_over(own) || judge(together->duet, own->encounter).is_unlike;
}

static bool play_together(struct together *together, struct recording *recording)
{
    bool is_unlike = false;
    size_t last = 0;
    for (size_t i = 0; i < together->count; i++) {
        size_t length = conversation_length(&together->conversations[i]);
        last = length > last ? length : last;
    }
    act_connect_many(together->reference, 0, together->clients);
    act_connect_many(together->own, 0, together->clients);
    for (size_t step = 1; !is_unlike && say_all(together); step++) {
        rest_both(together);
        is_unlike = has_parted(together, recording, step == last);
    }
    return is_unlike || together->own->is_decided;
}

/* `trial`: on the same encounter as the check's own. */
static int try_on(struct duet *duet, struct act *trial, const struct conversation *conversations,
                  size_t count)
{
    struct reference reference;
    struct act *act = duet->act;
    struct together together = {
        .duet = duet, .own = trial, .conversations = conversations, .count = count};
    bool is_unlike = false;
    for (size_t i = 0; i < count; i++)
        together.clients += conversation_clients(&conversations[i]);
    struct recording recording = {
        .after = allocate(together.clients, sizeof *recording.after),
        .steps = 1,
        .clients = together.clients,
    };
    duet->recording = &recording;
    duet->step = 0;
    encounter_cast(act->encounter, together.clients);
    act->encounter->play = trial;
    trial->duet = duet;
    if (reference_enter(&reference, act, together.clients)) {
        together.reference = &reference.act;
        is_unlike = play_together(&together, &recording);
        encounter_cast(reference.act.encounter, 0); /* it sees that while it plays on */
    }
    dismiss_clients(trial, false); /* who has ended of it is found by the next one */
    duet->recording = NULL;
    recording_release(&recording);
    act->encounter->play = act;
    return reference_leave(&reference, act) ? is_unlike : -1;
}

int duet_try(struct duet *duet, const struct conversation *conversations, size_t count)
{
    struct act *act = duet->act;
    struct check_result result = {.evidence = json_array()};
    struct act trial = {.stage = act->stage,
                        .encounter = act->encounter,
                        .result = &result,
                        .assigned = act->assigned};
    struct waits *waits = act->encounter->waits;
    act->encounter->waits = NULL;
    int outcome = try_on(duet, &trial, conversations, count);
    act->encounter->waits = waits;
    if (outcome >= 0 && trial.error < 0)
        outcome = act->error = trial.error;
    if (outcome > 0 && trial.is_decided && duet_begin_afresh(duet) < 0)
        outcome = -1;
    check_result_release(&result);
    return outcome;
}

int duet_begin_afresh(struct duet *duet)
{
    struct act *act = duet->act;
    struct stage *stage = act->stage;
    struct waits *waits = act->encounter->waits;
    reference_close(act);
    stage_close(stage);
    int outcome = stage_enter(stage, 0);
    act->encounter->waits = waits;
    act->encounter->play = act;
    if (outcome < 0)
        act->error = outcome;
    else if (outcome != OUTCOME_SEEN)
        act_find_no_restart(act, outcome);
    return act_is_over(act) ? -1 : 0;
}
