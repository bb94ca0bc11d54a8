/* Theory of operation: nothing here waits for time to pass. Each step ends when what it looks for
 * is seen, or when the submission has come to rest without it; a submission that never rests is
 * spinning, and that is a finding too.
 */
#include "grader/identify/identify.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/arena/arena_open.h"
#include "grader/identify/visit.h"
#include "grader/play/await.h"
#include "grader/play/evidence.h"
#include "observe/waiting/workers.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>

#define SPUN   N_("when they left, it spun and kept their connections: no other client got in")
#define UNSEEN N_("unknown: a process of it is stopped or hides from inspection")

/*** Not all were served ***/

static size_t count_served(const struct play *play, size_t first, size_t count)
{
    size_t served = 0;
    for (size_t i = first; i < first + count; i++)
        served += play->is_served[i];
    return served;
}

static bool next_is_served(struct encounter *encounter)
{
    const struct play *play = encounter->play;
    const struct visited *visited = &play->findings.first;
    return count_served(play, 0, VISIT) > visited->served + visited->late;
}

static enum after after_of(const struct play *play, int outcome)
{
    switch (outcome) {
    case OUTCOME_SEEN:
        return AFTER_NEXT_SERVED;
    case OUTCOME_ENDED:
        return AFTER_ENDED;
    case OUTCOME_SPINNING: /* if it spins because of that */
        return play->findings.is_restless ? AFTER_NOBODY_SERVED : AFTER_SPUN;
    default:
        return AFTER_NOBODY_SERVED;
    }
}

/* The first client that was served; the first of all if none was. */
static size_t find_served(const struct visited *visited)
{
    for (size_t i = 0; i < VISIT; i++)
        if (visited->is_served[i])
            return i;
    return 0;
}

/* One that was served leaves before the others are: is one of them served now? */
static int let_next_in(struct play *play)
{
    static const char *const became[] = {
        [AFTER_NOBODY_SERVED] = N_("no other client was served"),
        [AFTER_NEXT_SERVED] = N_("the next one was served"),
        [AFTER_SPUN] = N_("the server spun and served no other client"),
        [AFTER_ENDED] = N_("the server ended, too"),
    };
    struct findings *findings = &play->findings;
    size_t leaver = find_served(&findings->first);
    player_say_bytes(&play->encounter.players[leaver], "fin\n", strlen("fin\n"));
    play_leave(play, leaver, 1);
    int outcome = play_await(play, next_is_served);
    if (outcome < 0)
        return outcome;
    findings->after = after_of(play, outcome);
    evidence_note(play->because, _("when client %zu left, %s"), leaver + 1,
                  _(became[findings->after]));
    return 0;
}

/* Ended by itself in an orderly way, a server has served the client that had spoken. */
static bool has_failed(const struct arena *arena)
{
    return arena->limit != LIMIT_NONE || !arena->has_ended || !WIFEXITED(arena->wait_status) ||
           WEXITSTATUS(arena->wait_status) != 0;
}

/* Some were not served: do they wait for the first one's end? 0 or -errno. */
static int play_few(struct play *play)
{
    struct findings *findings = &play->findings;
    json_t *because = play->because;
    findings->after = AFTER_NEXT_SERVED;
    if (play->has_ended) {
        findings->after = AFTER_ENDED;
        findings->first.has_failed =
            findings_count_served(&findings->first) == 0 || has_failed(&play->encounter.arena);
        evidence_note(because, _("when client %zu had spoken, the server ended"),
                      findings->first.last + 1);
    } else if (findings->first.closed > 0 && findings->first.late > 0) {
        evidence_note(because, "%s",
                      _("the server closed a connection, and the next client was served"));
    } else {
        return let_next_in(play);
    }
    return 0;
}

/*** All were served ***/

static bool crowd_is_served(struct encounter *encounter)
{
    const struct play *play = encounter->play;
    return count_served(play, 2 * VISIT, play->findings.crowd) == play->findings.crowd;
}

/* Up to thirty more clients join the three, as long as all are served. 0 or -errno. */
static int receive_crowd(struct play *play)
{
    struct findings *findings = &play->findings;
    size_t room = encounter_queue_room(&play->encounter);
    int outcome = OUTCOME_SEEN;
    while (outcome == OUTCOME_SEEN && findings->crowd < CROWD) {
        size_t first = 2 * VISIT + findings->crowd;
        int come = play_connect(play, first, CROWD - findings->crowd, room);
        int error = come < 0 ? come : 0;
        for (size_t i = 0; error == 0 && i < (size_t)come; i++)
            error = play_say(play, first + i);
        findings->crowd += come < 0 ? 0 : (size_t)come;
        outcome = error < 0 ? error : play_await(play, crowd_is_served);
    }
    play_read_shape(&findings->crowded, &play->encounter, 0, VISIT);
    findings->crowd_served = count_served(play, 2 * VISIT, findings->crowd);
    evidence_note(play->because, _("%zu more clients came and spoke: %zu of them were served"),
                  findings->crowd, findings->crowd_served);
    if (findings->crowd_served < findings->crowd && findings->shared.tasks == 0)
        play_note_shared(play, 2 * VISIT, findings->crowd);
    play_leave(play, 2 * VISIT, findings->crowd);
    return outcome < 0 ? outcome : 0;
}

