/* Theory of operation: nothing here waits for time to pass. Each step ends when what it looks for
 * is seen, or when the submission has come to rest without it; a submission that never rests is
 * spinning, and that is a finding too.
 */
#include "grader/identify/identify.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/arena/arena_open.h"
#include "grader/identify/model_of.h"
#include "grader/identify/workers.h"
#include "grader/play/await.h"
#include "grader/play/evidence.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define VISIT   ((size_t)3)  /* clients of a visit */
#define CROWD   ((size_t)30) /* further clients, enough to fill most pools */
#define PLAYERS (2 * VISIT + CROWD)

struct play {
    struct encounter encounter;
    struct identification *result;
    struct findings findings;
    char tokens[PLAYERS][TOKEN_BYTES];
    size_t received_before[PLAYERS]; /* speaking: what it had received by then */
    size_t speaker;                  /* the player that is to be served */
    size_t visit;                    /* the first player of the visit under way */
    struct workers workers;
    bool is_unseen; /* a task is stopped, or cannot be inspected */
};

#define SPUN   N_("when they left, it spun and kept their connections: no other client got in")
#define UNSEEN N_("unknown: a process of it is stopped or hides from inspection")

/* Notes if only the clock has ended a wait. */
static int note(struct play *play, int outcome)
{
    play->is_unseen = outcome == OUTCOME_UNSEEN;
    if (outcome == OUTCOME_TIMED_OUT ||
        (play->is_unseen && !encounter_is_stopped(&play->encounter)))
        play->result->ground = GROUND_CLOCK;
    return outcome;
}

/* Waits for a reaction. An outcome or -errno. */
static int await(struct play *play, encounter_predicate *predicate)
{
    if (play->is_unseen)
        return OUTCOME_UNSEEN; /* waiting again would be in vain */
    return note(play, await_reaction(&play->encounter, predicate, NULL));
}

/* Until the server rests, unless it never does. An outcome or -errno. */
static int rest(struct play *play)
{
    if (play->findings.is_restless)
        return OUTCOME_SPINNING;
    int outcome = await_rest(&play->encounter);
    play->is_unseen = outcome == OUTCOME_UNSEEN;
    play->findings.is_restless = outcome == OUTCOME_SPINNING;
    return outcome;
}

/*** Speaking ***/

static bool has_been_served(const struct encounter *encounter, size_t index)
{
    const struct play *play = encounter->play;
    const struct player *player = &encounter->players[index];
    size_t token_bytes = strlen(play->tokens[index]) - 1; /* without its line end */
    return player->sent_bytes > 0 &&
           (player->received.length > play->received_before[index] ||
            bytes_contain(&encounter->arena.output, play->tokens[index], token_bytes) ||
            encounter_has_read(encounter, player));
}

static bool speaker_is_served(struct encounter *encounter)
{
    const struct play *play = encounter->play;
    return has_been_served(encounter, play->speaker);
}

/* 0 or -errno; that a connection has ended is not an error of ours. */
static int say(struct play *play, size_t index)
{
    struct player *player = &play->encounter.players[index];
    play->received_before[index] = player->received.length;
    const char *token = play->tokens[index];
    int error = player->fd >= 0 ? player_say_bytes(player, token, strlen(token)) : 0;
    return error < 0 && !player_was_refused(error) ? error : 0;
}

/* OUTCOME_SEEN: served; another outcome: not; or -errno. */
static int speak(struct play *play, size_t index)
{
    struct encounter *encounter = &play->encounter;
    struct task_list before = {0};
    task_list_read(&before, encounter->arena.keeper);
    play->speaker = index;
    int outcome = say(play, index);
    if (outcome == 0)
        outcome = await(play, speaker_is_served);
    if (outcome == OUTCOME_SEEN && rest(play) == OUTCOME_SEEN)
        workers_note(&play->workers, encounter, &play->findings.silent, &before);
    task_list_release(&before);
    return outcome;
}

/*** Coming and going ***/

/* At rest, too: a server that ends with its last client closes that connection first. */
static bool visitors_are(struct encounter *encounter, bool accepted)
{
    const struct play *play = encounter->play;
    for (size_t i = play->visit; i < play->visit + VISIT; i++)
        if (encounter_is_accepted(encounter, &encounter->players[i]) != accepted)
            return false;
    return play->findings.is_restless || encounter_is_resting(encounter);
}

static bool visitors_are_accepted(struct encounter *encounter)
{
    return visitors_are(encounter, true);
}

static bool visitors_have_gone(struct encounter *encounter)
{
    return visitors_are(encounter, false);
}

