/* Theory of operation: the submission itself is started before its scene, with the terminal that
 * it has anyway; others are started by steps, each with a terminal of its own, in the same network
 * and under the same limits. What a program has printed is used up by what is expected of it, as
 * bytes on a connection are.
 */
#include "grader/checks/scene_program.h"

#include "base/language.h"
#include "grader/assignment/assignment.h"
#include "grader/checks/scene_finding.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"
#include "observe/wait.h"
#include "text/printable.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

/*** Which ***/

const char *step_program_name(const struct step *step)
{
    return step->as != NULL ? step->as : step->program;
}

void scene_choose_run(struct scene *scene, const struct step *step)
{
    const struct act *act = scene->act;
    const struct arena *arena = &act->encounter->arena;
    const char *name = step_program_name(step);
    scene->run = ARENA_SUBMISSION;
    for (size_t i = 0; i < arena->run_count && name != NULL; i++)
        if (strcmp(arena->runs[i].name, name) == 0)
            scene->run = i;
}

/*** Starting ***/

void scene_start(struct scene *scene, const struct step *step)
{
    struct act *act = scene->act;
    const struct stage_plan *plan = act->stage->plan;
    size_t other = 0;
    while (other < plan->program_count && strcmp(plan->programs[other].name, step->program) != 0)
        other++;
    assert(other < plan->program_count); /* the assignment has been checked */
    if (act_is_over(act))
        return;
    if (plan->programs[other].command == NULL) {
        act_find(act, VERDICT_INCONCLUSIVE, _("it starts another program of the submission"),
                 _("Grade a folder: a command is one program only."));
        return;
    }
    int run = arena_start_run(&act->encounter->arena, (unsigned)other, step_program_name(step));
    if (run < 0) {
        act->error = run;
        return;
    }
    scene->run = (size_t)run;
    act_note_deed(act, act_actor_of_run(scene->run), _("starts"), NULL);
}

/*** Typing ***/

static bool is_terminal(const struct task *task, int fd, dev_t terminal)
{
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", task->tid, fd);
    return stat(path, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == terminal;
}

static bool waits_for_keyboard(const struct task *task, dev_t terminal)
{
    struct wait wait;
    wait_read_without_limit(&wait, task);
    if (wait.kind != WAIT_RECEIVE && wait.kind != WAIT_READY && wait.kind != WAIT_RING)
        return false;
    for (size_t i = 0; i < wait.descriptor_count; i++)
        if (is_terminal(task, wait.descriptors[i], terminal))
            return true;
    return false;
}

static bool is_read_from(struct encounter *encounter)
{
    const struct arena_run run = arena_look_at(&encounter->arena, scene_of(encounter)->run);
    const struct task_list *tasks = &encounter->settle.current.tasks;
    for (size_t i = 0; i < tasks->count; i++)
        if (waits_for_keyboard(&tasks->tasks[i], run.terminal))
            return true;
    return run.has_ended;
}

void scene_type(struct scene *scene, const struct bytes *text)
{
    struct act *act = scene->act;
    if (!act_is_over(act))
        act_go_on(act, await_reaction(act->encounter, is_read_from, NULL));
    if (!act_is_over(act))
        arena_type(&act->encounter->arena, scene->run, text);
    act_note_deed(act, scene->run == ARENA_SUBMISSION ? ACT_NOBODY : act_actor_of_run(scene->run),
                  scene->run == ARENA_SUBMISSION ? _("types") : _("is typed"), text);
}

/*** Output ***/

/* Whatever the submission had printed before the scene is used up. */
static int64_t *used_bytes(struct scene *scene)
{
    static const size_t room = sizeof scene->used_bytes / sizeof scene->used_bytes[0];
    size_t place = scene->run == ARENA_SUBMISSION ? 0 : scene->run + 1;
    assert(place < room);
    return &scene->used_bytes[place];
}

/* What was printed since, as far as it is kept. */
static struct bytes new_output(struct scene *scene)
{
    const struct arena_run run = arena_look_at(&scene->act->encounter->arena, scene->run);
    struct bytes output = run.output;
    int64_t printed = run.output_bytes - *used_bytes(scene);
    if (printed < (int64_t)output.length)
        bytes_consume(&output, output.length - (size_t)printed);
    return output;
}

static bool has_printed(struct encounter *encounter)
{
    struct scene *scene = scene_of(encounter);
    const struct bytes printed = new_output(scene);
    if (scene_has_pattern(scene))
        return printed.length > 0 &&
               scene_find_patterns(scene, bytes_front(&printed), printed.length);
    const char *found = printed.length == 0 ? NULL
                                            : memmem(bytes_front(&printed), printed.length,
                                                     bytes_front(&scene->text), scene->text.length);
    scene->matched_bytes =
        found != NULL ? (size_t)(found - bytes_front(&printed)) + scene->text.length : 0;
    return found != NULL;
}

static void note_printed(struct scene *scene)
{
    struct act *act = scene->act;
    const struct bytes printed = new_output(scene);
    size_t last = printed.length < SHOWN_BYTES ? printed.length : SHOWN_BYTES;
    char *shown = bytes_shown(bytes_front(&printed) + (printed.length - last), last, last);
    evidence_note(act->result->evidence, _("it printed %zu bytes, ending in: \"%s\""),
                  printed.length, shown);
    free(shown);
    scene_note_expected(scene, &printed);
    if (scene->run != ARENA_SUBMISSION)
        evidence_run(act->result->evidence, act->encounter, scene->run);
}

void scene_expect_output(struct scene *scene)
{
    struct act *act = scene->act;
    if (act_await_reaction(act, has_printed, NULL)) {
        const struct arena_run run = arena_look_at(&act->encounter->arena, scene->run);
        *used_bytes(scene) =
            run.output_bytes - (int64_t)(new_output(scene).length - scene->matched_bytes);
        act_note_deed(act, act_actor_of_run(scene->run), _("prints"), &scene->text);
        return;
    }
    if (act_is_over(act))
        return;
    note_printed(scene);
    scene_find(scene, _("not printed"));
}

void scene_expect_no_output(struct scene *scene)
{
    if (!act_await_silence(scene->act, has_printed))
        return;
    note_printed(scene);
    scene_find(scene, _("something unexpected was printed"));
}

/*** The end ***/

static bool has_ended(struct encounter *encounter)
{
    return arena_look_at(&encounter->arena, scene_of(encounter)->run).has_ended;
}

/* Of the submission, all that it has started. */
static bool await_end(struct scene *scene)
{
    return scene->run == ARENA_SUBMISSION ? act_await_end(scene->act)
                                          : act_await_deed(scene->act, has_ended);
}

void scene_expect_exit(struct scene *scene, int code)
{
    struct act *act = scene->act;
    bool is_over = await_end(scene);
    if (act_is_over(act))
        return;
    if (!is_over) {
        scene->player = 0; /* the first client stands for all */
        scene_find(scene, _("the program does not end"));
        return;
    }
    int status = arena_look_at(&act->encounter->arena, scene->run).wait_status;
    if (WIFEXITED(status) && WEXITSTATUS(status) == code) {
        act_note_deed(act, act_actor_of_run(scene->run), _("ends"), NULL);
        return;
    }
    evidence_note(act->result->evidence, _("expected: exit code %d"), code);
    evidence_run(act->result->evidence, act->encounter, scene->run);
    scene_find(scene, _("the program ended in the wrong way"));
}
