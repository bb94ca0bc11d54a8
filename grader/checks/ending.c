#include "grader/checks/ending.h"

#include "base/language.h"
#include "grader/identify/identify.h"
#include "grader/play/answers.h"
#include "grader/play/evidence.h"
#include "grader/play/partings.h"
#include "grader/play/restarts.h"

#include <signal.h>
#include <string.h>

/*** SIGTERM ***/

#define END_CHILDREN                                                                               \
    N_("End the children too: send them SIGTERM, or let them end with their parent.")

void play_sigterm(struct act *act)
{
    act_connect(act, 0);
    act_rest(act);
    const struct task_list *tasks = &act->encounter->settle.current.tasks;
    if (act_is_over(act) || tasks->count == 0)
        return;
    kill(tasks->tasks[0].pid, SIGTERM); /* the first task is the process that was started */
    if (act_await_end(act)) {
        act_find(act, VERDICT_PASS, _("ends, with all its processes"), NULL);
        return;
    }
    evidence_tasks(act->result->evidence, act->encounter);
    act_find(act, VERDICT_FAIL,
             act->encounter->arena.has_ended ? _("leaves processes behind after SIGTERM")
                                             : _("does not end on SIGTERM"),
             act->encounter->arena.has_ended
                 ? _(END_CHILDREN)
                 : _("Do not catch SIGTERM, or end the program in its handler."));
}

/*** When it is to end ***/

/* It has been given its reason to end: does it end? */
static void await_own_end(struct act *act, const char *ends, const char *goes_on, const char *hint)
{
    if (act_await_end(act))
        act_find(act, VERDICT_PASS, ends, NULL);
    if (act->is_decided)
        return;
    evidence_listener(act->result->evidence, act->encounter);
    evidence_tasks(act->result->evidence, act->encounter);
    if (act->encounter->arena.has_ended)
        act_find(act, VERDICT_FAIL, _("leaves processes behind when it ends"), _(END_CHILDREN));
    act_find(act, VERDICT_FAIL, goes_on, hint);
}

static void play_until_first(struct act *act)
{
    act_serve(act, 0, _("the client is not answered"), NULL);
    act_leave(act, 0);
    await_own_end(act, _("ends when its first client leaves"),
                  _("keeps running after its first client has left"),
                  _("After the first client, close the listener too and leave the loop."));
}

static void play_until_last(struct act *act)
{
    act_serve(act, 0, _("the client is not answered"), NULL);
    act_connect(act, 1);
    act_say_first(act, 1);
    act_leave(act, 0);
    act_await_answers(act, _("the second client is not served when the first leaves"),
                      _("Keep running as long as a client is connected or waiting."));
    act_rest(act); /* or one that ends when the first leaves would pass */
    act_leave(act, 1);
    await_own_end(act, _("ends when its last client leaves"),
                  _("keeps running after its last client has left"),
                  _("Count the clients: when the last one leaves, leave the loop."));
}

static void play_until_enter(struct act *act)
{
    act_serve(act, 0, _("the client is not answered"), NULL);
    act_rest(act);
    act_press_enter(act);
    await_own_end(act, _("ends when Enter is pressed"), _("keeps running when Enter is pressed"),
                  _("Wait for the keyboard together with the clients: in the same select() or "
                    "poll(), or in a thread that then ends the program."));
}

void play_ends_when(struct act *act)
{
    const char *when = act->stage->plan->conduct->ends_when;
    if (when == NULL)
        act_find(act, VERDICT_SKIPPED, _("no end condition was given"), NULL);
    else if (strcmp(when, ENDS_WHEN_FIRST) == 0)
        play_until_first(act);
    else if (strcmp(when, ENDS_WHEN_LAST) == 0)
        play_until_last(act);
    else
        play_until_enter(act);
}

/*** Starting again ***/

static bool is_closed_by_server(struct encounter *encounter)
{
    return encounter->players[0].stream != STREAM_OPEN;
}

/* In TIME_WAIT, or gone after a reset. */
static bool is_over_for_server(struct encounter *encounter)
{
    const struct tcp_row *row = encounter_server_row(encounter, &encounter->players[0]);
    return row == NULL || row->state == STATE_TIME_WAIT;
}

/* The side that closes first gets TIME_WAIT, so the server has to. */
static void end_under_client(struct act *act)
{
    if (act_is_over(act))
        return;
    act->error = arena_end_submission(&act->encounter->arena);
    if (act->encounter->transport == TRANSPORT_UDP) /* whose clients see nothing of it */
        return;
    act->encounter->outlives_submission = true;
    if (act_await_deed(act, is_closed_by_server))
        player_leave(&act->encounter->players[0]);
    act_await_deed(act, is_over_for_server);
    act->encounter->outlives_submission = false;
    evidence_connection(act->result->evidence, act->encounter, &act->encounter->players[0]);
}

void play_restart(struct act *act)
{
    act_serve(act, 0, _("the client is not answered"), NULL);
    act_rest(act);
    end_under_client(act);
    if (act_is_over(act))
        return;
    act->error = arena_start_again(&act->encounter->arena);
    int outcome = act->error < 0 ? act->error : await_deed(act->encounter, encounter_has_listener);
    if (outcome < 0) {
        act->error = outcome;
        return;
    }
    if (outcome == OUTCOME_SEEN) {
        evidence_listener(act->result->evidence, act->encounter);
        act_find(act, VERDICT_PASS, _("listens again at once"), NULL);
        return;
    }
    act_find_no_restart(act, outcome);
}

/*** Its model ***/

void play_is_model(struct act *act)
{
    const char *expected = act->stage->plan->conduct->model;
    if (expected == NULL) {
        act_find(act, VERDICT_SKIPPED, _("no model is expected"), NULL);
        return;
    }
    struct identification identification;
    struct arena_trouble trouble;
    act->error = identify_run(&identification, act->stage->plan, act->stage->tokens,
                              act->stage->starts_restless, &trouble);
    const char *model = identification.model;
    const char *detail =
        identification.detail != NULL ? identification.detail : _("nothing was seen");
    if (model != NULL)
        evidence_note(act->result->evidence, _("its model is %s (%s)"), model, detail);
    else
        evidence_note(act->result->evidence, _("its model is unknown (%s)"), detail);
    evidence_note(act->result->evidence, _("the required model is %s"), expected);
    if (identification.hint != NULL)
        evidence_note(act->result->evidence, "%s", identification.hint);
    json_array_extend(act->result->evidence, identification.because);
    act->latest.ground = act->weakest.ground = identification.ground;
    if (model == NULL)
        act_find(act, VERDICT_INCONCLUSIVE, _("the model could not be determined"), NULL);
    else if (strcmp(model, expected) == 0)
        act_find(act, VERDICT_PASS, _("uses the required concurrency model"), NULL);
    act_find(act, VERDICT_FAIL, _("uses a different concurrency model than required"),
             _("Look where its threads and processes sleep while clients are silent, and which of "
               "them wakes up when one speaks."));
    identification_release(&identification);
}
