#include "grader/play/act.h"

#include "base/clock.h"
#include "base/language.h"
#include "grader/play/causes.h"
#include "grader/play/evidence.h"
#include "grader/play/recorder.h"
#include "text/printable.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

/* What is claimed beyond what was seen, in words. */
static void note_claim(struct act *act, const struct claim *claim)
{
    json_t *evidence = act->result->evidence;
    double within_s = (double)claim->within_ns / 1e9;
    if (claim->ground == GROUND_PROVED && claim->within_ns == 0)
        evidence_note(evidence, _("no task of it can run before somebody else acts"));
    else if (claim->ground == GROUND_PROVED)
        evidence_note(evidence, _("no task of it can run within %.1f s"), within_s);
    if (claim->ground == GROUND_PASSED_OVER)
        evidence_note(evidence,
                      _("each of its loops has come round three times and passed it over"));
    if (claim->ground == GROUND_CLOCK && claim->within_ns > 0)
        evidence_note(evidence, _("not within %.1f s"), within_s);
    act->result->ground = claim->ground;
    act->result->within_ns = claim->within_ns;
}

void act_find(struct act *act, enum verdict verdict, const char *finding, const char *hint)
{
    if (act->is_decided)
        return;
    act->is_decided = true;
    act->result->verdict = verdict;
    act->result->finding = finding;
    act->result->hint = hint;
    if (verdict != VERDICT_INCONCLUSIVE) /* which claims nothing */
        note_claim(act, verdict == VERDICT_PASS ? &act->weakest : &act->latest);
}

const struct play_protocol *act_protocol(const struct act *act)
{
    return &act->stage->plan->conduct->protocol;
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

void act_find_stranger(struct act *act, const struct player *player)
{
    char from[ADDRESS_TEXT_BYTES];
    char server[ADDRESS_TEXT_BYTES];
    act_has_seen(act);
    evidence_note(act->result->evidence, _("%s got a datagram from %s; its own went to %s"),
                  player->name, address_text(&player->from, from),
                  address_text(&player->server, server));
    act_find(act, VERDICT_FAIL, _("the answer comes from another address"),
             _("Answer with sendto() on the socket that is bound to the port: clients take only "
               "what comes from there."));
}

void act_find_no_datagram(struct act *act, const struct player *player, const char *finding,
                          const char *hint)
{
    const char *cause = cause_of_no_datagram(act->encounter, player);
    act_find(act, VERDICT_FAIL,
             player->stream == STREAM_REFUSED ? _("a datagram was refused") : finding,
             cause != NULL ? cause : hint);
}

/*** Waiting ***/

void act_find_limit(struct act *act)
{
    const struct arena *arena = &act->encounter->arena;
    enum limit limit = arena->limit;
    if (limit == LIMIT_GRADING)
        act->latest = (struct claim){GROUND_CLOCK, arena->limits->grading_ns};
    if (limit == LIMIT_NONE)
        return;
    act_find(act, VERDICT_FAIL, _(limit_text(limit)), _(limit_hint(limit)));
    act->result->is_cause_seen = true;
}

static void find_ended(struct act *act)
{
    act_find_limit(act); /* for which we have ended it ourselves */
    if (act->may_end)
        act_find(act, VERDICT_PASS, _("ended, which other checks judge"), NULL);
    int status = act->encounter->arena.wait_status;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
        act_find(act, VERDICT_FAIL, _("the server was ended by SIGPIPE"),
                 _("Writing to a client that has left raises SIGPIPE: ignore that signal, and "
                   "close the socket when send() fails with EPIPE."));
    act_find(act, VERDICT_FAIL, _("the server ended"), cause_of_ending(act->encounter));
    act->result->is_cause_seen = true;
    evidence_end(act->result->evidence, act->encounter);
}

/* What stands still for good has not done what was asked: who stops itself must not earn what is
 * for those whom we could not inspect. */
void act_find_unseen(struct act *act)
{
    if (encounter_is_stopped(act->encounter)) {
        act_find(act, VERDICT_FAIL, _("a process of it is stopped"),
                 _("A process of it is stopped, and nobody continues it: send no SIGSTOP, and read "
                   "from the terminal only in the foreground."));
        act->result->is_cause_seen = true;
    } else {
        act_find(act, VERDICT_INCONCLUSIVE, _("cannot be inspected"),
                 _("A process of it is stopped or hides from inspection."));
        act->result->ground = GROUND_CLOCK;
    }
    evidence_tasks(act->result->evidence, act->encounter);
}

static enum ground ground_of(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_SETTLED:
        return GROUND_PROVED;
    case OUTCOME_PASSED_OVER:
        return GROUND_PASSED_OVER;
    case OUTCOME_SPINNING:
    case OUTCOME_TIMED_OUT:
        return GROUND_CLOCK;
    default:
        return GROUND_SEEN;
    }
}