/* Were the tasks that wait for the clients of the visit there before it? */
static bool are_reused(const struct visited *visited, const struct task_list *before)
{
    const struct shape *shape =
        shape_has_task_for_each(&visited->silent) ? &visited->silent : &visited->spoken;
    for (size_t i = 0; i < shape->clients; i++)
        if (task_list_find(before, shape->holds[i].waiter) == NULL)
            return false;
    return shape_has_task_for_each(shape);
}

/* Three others come: are they served, too, and by whom? 0 or -errno. */
static int receive_others(struct play *play)
{
    struct findings *findings = &play->findings;
    struct task_list before = {0};
    task_list_read(&before, play->encounter.arena.keeper);
    int error = play_visit(play, VISIT, false, &findings->second);
    findings->has_second = true;
    findings->has_reused_waiters = are_reused(&findings->second, &before);
    if (findings->has_reused_waiters)
        evidence_note(play->because, "%s",
                      _("the tasks that wait for them were there before they came"));
    task_list_release(&before);
    return error;
}

/* How many more can be served, and are three others served, too? */
static int play_on(struct play *play)
{
    int outcome = findings_show_tasks(&play->findings) ? receive_crowd(play) : 0;
    if (outcome < 0)
        return outcome;
    play_leave(play, 0, VISIT);
    play->visit = 0;
    outcome = play_await(play, play_visitors_have_gone);
    if (outcome < 0 || outcome == OUTCOME_ENDED)
        return outcome < 0 ? outcome : 0;
    if (outcome == OUTCOME_SPINNING) { /* whether it serves others is a matter of luck */
        play->findings.after = after_of(play, outcome);
        evidence_note(play->because, "%s", _(SPUN));
        return 0;
    }
    return receive_others(play);
}

/*** The play ***/

static void describe(struct play *play, const char *detail)
{
    free(play->result->detail);
    play->result->detail = text_of("%s", _(detail));
}

static void give_up(struct play *play, const char *detail)
{
    describe(play, detail);
    evidence_tasks(play->because, &play->encounter);
    evidence_end(play->because, &play->encounter);
}

/* What has no model is described by what became of it. */
static void describe_unknown(struct play *play)
{
    const struct visited *first = &play->findings.first;
    if (play->is_unseen)
        describe(play, UNSEEN);
    else if (first->has_failed)
        play->result->detail = text_of(_("ended when client %zu spoke"), first->last + 1);
    else if (first->served + first->late > 0)
        describe(play, N_("its behaviour and the evidence fit no model"));
    else
        describe(play, N_("serves nobody"));
}

static void conclude(struct play *play)
{
    struct identification *result = play->result;
    play->findings.workers = workers_count(&play->workers);
    enum model model = model_of(&play->findings, &result->detail, &result->hint);
    if (play->is_unseen) {
        model = MODEL_UNKNOWN;
        free(result->hint);
        result->hint = NULL;
    }
    result->model = model_names[model];
    if (model == MODEL_UNKNOWN)
        describe_unknown(play);
    if (model == MODEL_UNKNOWN || play->has_ended)
        evidence_end(play->because, &play->encounter);
}

static int play_visits(struct play *play)
{
    struct encounter *encounter = &play->encounter;
    struct findings *findings = &play->findings;
    int outcome = play_await_rest(play);
    if (outcome < 0)
        return outcome;
    struct task_list before = {0};
    task_list_read(&before, encounter->arena.keeper);
    play_read_shape(&findings->before, encounter, 0, 0);
    evidence_note(play->because, _("before any client: %zu processes, %zu threads"),
                  findings->before.processes, findings->before.tasks);
    int error = play_visit(play, 0, true, &findings->first);
    pid_t waiter = findings->first.silent.holds[0].waiter;
    findings->has_new_waiter = waiter != 0 && task_list_find(&before, waiter) == NULL;
    task_list_release(&before);
    if (error < 0)
        return error;
    size_t served = findings_count_served(&findings->first);
    error = served == VISIT ? play_on(play) : play_few(play);
    if (error == 0)
        conclude(play);
    return error;
}

static int play_all(struct play *play)
{
    int64_t begin_ns = clock_now_ns();
    int outcome = play_note(play, await_deed(&play->encounter, encounter_has_listener));
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
                 struct token_source tokens, bool is_restless, struct arena_trouble *trouble)
{
    *identification = (struct identification){.because = json_array()};
    struct play *play = allocate(1, sizeof *play);
    play->result = identification;
    play->because = identification->because;
    play->encounter.patience_ns = plan->patience_ns;
    play->encounter.port = plan->conduct->port;
    play->encounter.was_restless = is_restless;
    play->encounter.play = play;
    int error = arena_open(&play->encounter.arena, &plan->arena, trouble);
    if (error == 0) {
        identification->isolation = play->encounter.arena.isolation;
        trouble->what = N_("observing the submission");
        encounter_cast(&play->encounter, PLAYERS);
        for (size_t i = 0; i < PLAYERS; i++)
            token_choose(&tokens, play->tokens[i], "\n");
        error = play_all(play);
        identification->ground = play->ground;
        encounter_release(&play->encounter);
    }
    free(play);
    return error;
}
