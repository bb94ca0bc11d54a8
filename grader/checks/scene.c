/* Theory of operation: steps are played in order. Text is sent as it is; what is expected is waited
 * for until it is there or until the kernel shows that it will not come. The first expectation that
 * is not met ends the scene. Each step with points that is met earns them.
 */
#include "grader/checks/scene.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/checks/scene_expect.h"
#include "grader/checks/scene_program.h"
#include "grader/play/acts.h"

#include <string.h>

/*** Clients ***/

static bool is_new_client(const struct step *steps, size_t at)
{
    if (steps[at].client == NULL)
        return false;
    for (size_t i = 0; i < at; i++)
        if (steps[i].client != NULL && strcmp(steps[i].client, steps[at].client) == 0)
            return false;
    return true;
}

size_t scene_count_clients(const struct step *steps, size_t count)
{
    size_t clients = 0;
    for (size_t i = 0; i < count; i++)
        clients += is_new_client(steps, i);
    return clients;
}

/* Players are numbered in the order in which the steps first name them. */
static size_t player_of(const struct assigned_check *scene, const char *client)
{
    size_t player = 0;
    for (size_t i = 0; i < scene->steps_count; i++) {
        if (!is_new_client(scene->steps, i))
            continue;
        if (strcmp(scene->steps[i].client, client) == 0)
            return player;
        player++;
    }
    return 0;
}

static void name_clients(struct act *act)
{
    size_t player = 0;
    for (size_t i = 0; i < act->assigned->steps_count; i++)
        if (is_new_client(act->assigned->steps, i)) {
            struct player *one = &act->encounter->players[player++];
            one->name = one->id = act->assigned->steps[i].client;
        }
}

/*** Texts ***/

static unsigned port_of_client(void *context, const struct placeholder *placeholder)
{
    const struct scene *scene = context;
    const struct assigned_check *assigned = scene->act->assigned;
    for (size_t i = 0; i < assigned->steps_count; i++) {
        const char *client = assigned->steps[i].client;
        if (client != NULL && placeholder_is_named(placeholder, client))
            return address_port(&scene->act->encounter->players[player_of(assigned, client)].local);
    }
    const struct stage_plan *plan = scene->act->stage->plan;
    for (size_t i = 0; i < plan->port_count; i++)
        if (placeholder_is_named(placeholder, plan->ports[i].name))
            return plan->ports[i].port;
    return 0;
}

/* The text with its placeholders filled in; to be released. */
static struct bytes fill_in(struct scene *scene, const char *text, enum text_use use)
{
    return scene_fill_in(text, use, &scene->tokens, port_of_client, scene);
}

static bool is_known(const struct placeholder *placeholder, const struct assignment *assignment,
                     const struct assigned_check *scene)
{
    if (placeholder_is(placeholder, "token") || placeholder_is_hex(placeholder))
        return true;
    if (!placeholder_is(placeholder, "port"))
        return false;
    for (size_t i = 0; i < scene->steps_count; i++)
        if (scene->steps[i].client != NULL &&
            placeholder_is_named(placeholder, scene->steps[i].client))
            return true;
    for (size_t i = 0; i < assignment->programs.list_count; i++)
        if (assignment->programs.list[i].port != NULL &&
            placeholder_is_named(placeholder, assignment->programs.list[i].name))
            return true;
    for (size_t i = 0; i < assignment->besides_count; i++)
        if (assignment->besides[i].port != 0 &&
            placeholder_is_named(placeholder, assignment->besides[i].name))
            return true;
    return false;
}

char *scene_text_unknown(const char *text, const struct assignment *assignment,
                         const struct assigned_check *scene)
{
    struct placeholder placeholder;
    for (; placeholder_find(text, &placeholder); text = placeholder.begin + placeholder.length)
        if (!is_known(&placeholder, assignment, scene))
            return text_of("%.*s", (int)placeholder.length, placeholder.begin);
    return NULL;
}

