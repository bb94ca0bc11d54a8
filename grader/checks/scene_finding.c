#include "grader/checks/scene_finding.h"

#include "base/language.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"
#include "text/printable.h"

#include <stdlib.h>

bool scene_find_pattern(struct scene *scene, const char *data, size_t count)
{
    regmatch_t match = {.rm_so = 0, .rm_eo = (regoff_t)count};
    if (regexec(scene->pattern, data, 1, &match, REG_STARTEND) != 0)
        return false;
    scene->matched_bytes = (size_t)match.rm_eo;
    return true;
}

void scene_note_expected(const struct scene *scene)
{
    char *shown = bytes_shown(bytes_front(&scene->text), scene->text.length, SHOWN_BYTES);
    evidence_note(scene->act->result->evidence, _("expected: \"%s\""), shown);
    free(shown);
}

static void note_place(const struct scene *scene)
{
    struct act *act = scene->act;
    const struct player *player = &act->encounter->players[scene->player];
    evidence_note(act->result->evidence, _("in step %u of the scene"), scene->step_number);
    if (scene->player < act->encounter->player_count && address_port(&player->local) != 0)
        evidence_connection(act->result->evidence, act->encounter, player);
    evidence_tasks(act->result->evidence, act->encounter);
}

void scene_find(const struct scene *scene, const char *finding)
{
    if (act_is_over(scene->act))
        return;
    note_place(scene);
    act_find(scene->act, VERDICT_FAIL, finding, NULL);
}
