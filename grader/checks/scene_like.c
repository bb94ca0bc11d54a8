/* Theory of operation: the scene is first played on the reference, where each such step notes what
 * its client has got since its last expectation; the same scene on the submission then waits until
 * its client has got that and all rests, or has got something else.
 */
#include "grader/checks/scene_like.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/checks/scene_finding.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"

#include <stdlib.h>

void scene_recording_release(struct scene_recording *recording)
{
    for (size_t i = 0; i < recording->count; i++)
        got_release(&recording->all[i]);
    free(recording->all);
    *recording = (struct scene_recording){.all = NULL};
}

bool scene_asks_reference(const struct assigned_check *scene)
{
    for (unsigned i = 0; i < scene->steps_count; i++)
        if (scene->steps[i].expect_like == LIKE_REFERENCE)
            return true;
    return false;
}

bool scene_step_is_for_reference(const struct step *step)
{
    return step->expect_output == NULL && step->expect_output_patterns == NULL &&
           step->expect_no_output == NULL && step->expect_file == NULL &&
           step->expect_exit == NULL && step->expect_states == NULL &&
           step->expect_event != EVENT_ACCEPTED && step->expect_event != EVENT_WAITING;
}

/*** On the reference ***/

static void note(struct scene *scene, struct player *player)
{
    struct scene_recording *recording = scene->recording;
    recording->all = grow_by_one(recording->all, recording->count, sizeof *recording->all);
    struct got *got = &recording->all[recording->count++];
    *got = (struct got){.has_ended = false};
    got_note(got, scene->act->encounter, player);
    bytes_consume(&player->received, player->received.length);
}

/*** On the submission ***/

static const struct got *wanted_by(const struct scene *scene)
{
    return &scene->recording->all[scene->recording->next];
}

static bool is_clear(struct encounter *encounter)
{
    const struct scene *scene = scene_of(encounter);
    const struct player *player = scene_player(encounter);
    enum alikeness alikeness =
        likeness_compare(scene->likeness, encounter, player, wanted_by(scene));
    return alikeness == UNLIKE ||
           (alikeness == ALIKE && (encounter_is_resting(encounter) || encounter->is_restless)) ||
           encounter_is_stuck(encounter, player);
}

static void compare(struct scene *scene, struct player *player)
{
    struct act *act = scene->act;
    if (!scene_await(scene, is_clear))
        return;
    if (likeness_compare(scene->likeness, act->encounter, player, wanted_by(scene)) == ALIKE) {
        act_note_deed(act, scene->player, _("is answered like the reference"), &player->received);
        bytes_consume(&player->received, player->received.length);
        scene->recording->next++;
        return;
    }
    if (player->stream != STREAM_OPEN)
        act_rest(act); /* of a server that is about to end this is seen first */
    if (act_is_over(act))
        return;
    scene->recording->is_unlike = true;
    likeness_note(scene->likeness, act->result->evidence, player, wanted_by(scene));
    scene_find(scene, _("it answers otherwise than the reference"));
}

void scene_expect_like(struct scene *scene, const struct step *step)
{
    struct likeness likeness;
    struct player *player = scene_player(scene->act->encounter);
    likeness_init(&likeness, step->ignoring, step->ignoring_count);
    scene->likeness = &likeness;
    if (!scene->is_rehearsal)
        compare(scene, player);
    else if (!act_is_over(scene->act))
        note(scene, player);
    likeness_release(&likeness);
    scene->likeness = NULL;
}

/*** Two runs of the reference ***/

bool scene_recording_is_same(const struct assigned_check *scene, const struct scene_recording *one,
                             const struct scene_recording *other, unsigned *step)
{
    size_t at = 0;
    bool is_same = one->count == other->count;
    for (unsigned i = 0; i < scene->steps_count && is_same; i++) {
        struct likeness likeness;
        size_t clients = 0;
        if (scene->steps[i].expect_like != LIKE_REFERENCE)
            continue;
        step_clients(&scene->steps[i], &clients);
        likeness_init(&likeness, scene->steps[i].ignoring, scene->steps[i].ignoring_count);
        for (size_t n = 0; n < clients && at < one->count && is_same; n++, at++)
            is_same = likeness_is_same(&likeness, &one->all[at], &other->all[at]);
        likeness_release(&likeness);
        *step = i + 1;
    }
    return is_same;
}
