/* What is recognised in whatever pieces it comes (answer.h): lines, and responses of HTTP. */
#include "grader/checks/scene_answer.h"

#include "base/language.h"
#include "grader/assignment/assignment.h"
#include "grader/play/act.h"
#include "grader/play/answers.h"

struct http_setting scene_http_setting(struct scene *scene)
{
    struct act *act = scene->act;
    return (struct http_setting){.filling = scene->filling,
                                 .host =
                                     address_text(&scene_player(act->encounter)->server, act->host),
                                 .folder = act->stage->plan->material};
}

static bool is_decided_by_answer(struct encounter *encounter)
{
    struct act *act = encounter->play;
    struct player *player = scene_player(encounter);
    return act_is_answered(act, act->scene->player) || player->got == TAKEN_WRONG ||
           player->stream != STREAM_OPEN || encounter_is_stuck(encounter, player);
}

static void find_no_answer(struct scene *scene)
{
    struct act *act = scene->act;
    struct player *player = scene_player(act->encounter);
    act_take_answers(act, scene->player);
    if (player->stream != STREAM_OPEN)
        act_rest(act); /* of a server that is about to end this is seen first */
    if (player->got == TAKEN_WRONG || player->stream != STREAM_OPEN)
        act_has_seen(act);
    else if (act->latest.ground == GROUND_SEEN)
        act_note_standstill(act);
    scene_note_received(scene);
    act_note_awaited(act, player);
    scene_find(scene, player->received.length == 0 ? _("no answer") : _("the answer is wrong"));
}

/* Of what was added to the player's answers. */
static void expect_answer(struct scene *scene)
{
    struct act *act = scene->act;
    struct player *player = scene_player(act->encounter);
    if (scene_await(scene, is_decided_by_answer)) {
        if (act_is_answered(act, scene->player))
            act_note_deed(act, scene->player, _("is answered"), &player->last_taken);
        else
            find_no_answer(scene);
    }
    act_forget_answers(act, scene->player);
}

void scene_expect_line(struct scene *scene, const struct step *step)
{
    struct answer *line = answers_add(&scene_player(scene->act->encounter)->awaited, &answer_line);
    for (unsigned i = 0; i < step->expect_line_patterns_count; i++)
        patterns_add(&line->patterns, step->expect_line_patterns[i], &scene->filling);
    expect_answer(scene);
}

void scene_expect_http(struct scene *scene, const struct step *step)
{
    const struct http_setting setting = scene_http_setting(scene);
    http_message_await(&scene_player(scene->act->encounter)->awaited, step->expect_http,
                       &step->message, &setting, scene->clients[scene->player].asks_for_head);
    expect_answer(scene);
}
