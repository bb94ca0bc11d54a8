/* Theory of operation: checks are played in one order, each on the stage as the one before it has
 * left it, or on a fresh one. A check that needs one that has not passed is skipped: its failure
 * would only repeat the other's.
 */
#include "grader/series.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/socket.h"
#include "grader/acts.h"
#include "grader/checks.h"
#include "grader/evidence.h"
#include "observe/descriptor.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct series {
    const struct series_plan *plan;
    struct stage stage;
    bool serves_only_once;                    /* each check then needs a fresh one */
    enum verdict verdicts[SERIES_CHECKS_MAX]; /* by place in checks[]; of those played */
};

static size_t place_of(const char *id)
{
    size_t place = 0;
    while (strcmp(checks[place]->id, id) != 0)
        place++;
    return place;
}

/* What is said of the server asks for the check of it. */
static bool is_asked_for(const struct stage_plan *stage, const struct check *check)
{
    return (check == &check_stop_word && stage->stop_word != NULL) ||
           (check == &check_is_model && stage->model != NULL) ||
           (check == &check_ends_when && stage->ends_when != NULL);
}

static bool is_selected(const struct series_plan *plan, const struct check *check)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->selected[i] == check)
            return true;
    return plan->count == 0 && (!check->only_on_request || is_asked_for(&plan->stage, check));
}

/* Is it selected, or needed by one that is? */
static bool is_wanted(const struct series_plan *plan, const struct check *check)
{
    if (is_selected(plan, check))
        return true;
    for (size_t i = 0; checks[i] != NULL; i++) {
        const char *needs = checks[i]->needs;
        if (needs != NULL && strcmp(needs, check->id) == 0 && is_wanted(plan, checks[i]))
            return true;
    }
    return false;
}

/*** One check ***/

static bool has_socket(const struct task_list *tasks)
{
    for (size_t i = 0; i < tasks->count; i++)
        if (process_has_socket(tasks->tasks[i].tid))
            return true;
    return false;
}

/* As POSIX has it of a command that is not executable or not found. */
static bool shell_could_not_run(int wait_status)
{
    return WIFEXITED(wait_status) &&
           (WEXITSTATUS(wait_status) == 126 || WEXITSTATUS(wait_status) == 127);
}

/* In words, what ended the wait for a listener. */
static void name_absence(struct act *act, int outcome)
{
    const struct arena *arena = &act->scene->arena;
    if (arena->limit != LIMIT_NONE)
        act_find(act, VERDICT_FAIL, limit_text(arena->limit), limit_hint(arena->limit));
    if (outcome == OUTCOME_ENDED && shell_could_not_run(arena->wait_status))
        act_find(act, VERDICT_FAIL, "cannot be run",
                 "Its first line must name a program that is there (#!), without a Windows line "
                 "end, and the file must be executable.");
    if (outcome == OUTCOME_ENDED)
        act_find(act, VERDICT_FAIL, "ended before it listened", "Read what it printed.");
    if (outcome == OUTCOME_SETTLED && arena->has_ended)
        act_find(act, VERDICT_FAIL, "ended, and what it left running does not listen",
                 "The program goes into the background, and nothing there calls listen().");
    if (outcome == OUTCOME_SETTLED && scene_count_ports(act->scene) > 0)
        act_find(act, VERDICT_FAIL, "listens on another port",
                 "bind() the port that is asked for.");
    if (outcome == OUTCOME_SETTLED && has_socket(&act->scene->settle.current.tasks))
        act_find(act, VERDICT_FAIL, "has a socket that does not listen",
                 "Is it a TCP socket (AF_INET, SOCK_STREAM), and is listen() called after bind()?");
    if (outcome == OUTCOME_SETTLED)
        act_find(
            act, VERDICT_FAIL, "does not listen",
            "The program waits for something else, perhaps for its keyboard, before listen().");
    if (outcome == OUTCOME_UNSEEN)
        act_find(act, VERDICT_INCONCLUSIVE, "cannot be inspected", SCENE_UNSEEN_HINT);
    act_find(act, VERDICT_INCONCLUSIVE, "did not listen in time",
             "The program was still busy; give it more time with --patience.");
}

