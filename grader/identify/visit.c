#include "grader/identify/visit.h"

#include "base/clock.h"
#include "base/language.h"
#include "grader/play/evidence.h"
#include "grader/play/reading.h"

#include <string.h>

/*** Waiting ***/

static bool has_been_served(struct play *play, size_t index)
{
    struct encounter *encounter = &play->encounter;
    struct player *player = &encounter->players[index];
    size_t token_bytes = strlen(play->tokens[index]) - 1; /* without its line end */
    return player->sent_bytes > 0 &&
           (player->received.length > play->received_before[index] ||
            bytes_contain(&encounter->arena.output, play->tokens[index], token_bytes) ||
            encounter_has_read(encounter, player));
}

/* Notes at each look who has been served, as a later one may find the connection gone. */
static bool look(struct encounter *encounter)
{
    struct play *play = encounter->play;
    size_t held = 0;
    for (size_t i = 0; i < PLAYERS; i++) {
        const struct player *player = &encounter->players[i];
        play->is_served[i] = play->is_served[i] || has_been_served(play, i);
        /* The sockets were read before what has come: one closed meanwhile does not count. */
        held += player->fd >= 0 && player->stream == STREAM_OPEN &&
                encounter_is_accepted(encounter, player);
    }
    if (held > play->findings.most_held)
        play->findings.most_held = held;
    return play->awaited(encounter);
}

int play_note(struct play *play, int outcome)
{
    play->has_ended |= outcome == OUTCOME_ENDED;
    play->is_unseen = outcome == OUTCOME_UNSEEN;
    if (outcome == OUTCOME_TIMED_OUT ||
        (play->is_unseen && !encounter_is_stopped(&play->encounter)))
        play->ground = GROUND_CLOCK;
    return outcome;
}

int play_await(struct play *play, encounter_predicate *predicate)
{
    if (play->is_unseen)
        return OUTCOME_UNSEEN; /* waiting again would be in vain */
    play->awaited = predicate;
    return play_note(play, await_reaction(&play->encounter, look, NULL));
}

static bool never(struct encounter *encounter)
{
    (void)encounter;
    return false;
}

int play_await_rest(struct play *play)
{
    if (play->findings.is_restless)
        return OUTCOME_SPINNING;
    int outcome = await_rest(&play->encounter);
    play->has_ended |= outcome == OUTCOME_ENDED;
    play->is_unseen = outcome == OUTCOME_UNSEEN;
    play->findings.is_restless = outcome == OUTCOME_SPINNING;
    play->awaited = never;
    look(&play->encounter);
    return outcome;
}

void play_read_shape(struct shape *shape, const struct encounter *encounter, size_t first,
                     size_t clients)
{
    const struct tcp_row *rows[SHAPE_CLIENTS_MAX];
    encounter_server_rows(encounter, first, clients, rows);
    shape_read(shape, &encounter->settle.current, rows, clients);
}

void play_note_shared(struct play *play, size_t first, size_t count)
{
    struct shared shared;
    const struct tcp_row *rows[PLAYERS];
    encounter_server_rows(&play->encounter, first, count, rows);
    shape_find_shared(&shared, &play->encounter.settle.current, rows, count);
    shared.client += first;
    if (shared.tasks <= play->findings.shared.tasks)
        return;
    play->findings.shared = shared;
    evidence_tasks(play->because, &play->encounter);
}

/*** Coming and going ***/

/* At rest, too: a server that ends with its last client closes that connection first. */
static bool visitors_are(struct encounter *encounter, bool accepted)
{
    const struct play *play = encounter->play;
    bool may_rest = play->findings.is_restless || encounter_is_resting(encounter);
    for (size_t i = play->visit; i < play->visit + VISIT; i++) {
        const struct player *player = &encounter->players[i];
        bool is_late = accepted && encounter_is_deferred(encounter, player);
        may_rest |= is_late && encounter->settle.is_at_rest; /* the handshake is still under way */
        if (!is_late && encounter_is_accepted(encounter, player) != accepted)
            return false;
    }
    return may_rest;
}

static bool visitors_are_accepted(struct encounter *encounter)
{
    return visitors_are(encounter, true);
}

bool play_visitors_have_gone(struct encounter *encounter)
{
    return visitors_are(encounter, false);
}

static bool newcomer_is_accepted(struct encounter *encounter)
{
    const struct play *play = encounter->play;
    return encounter_is_accepted(encounter, &encounter->players[play->newcomer]);
}

/* Accepted, or passed over as the server sleeps again. */
static bool newcomer_is_received(struct encounter *encounter)
{
    const struct play *play = encounter->play;
    return newcomer_is_accepted(encounter) || encounter_is_resting(encounter) ||
           encounter_is_deferred(encounter, &encounter->players[play->newcomer]);
}

/* 0 or -errno; that the player is refused is not an error of ours. */
static int connect_player(struct play *play, size_t index)
{
    struct encounter *encounter = &play->encounter;
    struct player *player = &encounter->players[index];
    int error = player_connect(player, &encounter->arena, &encounter->server);
    if (error < 0 && player_was_refused(error)) {
        player_give_up(player);
        return 0;
    }
    return error;
}

int play_connect(struct play *play, size_t first, size_t count, size_t waiting_max)
{
    bool has_room = encounter_queue_room(&play->encounter) >= count;
    size_t waiting = 0; /* once one is passed over, those who follow wait behind it */
    size_t come = 0;
    while (come < count && waiting < waiting_max) {
        play->newcomer = first + come++;
        int outcome = connect_player(play, play->newcomer);
        bool is_seen = waiting == 0 || !has_room;
        if (outcome == 0 && is_seen && !play->findings.is_restless)
            outcome = play_await(play, newcomer_is_received);
        if (outcome < 0)
            return outcome;
        waiting += !is_seen || !newcomer_is_accepted(&play->encounter);
    }
    return (int)come;
}

