/* Theory of operation: checks are played one after another, each on the stage that the one before
 * has left, or on a fresh one. A check that needs one that has not passed is skipped: its failure
 * would only repeat the other's. One that fails on a stage that others have left is played again on
 * a fresh one, and only what it finds there counts: one mistake costs one check.
 */
#include "grader/checks/series.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/socket.h"
#include "grader/checks/absence.h"
#include "grader/checks/checks.h"
#include "grader/checks/ending.h"
#include "grader/checks/talk.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"
#include "grader/play/recorder.h"
#include "grader/play/speaking.h"
#include "grader/play/waits.h"

#include <assert.h>
#include <string.h>

struct series {
    const struct series_plan *plan;
    struct stage stage;
    struct stage reference;
    bool serves_only_once; /* or should: each check then needs a fresh submission */
    struct played {
        struct series_item item;
        enum verdict verdict;
    } played[SERIES_CHECKS_MAX];
    size_t count;
};

/*** The order ***/

static struct played *find_played(struct series *series, const char *id)
{
    for (size_t i = 0; i < series->count; i++)
        if (strcmp(series->played[i].item.check->id, id) == 0)
            return &series->played[i];
    return NULL;
}

static const struct series_item *find_item(const struct series_plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->items[i].check->id, id) == 0)
            return &plan->items[i];
    return NULL;
}

/* Appends the check of this name, after what it needs, unless it is there. Ignores names that are
 * not checks of a series, such as "builds". */
static void enqueue(struct series *series, const char *id)
{
    const struct series_plan *plan = series->plan;
    const struct series_item *item = find_item(plan, id);
    if (item == NULL || find_played(series, id) != NULL)
        return;
    if (item->check->needs != NULL)
        enqueue(series, item->check->needs);
    assert(series->count < SERIES_CHECKS_MAX);
    series->played[series->count++] = (struct played){.item = *item};
    for (size_t i = 0; i < plan->count; i++) {
        const struct check *next = plan->items[i].check;
        if (next->use == CHECK_GOES_ON && strcmp(next->needs, id) == 0)
            enqueue(series, next->id);
    }
}

/*** One check ***/

static bool is_gone_on_from(const struct series *series, const struct played *played)
{
    const struct played *next = played + 1;
    return next < series->played + series->count && next->item.check->use == CHECK_GOES_ON;
}

/* What is known of one program says nothing of another. */
static void change_stage(struct series *series, const struct series_item *item)
{
    struct stage *stage = &series->stage;
    const char *end = item->stage->conduct->ends_when;
    if (item->check->use == CHECK_GOES_ON)
        return;
    if (item->is_fresh || item->stage != stage->plan)
        stage_close(stage);
    if (item->stage == stage->plan)
        return;
    *stage = (struct stage){.plan = item->stage,
                            .run = stage->run,
                            .tokens = stage->tokens,
                            .reference = &series->reference};
    series->serves_only_once = end != NULL && strcmp(end, ENDS_WHEN_FIRST) == 0;
}

static bool any_connection_is_gone(const struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        bool is_left = player->fd >= 0 && player->stream != STREAM_OPEN && !player->has_left;
        if (is_left)
            return true;
    }
    return false;
}

/* Whatever went wrong may follow from a worker that has died, and most runtimes say why. */
static void show_last_words(struct act *act, int64_t printed_bytes)
{
    const struct encounter *encounter = act->encounter;
    if (act->error < 0 || act->result->verdict == VERDICT_PASS ||
        act->result->verdict == VERDICT_SKIPPED)
        return;
    if (any_connection_is_gone(encounter) && !encounter->arena.has_ended)
        waits_show_ended(encounter->waits, &encounter->settle.current.tasks, act->result->evidence);
    bool is_another = encounter->arena.output_bytes < printed_bytes; /* it was started anew */
    evidence_printed_since(act->result->evidence, encounter, is_another ? 0 : printed_bytes);
}

/* It starts the submission itself, and would only compete with one that never rests. */
static bool plays_alone(const struct check *check)
{
    return check->play == play_is_model;
}

static int enter(struct stage *stage, const struct check *check, size_t extras)
{
    if (check->use == CHECK_GOES_ON)
        return OUTCOME_SEEN;
    if (!plays_alone(check))
        return stage_enter(stage, check->players + extras);
    if (stage->starts_restless || stage->grows_restless)
        stage_close(stage);
    return OUTCOME_SEEN;
}

static int play(struct series *series, const struct played *played, struct check_result *result)
{
    const struct check *check = played->item.check;
    struct stage *stage = &series->stage;
    struct act act = {.stage = stage,
                      .encounter = &stage->encounter,
                      .result = result,
                      .assigned = played->item.assigned};
    size_t extras = act.assigned == NULL && !plays_alone(check)
                        ? speaking_extras(&stage->plan->conduct->protocol)
                        : 0;
    int outcome = enter(stage, check, extras);
    recorder_note(stage->plan->recorder, NULL, _("check %s begins"), check->id);
    if (outcome == OUTCOME_SEEN) {
        stage->encounter.play = &act;
        if (extras > 0)
            speaking_name_extras(&act);
        stage->encounter.waits = waits_new(result->begin_ns);
        struct waits *waits = stage->encounter.waits;
        int64_t printed_bytes = stage->encounter.arena.output_bytes;
        check->play(&act);
        show_last_words(&act, printed_bytes);
        stage->encounter.waits = NULL; /* the play is over */
        waits_finish(waits, &result->timeline, &result->left_out);
        if (result->verdict != VERDICT_PASS)
            evidence_besides(result->evidence, &stage->encounter);
    } else if (outcome >= 0) {
        absence_find(&act, outcome);
    }
    if (outcome != OUTCOME_SEEN ||
        check->use == CHECK_GOES_ON || /* what it went on from is not undone */
        stage->encounter.arena.run_count > 0)
        stage_close(stage);
    else if (!is_gone_on_from(series, played))
        stage_clear(stage);
    return outcome < 0 ? outcome : act.error;
}

