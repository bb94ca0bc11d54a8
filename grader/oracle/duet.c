#include "grader/oracle/duet.h"

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
        struct got *got = &recording->after[step * recording->clients + i];
        bytes_append(&got->bytes, bytes_front(&player->received), player->received.length);
        got->has_ended = player->stream != STREAM_OPEN;
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
        bytes_release(&recording->after[i].bytes);
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
    return likeness_compare(&duet->likeness, &encounter->players[client],
                            &recording->after[duet->step * recording->clients + client]);
}

/* A predicate: all have got what the reference's clients have, and nothing more is under way; or
 * one has got something else. */
static bool is_clear(struct encounter *encounter)
{
    const struct act *act = encounter->play;
    bool is_complete = true;
    act->duet->may_go_on =
        act->duet->is_hasty && act->duet->step + 1 < act->duet->recording->steps &&
        encounter->players[act->duet->client].received.length > act->duet->received_bytes;
    for (size_t i = 0; i < encounter->player_count; i++) {
        enum alikeness alikeness = compare(act->duet, encounter, i);
        if (alikeness == UNLIKE)
            return true;
        is_complete &= alikeness == ALIKE;
    }
    return is_complete &&
           (act->duet->may_go_on || encounter_is_resting(encounter) || encounter->is_restless);
}

/* The first client that is not answered alike. */
static struct outcome_of_duet judge(const struct duet *duet, const struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++)
        if (compare(duet, encounter, i) != ALIKE)
            return (struct outcome_of_duet){.is_unlike = true, .client = i};
    return (struct outcome_of_duet){.is_unlike = false};
}

static struct outcome_of_duet play(struct duet *duet, struct act *act,
                                   const struct conversation *conversation)
{
    struct move move;
    struct outcome_of_duet outcome = {.is_unlike = false};
    duet->step = 0;
    act_connect_many(act, 0, duet->recording->clients);
    for (size_t at = 0;
         !outcome.is_unlike && !act_is_over(act) && conversation_move(conversation, &at, &move);
         duet->step++) {
        duet->client = move.client;
        duet->received_bytes = act->encounter->players[move.client].received.length;
        say(act, &move);
        bytes_release(&move.said);
        if (!act_await_reaction(act, is_clear, NULL) && act_is_over(act))
            break;
        outcome = judge(duet, act->encounter);
        if (outcome.is_unlike)
            break;
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
    if (!outcome.is_unlike) /* who has ended of it is found by the next one */
        dismiss_clients(act, !duet->is_hasty);
    outcome.is_unlike |= act->is_decided; /* it may have ended with its clients */
    act->encounter->play = before;
    return outcome;
}

/*** Both ***/

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

int duet_try(struct duet *duet, const struct conversation *conversation)
{
    struct act *act = duet->act;
    struct recording recording;
    struct check_result result = {.evidence = json_array()};
    struct act trial = {.stage = act->stage,
                        .encounter = act->encounter,
                        .result = &result,
                        .assigned = act->assigned};
    struct waits *waits = act->encounter->waits;
    int outcome = duet_record(duet, conversation, &recording);
    act->encounter->waits = NULL;
    duet->is_hasty = true;
    if (outcome == 0)
        outcome = duet_compare(duet, &trial, conversation, &recording).is_unlike;
    act->encounter->waits = waits;
    duet->is_hasty = false;
    recording_release(&recording);
    if (outcome >= 0 && trial.error < 0)
        outcome = act->error = trial.error;
    if (outcome > 0 && trial.is_decided && duet_begin_afresh(duet) < 0)
        outcome = -1;
    check_result_release(&result);
    return outcome;
}