/*** Doing ***/

static void say(struct scene *scene, const char *text, bool is_slow)
{
    struct act *act = scene->act;
    struct bytes said = fill_in(scene, text, TEXT_IS_BYTES);
    size_t count = said.length;
    size_t at_once = is_slow ? 1 : count;
    for (size_t sent = 0; sent < count && !act_is_over(act); sent += at_once) {
        act_say_bytes(act, scene->player, bytes_front(&said) + sent, at_once);
        if (is_slow)
            act_rest(act);
    }
    act_note_deed(act, scene->player, _("says"), &said);
    bytes_release(&said);
}

static void type(struct scene *scene, const char *text)
{
    struct bytes typed = fill_in(scene, text, TEXT_IS_BYTES);
    scene_type(scene, &typed);
    bytes_release(&typed);
}

static void settle(struct act *act, size_t player)
{
    (void)player;
    act_settle(act);
}

static void press_enter(struct act *act, size_t player)
{
    (void)player;
    act_press_enter(act);
}

static void (*const deeds[])(struct act *act, size_t player) = {
    [DEED_CONNECT] = act_come,  [DEED_ACCEPT] = act_accept, [DEED_HALF_CLOSE] = act_half_close,
    [DEED_CLOSE] = act_close,   [DEED_RESET] = act_reset,   [DEED_SETTLE] = settle,
    [DEED_ENTER] = press_enter,
};

/*** All of it ***/

/* The text or the pattern that the step expects, or NULL. */
static const char *text_of_step(const struct step *step)
{
    return step->expect != NULL             ? step->expect
           : step->expect_file != NULL      ? step->expect_file->text
           : step->expect_no_output != NULL ? step->expect_no_output
                                            : step->expect_output;
}

static const char *pattern_of_step(const struct step *step)
{
    return step->expect_pattern != NULL ? step->expect_pattern
           : step->expect_file != NULL  ? step->expect_file->pattern
                                        : step->expect_output_pattern;
}

static void play_step(struct scene *scene, const struct step *step)
{
    struct act *act = scene->act;
    const char *text = text_of_step(step);
    const char *pattern = pattern_of_step(step);
    scene->text = pattern != NULL ? fill_in(scene, pattern, TEXT_IS_PATTERN)
                                  : fill_in(scene, text != NULL ? text : "", TEXT_IS_BYTES);
    scene->player = step->client != NULL ? player_of(act->assigned, step->client) : 0;
    scene_choose_run(scene, step);
    if (step->deed == DEED_START)
        scene_start(scene, step);
    else if (step->deed != DEED_NONE)
        deeds[step->deed](act, scene->player);
    if (step->send != NULL)
        say(scene, step->send, false);
    if (step->send_slowly != NULL)
        say(scene, step->send_slowly, true);
    for (unsigned i = 0; i < step->type_count; i++)
        type(scene, step->type[i]);
    act->encounter->within_ns = (int64_t)(step->within_s * 1e9);
    scene_expect(scene, step);
    act->encounter->within_ns = 0;
    bytes_release(&scene->text);
}

void scene_play(struct act *act)
{
    struct scene scene = {.act = act,
                          .tokens.source = &act->stage->tokens,
                          .used_bytes = {act->encounter->arena.output_bytes}};
    act->scene = &scene;
    name_clients(act);
    double earned = 0;
    for (unsigned i = 0; i < act->assigned->steps_count && !act_is_over(act); i++) {
        scene.step_number = i + 1;
        play_step(&scene, &act->assigned->steps[i]);
        if (!act_is_over(act))
            earned += act->assigned->steps[i].points;
    }
    act_find(act, VERDICT_PASS, _("everything as expected"), NULL);
    if (act->result->verdict == VERDICT_FAIL && earned > 0) {
        act->result->verdict = VERDICT_PARTIAL;
        act->result->earned = earned;
    }
    scene_tokens_release(&scene.tokens);
}
