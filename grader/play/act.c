#include "grader/play/act.h"

#include "base/clock.h"
#include "base/language.h"
#include "grader/play/evidence.h"
#include "text/printable.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

void act_find(struct act *act, enum verdict verdict, const char *finding, const char *hint)
{
    if (act->is_decided)
        return;
    act->is_decided = true;
    /* It might have come after the patience ran out, so it costs no marks. */
    bool is_unproved = verdict == VERDICT_FAIL && act->result->decided_by == DECIDED_BY_CLOCK;
    act->result->verdict = is_unproved ? VERDICT_INCONCLUSIVE : verdict;
    act->result->finding = finding;
    act->result->hint = is_unproved ? _("No reply within the time limit, but we cannot prove that "
                                        "none would come: machine or server was busy.")
                                    : hint;
}

bool act_is_over(const struct act *act)
{
    return act->is_decided || act->error < 0;
}

void act_find_port(struct act *act)
{
    if (act->encounter->port == 0 && encounter_count_ports(act->encounter) > 1)
        act_find(act, VERDICT_INCONCLUSIVE, _("listens on several ports"),
                 _("It listens on several ports; choose one with --port."));
}

/*** Waiting ***/

void act_find_limit(struct act *act)
{
    enum limit limit = act->encounter->arena.limit;
    if (limit != LIMIT_NONE)
        act_find(act, VERDICT_FAIL, _(limit_text(limit)), _(limit_hint(limit)));
}

static void find_ended(struct act *act)
{
    act_find_limit(act);
    int status = act->encounter->arena.wait_status;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
        act_find(act, VERDICT_FAIL, _("the server was ended by SIGPIPE"),
                 _("Writing to a client that has left raises SIGPIPE: ignore that signal, and "
                   "close the socket when send() fails with EPIPE."));
    act_find(act, VERDICT_FAIL, _("the server ended"),
             _("The server must keep running whatever a client does: look at its last output."));
    evidence_end(act->result->evidence, act->encounter);
}

void act_find_unseen(struct act *act)
{
    act_find(act, VERDICT_INCONCLUSIVE, _("cannot be inspected"),
             _("A process of it is stopped or hides from inspection."));
    if (!encounter_is_stopped(act->encounter))
        act->result->decided_by = DECIDED_BY_CLOCK;
    evidence_tasks(act->result->evidence, act->encounter);
}

/* An outcome or -errno, noted if it is an error of ours or a matter of the clock. */
static int wait_for(struct act *act, encounter_predicate *predicate)
{
    int outcome = encounter_wait(act->encounter, predicate);
    if (outcome < 0)
        act->error = outcome;
    if (outcome == OUTCOME_TIMED_OUT)
        act->result->decided_by = DECIDED_BY_CLOCK;
    return outcome;
}

bool act_await(struct act *act, encounter_predicate *predicate)
{
    if (act_is_over(act))
        return false;
    int outcome = wait_for(act, predicate);
    if (outcome == OUTCOME_ENDED)
        find_ended(act);
    if (outcome == OUTCOME_UNSEEN)
        act_find_unseen(act);
    return outcome == OUTCOME_SEEN;
}

void act_rest(struct act *act)
{
    act_await(act, encounter_is_resting);
}

static bool never(struct encounter *encounter)
{
    (void)encounter;
    return false;
}

void act_settle(struct act *act)
{
    act_await(act, never);
}

bool act_await_end(struct act *act)
{
    if (act_is_over(act))
        return false;
    int outcome = wait_for(act, encounter_is_over);
    return outcome == OUTCOME_SEEN || outcome == OUTCOME_ENDED;
}

/*** The picture ***/

#define DEEDS_MAX  300
#define DEED_BYTES 60 /* of what is said */

void act_note_deed(struct act *act, size_t who, const char *deed, const struct bytes *text)
{
    const char *actor = who == ACT_NOBODY       ? _("keyboard")
                        : who == ACT_SUBMISSION ? _("submission")
                                                : act->encounter->players[who].name;
    if (act->result->timeline == NULL)
        act->result->timeline = json_array();
    if (json_array_size(act->result->timeline) >= DEEDS_MAX || act_is_over(act))
        return;
    double time_ms = (double)(clock_now_ns() - act->result->begin_ns) / 1e6;
    json_t *event = json_pack("{s:f, s:s, s:s}", "t_ms", time_ms, "actor", actor, "action", deed);
    char *shown = bytes_shown(text != NULL ? bytes_front(text) : NULL,
                              text != NULL ? text->length : 0, DEED_BYTES);
    json_object_set_new(event, "text", json_string(shown));
    free(shown);
    json_array_append_new(act->result->timeline, event);
}