static void claim(struct act *act, struct claim claim)
{
    act->latest = claim;
    if (claim.ground > act->weakest.ground)
        act->weakest = claim;
}

void act_note_outcome(struct act *act, int outcome)
{
    if (outcome < 0) {
        act->error = outcome;
        return;
    }
    bool is_for_ever = outcome == OUTCOME_SETTLED && act->encounter->settle.is_endless;
    claim(act, (struct claim){ground_of((enum outcome)outcome),
                              is_for_ever ? 0 : act->encounter->window_ns});
}

/* True if what was waited for was seen. */
static bool take(struct act *act, int outcome)
{
    act_note_outcome(act, outcome);
    if (outcome == OUTCOME_ENDED)
        find_ended(act);
    if (outcome == OUTCOME_UNSEEN)
        act_find_unseen(act);
    return outcome == OUTCOME_SEEN;
}

bool act_await_reaction(struct act *act, encounter_predicate *predicate,
                        encounter_predicate *is_queued)
{
    return !act_is_over(act) && take(act, await_reaction(act->encounter, predicate, is_queued));
}

bool act_await_deed(struct act *act, encounter_predicate *predicate)
{
    return !act_is_over(act) && take(act, await_deed(act->encounter, predicate));
}

bool act_await_silence(struct act *act, encounter_predicate *predicate)
{
    return !act_is_over(act) && take(act, await_silence(act->encounter, predicate));
}

bool act_await_let_go(struct act *act, encounter_predicate *predicate)
{
    if (act_is_over(act))
        return false;
    int64_t *found_ns = &act->stage->lets_nobody_go_ns;
    if (*found_ns > 0) {
        act_rest(act);
        if (!act_is_over(act) && predicate(act->encounter))
            return true;
        claim(act, (struct claim){GROUND_CLOCK, *found_ns});
        return false;
    }
    bool is_seen = act_await_reaction(act, predicate, NULL);
    if (!is_seen && act->latest.ground == GROUND_CLOCK)
        *found_ns = act->latest.within_ns;
    return is_seen;
}

int act_go_on(struct act *act, int outcome)
{
    if (outcome < 0)
        act->error = outcome;
    if (outcome == OUTCOME_ENDED)
        find_ended(act);
    if (outcome == OUTCOME_UNSEEN)
        act_find_unseen(act);
    return outcome;
}

void act_rest(struct act *act)
{
    if (!act_is_over(act))
        act_go_on(act, await_rest(act->encounter));
}

static bool never(struct encounter *encounter)
{
    (void)encounter;
    return false;
}

void act_settle(struct act *act)
{
    if (act_is_over(act))
        return;
    if (act->encounter->is_restless) /* of one that never rests nothing can be waited out */
        act_rest(act);
    else
        act_go_on(act, await_silence(act->encounter, never));
}

void act_wait(struct act *act, int64_t time_ns)
{
    if (!act_is_over(act))
        act_go_on(act, await_time(act->encounter, time_ns));
}

void act_note_time(struct act *act, int64_t within_ns)
{
    claim(act, (struct claim){GROUND_CLOCK, within_ns});
}

bool act_is_spinning(struct act *act)
{
    return !act_is_over(act) && act_go_on(act, await_idleness(act->encounter)) == OUTCOME_SPINNING;
}

void act_note_standstill(struct act *act)
{
    act_note_outcome(act, act->encounter->settle.is_proved ? OUTCOME_SETTLED : OUTCOME_PASSED_OVER);
}

void act_has_seen(struct act *act)
{
    act->latest = (struct claim){0};
}

bool act_await_end(struct act *act)
{
    if (act_is_over(act))
        return false;
    int outcome = await_deed(act->encounter, encounter_is_over);
    act_note_outcome(act, outcome);
    act_find_limit(act);
    if (act_is_over(act))
        return false;
    return outcome == OUTCOME_SEEN || outcome == OUTCOME_ENDED;
}

/*** The picture ***/

#define DEEDS_MAX  300
#define DEED_BYTES 60 /* of what is said */

size_t act_actor_of_run(size_t run)
{
    return run == ARENA_SUBMISSION ? ACT_SUBMISSION : ACT_FIRST_RUN + run;
}

void act_note_deed(struct act *act, size_t who, const char *deed, const struct bytes *text)
{
    const char *actor = who == ACT_NOBODY       ? _("keyboard")
                        : who == ACT_SUBMISSION ? _("submission")
                        : who >= ACT_FIRST_RUN
                            ? act->encounter->arena.runs[who - ACT_FIRST_RUN].name
                            : act->encounter->players[who].name;
    recorder_note(act->encounter->recorder, act->encounter, "%s: %s", actor, deed);
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