/* Connects players, one at a time where the accept queue is short; 0 or -errno. Players that are
 * refused do not play. */
static int connect_players(struct play *play, size_t first, size_t count)
{
    struct encounter *encounter = &play->encounter;
    bool has_room = encounter_queue_room(encounter) >= count;
    for (size_t i = first; i < first + count; i++) {
        struct player *player = &encounter->players[i];
        int error = player_connect(player, &encounter->arena, &encounter->server);
        if (error < 0 && !player_was_refused(error))
            return error;
        if (error < 0)
            player_give_up(player);
        int outcome = has_room ? 0 : rest(play);
        if (outcome < 0)
            return outcome;
    }
    return 0;
}

static void leave(struct play *play, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        player_leave(&play->encounter.players[i]);
}

static void note_visit(struct play *play, const struct shape *shape)
{
    json_t *because = play->result->because;
    evidence_note(because, _("with three silent clients: %zu accepted; %zu processes, %zu threads"),
                  shape->accepted, shape->processes, shape->tasks);
    for (size_t i = play->visit; i < play->visit + VISIT; i++)
        evidence_connection(because, &play->encounter, &play->encounter.players[i]);
    evidence_tasks(because, &play->encounter);
}

/* Three clients connect, and speak in this order. How many were served, or -errno. */
static int receive_visit(struct play *play, size_t first, bool backwards)
{
    struct encounter *encounter = &play->encounter;
    play->visit = first;
    int error = connect_players(play, first, VISIT);
    int outcome = error < 0 ? error : await(play, visitors_are_accepted);
    if (outcome < 0)
        return outcome;
    struct shape shape;
    shape_read(&shape, encounter, first, VISIT);
    if (first == 0) {
        play->findings.silent = shape;
        process_program(shape.holds[0].owner, play->findings.program);
        note_visit(play, &shape);
    }
    struct bytes order = {0};
    int served = 0;
    for (size_t i = 0; i < VISIT; i++) {
        size_t index = backwards ? first + VISIT - 1 - i : first + i;
        outcome = speak(play, index);
        if (outcome < 0)
            break;
        served += outcome == OUTCOME_SEEN;
        bytes_append(&order, ", ", i > 0 ? strlen(", ") : 0);
        bytes_print(&order, outcome == OUTCOME_SEEN ? _("%zu served") : _("%zu not"), index + 1);
    }
    evidence_note(play->result->because, _("they spoke one after the other: client %.*s"),
                  (int)order.length, order.length > 0 ? bytes_front(&order) : "");
    bytes_release(&order);
    return outcome < 0 ? outcome : served;
}

/*** The play ***/

static bool next_is_served(struct encounter *encounter)
{
    return has_been_served(encounter, 1) || has_been_served(encounter, 2);
}

/* The first client leaves before the others are served: is one of them served now? */
static int let_next_in(struct play *play)
{
    static const char *const became[] = {
        [AFTER_NOBODY_SERVED] = N_("when client 1 left, no other client was served"),
        [AFTER_NEXT_SERVED] = N_("when client 1 left, the next one was served"),
        [AFTER_ENDED] = N_("when client 1 left, the server ended"),
    };
    player_say_bytes(&play->encounter.players[0], "fin\n", strlen("fin\n"));
    leave(play, 0, 1);
    int outcome = await(play, next_is_served);
    play->findings.after = outcome == OUTCOME_SEEN    ? AFTER_NEXT_SERVED
                           : outcome == OUTCOME_ENDED ? AFTER_ENDED
                                                      : AFTER_NOBODY_SERVED;
    evidence_note(play->result->because, "%s", _(became[play->findings.after]));
    return outcome < 0 ? outcome : 0;
}

static bool crowd_is_served(struct encounter *encounter)
{
    const struct play *play = encounter->play;
    for (size_t i = 2 * VISIT; i < 2 * VISIT + play->findings.crowd; i++)
        if (!has_been_served(encounter, i))
            return false;
    return true;
}

/* As many as the accept queue has room for. */
static size_t next_of_crowd(const struct play *play)
{
    size_t room = encounter_queue_room(&play->encounter);
    size_t left = CROWD - play->findings.crowd;
    return room < left ? room : left;
}

