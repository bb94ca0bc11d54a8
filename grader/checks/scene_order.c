/* Theory of operation: what has come to a client is known to have come between two looks. One that
 * has come before another one's time began was first; where both times overlap, it is not known.
 */
#include "grader/checks/scene_order.h"

#include "base/language.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"
#include "grader/protocols/answer.h"

static bool is_expected(const struct step *step)
{
    return scene_expectation_is_ordered(step) || step->expect_http != NULL;
}

bool scene_expectation_is_ordered(const struct step *step)
{
    return step->expect != NULL || step->expect_patterns_count > 0 ||
           step->expect_line_patterns_count > 0 || step->expect_event == EVENT_END;
}

const struct step *scene_next_expectation(const struct assigned_check *scene,
                                          const struct step *step, const char *client)
{
    for (step++; step < scene->steps + scene->steps_count; step++)
        if (step_is_of(step, client) && is_expected(step))
            return step;
    return NULL;
}

/* Has as much come as the text has? */
static bool has_text(const struct scene *scene, const struct player *player, const char *text)
{
    struct bytes filled = text_fill_in(text, TEXT_IS_BYTES, &scene->filling);
    bool is_there = player->transport == TRANSPORT_UDP ? player->has_datagram
                                                       : player->received.length >= filled.length;
    bytes_release(&filled);
    return is_there;
}

static bool has_patterns(const struct scene *scene, const struct player *player,
                         const struct step *step)
{
    struct patterns patterns = {0};
    size_t end = 0;
    const struct bytes searched = player_searched(player);
    for (unsigned i = 0; i < step->expect_patterns_count; i++)
        patterns_add(&patterns, step->expect_patterns[i], &scene->filling);
    bool is_there = searched.length > 0 &&
                    patterns_find(&patterns, bytes_front(&searched), searched.length, &end);
    patterns_release(&patterns);
    return is_there;
}

static bool has_line(const struct player *player)
{
    size_t line_bytes = 0;
    const struct incoming incoming = {.data = bytes_front(&player->received),
                                      .count = player->received.length};
    return line_find(&incoming, &line_bytes) > 0;
}

/* Is the expectation complete, whether or not it is right? scene->player is its client. */
static bool is_complete(const struct scene *scene, const struct step *step)
{
    const struct player *player = scene_player(scene->act->encounter);
    return step->expect != NULL                   ? has_text(scene, player, step->expect)
           : step->expect_patterns_count > 0      ? has_patterns(scene, player, step)
           : step->expect_line_patterns_count > 0 ? has_line(player)
                                                  : player->stream != STREAM_OPEN;
}

static void find_order(struct scene *scene, const struct player *one, const struct player *other)
{
    struct act *act = scene->act;
    evidence_note(act->result->evidence, _("%s got it ahead of %s"), other->name, one->name);
    if (other->arrival.last_ns < one->arrival.before_last_ns) {
        scene_find(scene, _("the other one came first"));
        return;
    }
    evidence_note(act->result->evidence, _("in step %u of the scene"), scene->step_number);
    act_find(act, VERDICT_INCONCLUSIVE, _("which came first was not seen"),
             _("Both came between two looks; grade it again on a machine that is less busy."));
}

void scene_judge_order(struct scene *scene, const struct step *step)
{
    if (step->ahead_of == NULL || act_is_over(scene->act))
        return;
    const struct step *next = scene_next_expectation(scene->act->assigned, step, step->ahead_of);
    size_t one = scene->player;
    scene->player = scene_cast_find(&scene->cast, step->ahead_of);
    bool is_there = is_complete(scene, next);
    const struct player *other = scene_player(scene->act->encounter);
    scene->player = one;
    if (is_there)
        find_order(scene, scene_player(scene->act->encounter), other);
}
