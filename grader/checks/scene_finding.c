#include "grader/checks/scene_finding.h"

#include "base/language.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"
#include "text/printable.h"

#include <stdlib.h>

/* For predicates: the scene under way, and the player of its step. */
struct scene *scene_of(const struct encounter *encounter)
{
    const struct act *act = encounter->play;
    return act->scene;
}

struct player *scene_player(const struct encounter *encounter)
{
    return &encounter->players[scene_of(encounter)->player];
}

void scene_note_received(const struct scene *scene)
{
    const struct player *player = scene_player(scene->act->encounter);
    size_t count = player->received.length;
    if (player->transport == TRANSPORT_UDP && !player->has_datagram) {
        evidence_note(scene->act->result->evidence, _("%s got no datagram"), player->name);
        return;
    }
    char *shown = bytes_shown(bytes_front(&player->received), count, SHOWN_BYTES);
    evidence_note(scene->act->result->evidence,
                  player->stream == STREAM_RESET   ? _("%s got %zu bytes and a reset: \"%s\"")
                  : player->stream == STREAM_ENDED ? _("%s got %zu bytes and then the end: \"%s\"")
                                                   : _("%s got %zu bytes: \"%s\""),
                  player->name, count, shown);
    free(shown);
}

bool scene_has_pattern(const struct scene *scene)
{
    return scene->patterns.count > 0;
}

bool scene_find_patterns(struct scene *scene, const char *data, size_t count)
{
    return patterns_find(&scene->patterns, data, count, &scene->matched_bytes);
}

void scene_note_expected(const struct scene *scene, const struct bytes *got)
{
    const struct bytes *missing = patterns_missing(&scene->patterns, bytes_front(got), got->length);
    const struct bytes *expected = missing != NULL ? missing : &scene->text;
    char *shown = bytes_shown(bytes_front(expected), expected->length, SHOWN_BYTES);
    evidence_note(scene->act->result->evidence, _("expected: \"%s\""), shown);
    free(shown);
}

void scene_note_place(const struct scene *scene)
{
    struct act *act = scene->act;
    const struct player *player = scene_player(act->encounter);
    evidence_note(act->result->evidence, _("in step %u of the scene"), scene->step_number);
    if (scene->player < act->encounter->player_count && address_port(&player->local) != 0)
        evidence_connection(act->result->evidence, act->encounter, player);
    evidence_tasks(act->result->evidence, act->encounter);
}

void scene_find(const struct scene *scene, const char *finding)
{
    if (act_is_over(scene->act))
        return;
    scene_note_place(scene);
    act_find(scene->act, VERDICT_FAIL, finding, NULL);
}

bool scene_player_is_queued(struct encounter *encounter)
{
    return encounter_is_queued(encounter, scene_player(encounter));
}

bool scene_await(struct scene *scene, encounter_predicate *predicate)
{
    act_await_reaction(scene->act, predicate, scene_player_is_queued);
    return !act_is_over(scene->act);
}
