#include "grader/play/restarts.h"

#include "base/language.h"
#include "grader/play/evidence.h"

void act_stop(struct act *act)
{
    if (act_is_over(act))
        return;
    act->encounter->outlives_submission = true;
    act->error = arena_stop_submission(&act->encounter->arena);
    act_note_deed(act, ACT_SUBMISSION, _("gets SIGTERM"), NULL);
}

void act_kill(struct act *act)
{
    if (act_is_over(act))
        return;
    act->encounter->outlives_submission = true;
    act->error = arena_end_submission(&act->encounter->arena);
    act_note_deed(act, ACT_SUBMISSION, _("is killed"), NULL);
}

void act_restart(struct act *act)
{
    if (act_is_over(act))
        return;
    int outcome = stage_restart(act->stage);
    if (outcome < 0)
        act->error = outcome;
    else if (outcome == OUTCOME_SEEN)
        act_note_deed(act, ACT_SUBMISSION, _("is started again"), NULL);
    else
        act_find_no_restart(act, outcome);
}

void act_find_no_restart(struct act *act, int outcome)
{
    evidence_tasks(act->result->evidence, act->encounter);
    evidence_end(act->result->evidence, act->encounter);
    if (outcome == OUTCOME_UNSEEN)
        act_find_unseen(act);
    act_note_outcome(act, outcome);
    if (outcome == OUTCOME_TIMED_OUT)
        act_find(act, VERDICT_FAIL, _("did not listen again in time"), NULL);
    act_find(
        act, VERDICT_FAIL, _("cannot listen again at once"),
        _("Connections of the last run hold the port for a minute (TIME_WAIT): set SO_REUSEADDR "
          "before bind()."));
}