/* Up to thirty more clients join the three, as long as all are served. 0 or -errno. */
static int receive_crowd(struct play *play)
{
    struct findings *findings = &play->findings;
    int outcome = OUTCOME_SEEN;
    while (outcome == OUTCOME_SEEN && findings->crowd < CROWD) {
        size_t first = 2 * VISIT + findings->crowd;
        size_t count = next_of_crowd(play);
        int error = connect_players(play, first, count);
        for (size_t i = first; i < first + count && error == 0; i++)
            error = say(play, i);
        findings->crowd += count;
        outcome = error < 0 ? error : await(play, crowd_is_served);
    }
    for (size_t i = 2 * VISIT; i < 2 * VISIT + findings->crowd; i++)
        findings->crowd_served += has_been_served(&play->encounter, i);
    evidence_note(play->result->because,
                  _("%zu more clients came and spoke: %zu of them were served"), findings->crowd,
                  findings->crowd_served);
    leave(play, 2 * VISIT, findings->crowd);
    return outcome < 0 ? outcome : 0;
}

/* All three were served: how many more can be, and are three others served, too? */
static int play_on(struct play *play)
{
    if (shape_has_task_for_each(&play->findings.silent)) {
        int error = receive_crowd(play);
        if (error < 0)
            return error;
    }
    leave(play, 0, VISIT);
    int outcome = await(play, visitors_have_gone);
    if (outcome < 0 || outcome == OUTCOME_ENDED)
        return outcome < 0 ? outcome : 0;
    if (outcome == OUTCOME_SPINNING) { /* whether it serves others is a matter of luck */
        evidence_note(play->result->because, "%s", _(SPUN));
        return 0;
    }
    int served = receive_visit(play, VISIT, false);
    if (served >= 0)
        play->findings.served_again = (size_t)served;
    return served < 0 ? served : 0;
}

static void describe(struct play *play, const char *detail)
{
    free(play->result->detail);
    play->result->detail = text_of("%s", _(detail));
}

static void give_up(struct play *play, const char *detail)
{
    describe(play, detail);
    evidence_tasks(play->result->because, &play->encounter);
    evidence_end(play->result->because, &play->encounter);
}

static int play_visits(struct play *play)
{
    struct encounter *encounter = &play->encounter;
    int outcome = rest(play);
    if (outcome < 0)
        return outcome;
    shape_read(&play->findings.before, encounter, 0, 0);
    evidence_note(play->result->because, _("before any client: %zu processes, %zu threads"),
                  play->findings.before.processes, play->findings.before.tasks);
    int served = receive_visit(play, 0, true);
    if (served < 0)
        return served;
    play->findings.served = play->findings.served_again = (size_t)served;
    int error = served == VISIT ? play_on(play) : let_next_in(play);
    if (error < 0)
        return error;
    play->findings.workers = workers_count(&play->workers);
    enum model model = model_of(&play->findings, &play->result->detail);
    play->result->model = model_names[play->is_unseen ? MODEL_UNKNOWN : model];
    if (play->is_unseen)
        describe(play, UNSEEN);
    else if (model == MODEL_UNKNOWN)
        describe(play, served == 0 ? N_("serves nobody")
                                   : N_("its behaviour and the evidence fit no model"));
    return 0;
}

static int play_all(struct play *play)
{
    int64_t begin_ns = clock_now_ns();
    int outcome = note(play, await_deed(&play->encounter, encounter_has_listener));
    play->result->start_ns = clock_now_ns() - begin_ns;
    if (outcome < 0)
        return outcome;
    if (outcome != OUTCOME_SEEN) {
        give_up(play, play->is_unseen ? UNSEEN : N_("does not listen"));
        return 0;
    }
    if (play->encounter.port == 0 && encounter_count_ports(&play->encounter) > 1) {
        give_up(play, N_("listens on several ports: choose one with --port"));
        return 0;
    }
    begin_ns = clock_now_ns();
    int error = play_visits(play);
    play->result->identify_ns = clock_now_ns() - begin_ns;
    return error;
}

int identify_run(struct identification *identification, const struct stage_plan *plan,
                 struct token_source tokens, struct arena_trouble *trouble)
{
    *identification = (struct identification){.because = json_array()};
    struct play *play = allocate(1, sizeof *play);
    play->result = identification;
    play->encounter.patience_ns = plan->patience_ns;
    play->encounter.port = plan->conduct->port;
    play->encounter.play = play;
    int error = arena_open(&play->encounter.arena, &plan->arena, trouble);
    if (error == 0) {
        identification->isolation = play->encounter.arena.isolation;
        trouble->what = N_("observing the submission");
        encounter_cast(&play->encounter, PLAYERS);
        for (size_t i = 0; i < PLAYERS; i++)
            token_choose(&tokens, play->tokens[i], "\n");
        error = play_all(play);
        encounter_release(&play->encounter);
    }
    free(play);
    return error;
}