static void begin_result(struct check_result *result, const struct check *check)
{
    /* That of a scene stands in its assignment, and in no catalog. */
    *result = (struct check_result){.id = check->id, .title = _(check->title)};
    result->evidence = json_array();
    result->begin_ns = clock_now_ns();
}

/* Has it failed where another check may have done the damage? Not if by the clock, or if it never
 * rests: that would be waited for twice. */
static bool may_be_spoilt(const struct series *series, const struct played *played,
                          const struct check_result *result, unsigned met_before)
{
    return result->verdict != VERDICT_PASS && result->verdict != VERDICT_SKIPPED &&
           result->ground != GROUND_CLOCK && !result->is_afresh && !series->stage.starts_restless &&
           met_before > 0 && played->item.check->use != CHECK_GOES_ON &&
           !plays_alone(played->item.check) && !is_gone_on_from(series, played);
}

static int play_afresh(struct series *series, const struct played *played,
                       struct check_result *result)
{
    stage_close(&series->stage);
    check_result_release(result);
    begin_result(result, played->item.check);
    return play(series, played, result);
}

/* Whether a program dies may be a matter of luck, as of one that writes twice to a client that has
 * gone: where it has, it must live through the check twice to pass. */
static int play_again(struct series *series, const struct played *played,
                      struct check_result *result)
{
    int64_t begin_ns = result->begin_ns;
    bool has_ended = series->stage.is_open && series->stage.encounter.arena.has_ended;
    int error = play_afresh(series, played, result);
    if (error == 0 && result->verdict == VERDICT_PASS && has_ended)
        error = play_afresh(series, played, result);
    if (error == 0 && result->verdict == VERDICT_PASS)
        evidence_note(result->evidence, _("on the program as earlier checks had left it, this "
                                          "failed; started afresh, it passed"));
    result->begin_ns = begin_ns;
    return error;
}

/* The clock stops here for all that is still to be played. */
static bool is_overdue(const struct series *series)
{
    int64_t end_ns = series->plan->stage.arena.end_ns;
    return end_ns > 0 && clock_now_ns() > end_ns;
}

static bool may_be_played(struct series *series, const struct check *check)
{
    if (check->needs == NULL)
        return true;
    enum verdict needed = find_played(series, check->needs)->verdict;
    return check->use == CHECK_GOES_ON ? series->stage.is_open && needed != VERDICT_INCONCLUSIVE
                                       : needed == VERDICT_PASS;
}

static int run_check(struct series *series, struct played *played, struct check_result *result)
{
    const struct check *check = played->item.check;
    int error = 0;
    begin_result(result, check);
    change_stage(series, &played->item);
    unsigned met_before = series->stage.is_open ? series->stage.met : 0;
    const char *unplayable = check_unplayable(check, played->item.stage->conduct);
    if (unplayable != NULL) {
        result->verdict = VERDICT_SKIPPED;
        result->finding = _(unplayable);
    } else if (may_be_played(series, check) && is_overdue(series)) {
        result->verdict = VERDICT_FAIL;
        result->finding = _("not played: the time for the whole grading is used up");
        result->hint = _(limit_hint(LIMIT_GRADING));
        result->ground = GROUND_CLOCK;
        result->within_ns = series->plan->stage.arena.limits->grading_ns;
    } else if (may_be_played(series, check)) {
        error = play(series, played, result);
        if (error == 0 && may_be_spoilt(series, played, result, met_before) && !is_overdue(series))
            error = play_again(series, played, result);
    } else {
        result->verdict = VERDICT_SKIPPED;
        result->finding = check->use == CHECK_GOES_ON
                              ? _("not played")
                              : _("not played: a check that it needs did not pass");
    }
    result->duration_ns = clock_now_ns() - result->begin_ns;
    played->verdict = result->verdict;
    if (result->verdict == VERDICT_FAIL && check->play == play_in_turn)
        series->serves_only_once = true;
    if (series->serves_only_once)
        stage_close(&series->stage);
    return error;
}

/*** All of them ***/

static bool is_asked_about(const struct series_plan *plan, const struct series_item *item)
{
    return plan->only != NULL ? strcmp(plan->only, item->check->id) == 0 : !item->is_needed_only;
}

int series_run(const struct series_plan *plan, struct check_result results[SERIES_CHECKS_MAX],
               struct stage_run *run)
{
    struct series series = {.plan = plan};
    int count = 0;
    int error = 0;
    socket_raise_descriptor_limit(); /* for many clients; the submission inherits it */
    if (plan->only != NULL)
        enqueue(&series, plan->only);
    for (size_t i = 0; i < plan->count && plan->only == NULL; i++)
        enqueue(&series, plan->items[i].check->id);
    for (size_t i = 0; i < series.count && error == 0; i++) {
        struct check_result result;
        const struct check *check = series.played[i].item.check;
        series.stage.tokens = (struct token_source){.seed = plan->stage.seed, .scope = check->id};
        error = run_check(&series, &series.played[i], &result);
        bool is_reason = result.verdict == VERDICT_FAIL || result.verdict == VERDICT_INCONCLUSIVE;
        if (is_asked_about(plan, &series.played[i].item) || is_reason)
            results[count++] = result;
        else
            check_result_release(&result);
    }
    stage_close(&series.stage);
    stage_close(&series.reference);
    *run = series.stage.run;
    if (error == 0)
        return count;
    while (count > 0)
        check_result_release(&results[--count]);
    return error;
}