static void find_not_listening(struct act *act, int outcome)
{
    bool is_known =
        outcome == OUTCOME_ENDED || outcome == OUTCOME_SETTLED || scene_is_stopped(act->scene);
    name_absence(act, outcome);
    if (!is_known)
        act->result->decided_by = DECIDED_BY_TIMEOUT;
    if (scene_count_ports(act->scene) > 0)
        evidence_any_listener(act->result->evidence, act->scene);
    evidence_tasks(act->result->evidence, act->scene);
    evidence_end(act->result->evidence, act->scene);
}

static void name_players(struct act *act, char names[][32])
{
    for (size_t i = 0; i < act->scene->player_count; i++) {
        snprintf(names[i], sizeof names[i], "client %zu", i + 1);
        act->scene->players[i].name = names[i];
    }
}

static int play(struct series *series, const struct check *check, struct check_result *result)
{
    struct stage *stage = &series->stage;
    struct act act = {.stage = stage, .scene = &stage->scene, .result = result};
    char(*names)[32] = allocate(check->players + 1, sizeof *names);
    act.parts = allocate(check->players + 1, sizeof *act.parts);
    int outcome = stage_enter(stage, check->players);
    if (outcome == OUTCOME_SEEN) {
        name_players(&act, names);
        check->play(&act);
    } else if (outcome >= 0) {
        find_not_listening(&act, outcome);
    }
    if (outcome == OUTCOME_SEEN)
        stage_clear(stage);
    else
        stage_close(stage);
    for (size_t i = 0; i < check->players; i++) {
        bytes_release(&act.parts[i].said);
        bytes_release(&act.parts[i].expected);
    }
    free(act.parts);
    free(names);
    return outcome < 0 ? outcome : act.error;
}

static bool may_be_played(const struct series *series, const struct check *check)
{
    return check->needs == NULL || series->verdicts[place_of(check->needs)] == VERDICT_PASS;
}

static int run_check(struct series *series, size_t place, struct check_result *result)
{
    const struct check *check = checks[place];
    *result = (struct check_result){.id = check->id, .title = check->title};
    result->evidence = json_array();
    int64_t begin_ns = clock_now_ns();
    int error = 0;
    if (may_be_played(series, check)) {
        error = play(series, check, result);
    } else {
        result->verdict = VERDICT_SKIPPED;
        result->finding = "not played, as what it needs is not there";
    }
    result->duration_ns = clock_now_ns() - begin_ns;
    series->verdicts[place] = result->verdict;
    if (result->verdict == VERDICT_FAIL && check == &check_every_client_in_turn)
        series->serves_only_once = true;
    if (series->serves_only_once)
        stage_close(&series->stage);
    return error;
}

/*** All of them ***/

int series_run(const struct series_plan *plan, struct check_result results[SERIES_CHECKS_MAX],
               struct series_run *run)
{
    struct series series = {.plan = plan};
    int count = 0;
    int error = 0;
    socket_raise_descriptor_limit(); /* ours for many clients, and through us the submission's */
    stage_init(&series.stage, &plan->stage);
    for (size_t place = 0; checks[place] != NULL && error == 0; place++) {
        struct check_result result;
        if (!is_wanted(plan, checks[place]))
            continue;
        error = run_check(&series, place, &result);
        bool is_reason = result.verdict == VERDICT_FAIL || result.verdict == VERDICT_INCONCLUSIVE;
        if (is_selected(plan, checks[place]) || is_reason)
            results[count++] = result;
        else
            json_decref(result.evidence);
    }
    stage_release(&series.stage);
    *run = (struct series_run){
        .isolation = series.stage.isolation,
        .left_running = series.stage.left_running,
        .trouble = series.stage.trouble,
    };
    if (error == 0)
        return count;
    while (count > 0)
        json_decref(results[--count].evidence);
    return error;
}