void play_leave(struct play *play, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        player_leave(&play->encounter.players[i]);
}

/*** Speaking ***/

int play_say(struct play *play, size_t index)
{
    struct player *player = &play->encounter.players[index];
    play->received_before[index] = player->received.length;
    const char *token = play->tokens[index];
    int error = player->fd >= 0 ? player_say_bytes(player, token, strlen(token)) : 0;
    return error < 0 && !player_was_refused(error) ? error : 0;
}

static bool speaker_is_served(struct encounter *encounter)
{
    const struct play *play = encounter->play;
    return play->is_served[play->speaker];
}

#define KNOWN_NS (500 * NS_PER_MS)

/* OUTCOME_SEEN: served; another outcome: not; or -errno. */
static int speak(struct play *play, size_t index)
{
    struct encounter *encounter = &play->encounter;
    struct task_list before = {0};
    task_list_read(&before, encounter->arena.keeper);
    play->speaker = index;
    int outcome = play_say(play, index);
    /* Who was not accepted within the window need not be waited for so long again. */
    if (play->was_left_waiting && !encounter_is_accepted(encounter, &encounter->players[index]))
        encounter->within_ns = KNOWN_NS;
    if (outcome == 0)
        outcome = play_await(play, speaker_is_served);
    encounter->within_ns = 0;
    if (outcome == OUTCOME_SEEN && play_await_rest(play) == OUTCOME_SEEN)
        workers_note(&play->workers, &encounter->settle.current, &play->findings.first.silent,
                     &before);
    task_list_release(&before);
    return outcome;
}

/* A task that works before it receives sleeps in another call until then. */
static bool visitors_are_waited_for(struct encounter *encounter)
{
    const struct play *play = encounter->play;
    if (!encounter_is_resting(encounter))
        return false;
    struct shape shape;
    play_read_shape(&shape, encounter, play->visit, VISIT);
    return shape.accepted < VISIT || shape_is_telling(&shape);
}

/* All have spoken: who has been served since, though nobody has left? Who waits for them now? */
static int look_back(struct play *play, struct visited *visited)
{
    struct encounter *encounter = &play->encounter;
    int outcome = 0;
    enum ground ground = play->ground; /* nothing is concluded if they are not waited for */
    if (!play->has_ended && !play->findings.is_restless)
        outcome = play_await(play, visitors_are_waited_for);
    play->ground = ground;
    if (outcome < 0)
        return outcome;
    play_read_shape(&visited->spoken, encounter, play->visit, VISIT);
    play_note_shared(play, play->visit, VISIT);
    struct bytes late = {0};
    for (size_t i = 0; i < VISIT; i++) {
        size_t index = play->visit + i;
        visited->closed += encounter->players[index].stream != STREAM_OPEN;
        if (!play->is_served[index] || visited->is_served[i])
            continue;
        visited->late++;
        bytes_print(&late, "%s%zu", late.length > 0 ? ", " : "", index + 1);
    }
    if (late.length > 0)
        evidence_note(play->because, _("after the others had spoken: client %.*s served"),
                      (int)late.length, bytes_front(&late));
    bytes_release(&late);
    return 0;
}

static int let_them_speak(struct play *play, bool backwards, struct visited *visited)
{
    struct bytes order = {0};
    int outcome = 0;
    for (size_t i = 0; i < VISIT && outcome >= 0 && !play->has_ended; i++) {
        size_t place = backwards ? VISIT - 1 - i : i;
        outcome = speak(play, play->visit + place);
        visited->is_served[place] = outcome == OUTCOME_SEEN;
        visited->served += visited->is_served[place];
        visited->last = play->visit + place;
        bytes_append(&order, ", ", i > 0 ? strlen(", ") : 0);
        bytes_print(&order, visited->is_served[place] ? _("%zu served") : _("%zu not"),
                    play->visit + place + 1);
    }
    evidence_note(play->because, _("they spoke one after the other: client %.*s"),
                  (int)order.length, order.length > 0 ? bytes_front(&order) : "");
    bytes_release(&order);
    return outcome < 0 ? outcome : look_back(play, visited);
}

static void note_visit(struct play *play, const struct shape *shape)
{
    json_t *because = play->because;
    evidence_note(because, _("with three silent clients: %zu accepted; %zu processes, %zu threads"),
                  shape->accepted, shape->processes, shape->tasks);
    for (size_t i = play->visit; i < play->visit + VISIT; i++)
        evidence_connection(because, &play->encounter, &play->encounter.players[i]);
    evidence_tasks(because, &play->encounter);
}

int play_visit(struct play *play, size_t first, bool backwards, struct visited *visited)
{
    struct encounter *encounter = &play->encounter;
    play->visit = first;
    int outcome = play_connect(play, first, VISIT, VISIT);
    if (outcome >= 0)
        outcome = play_await(play, visitors_are_accepted);
    if (outcome < 0)
        return outcome;
    play->findings.is_restless |= outcome == OUTCOME_SPINNING;
    play->was_left_waiting = outcome == OUTCOME_TIMED_OUT;
    play_read_shape(&visited->silent, encounter, first, VISIT);
    play_note_shared(play, first, VISIT);
    if (first == 0) {
        process_program(visited->silent.holds[0].owner, play->findings.program);
        note_visit(play, &visited->silent);
    }
    return let_them_speak(play, backwards, visited);
}
