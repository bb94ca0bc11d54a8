/* Theory of operation: steps are played in order. Text is sent as it is; what is expected is waited
 * for until it is there or until the kernel shows that it will not come. The first expectation that
 * is not met ends the scene. Each step with points that is met earns them.
 */
#include "grader/checks/scene.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/checks/scene_answer.h"
#include "grader/checks/scene_expect.h"
#include "grader/checks/scene_like.h"
#include "grader/checks/scene_program.h"
#include "grader/checks/scene_time.h"
#include "grader/oracle/reference.h"
#include "grader/play/answers.h"
#include "grader/play/evidence.h"
#include "grader/play/partings.h"
#include "grader/play/recorder.h"
#include "grader/play/restarts.h"

#include <string.h>

/*** Clients ***/

size_t scene_count_clients(const struct step *steps, size_t count)
{
    struct scene_cast cast;
    scene_cast_read(&cast, steps, count);
    return cast.count;
}

static void name_clients(struct scene *scene)
{
    struct encounter *encounter = scene->act->encounter;
    for (size_t i = 0; i < scene->cast.count; i++) {
        struct player *player = &encounter->players[i];
        player->name = player->id = scene->cast.names[i];
        player->transport =
            assigned_transport(scene->act->assigned, player->name, encounter->transport);
    }
}

/*** Texts ***/

static unsigned port_of_client(void *context, const struct placeholder *placeholder)
{
    const struct scene *scene = context;
    size_t player = scene_cast_named(&scene->cast, placeholder);
    if (player < scene->cast.count)
        return address_port(&scene->act->encounter->players[player].local);
    const struct stage_plan *plan = scene->act->stage->plan;
    for (size_t i = 0; i < plan->port_count; i++)
        if (placeholder_is_named(placeholder, plan->ports[i].name))
            return plan->ports[i].port;
    return 0;
}

static const char *who_of_client(void *context, const struct placeholder *placeholder)
{
    const struct scene *scene = context;
    bool is_named = placeholder->name_length > 0;
    return act_who(scene->act,
                   is_named ? scene_cast_named(&scene->cast, placeholder) : scene->player);
}

/* All values are drawn before the first step, in the order in which they are written. */
static void draw_values(struct scene *scene)
{
    const struct assigned_check *assigned = scene->act->assigned;
    struct step_text text;
    for (unsigned i = 0; i < assigned->steps_count; i++)
        for (size_t n = 0; step_text(&assigned->steps[i], n, &text); n++)
            if (text.text != NULL)
                values_draw(&scene->values, &scene->act->stage->tokens, text.text);
    scene->act->result->values = values_describe(&scene->values);
}

/*** Doing ***/

/* The values and words in what is repeated are the same each time. */
static struct bytes repeat(const struct bytes *text, int64_t times)
{
    struct bytes repeated = {0};
    for (int64_t i = 0; i < times; i++)
        bytes_append(&repeated, bytes_front(text), text->length);
    return repeated;
}

static void say_often(struct scene *scene, const struct step_said *what)
{
    struct act *act = scene->act;
    struct bytes one = text_fill_in(what->repeat, TEXT_IS_BYTES, &scene->filling);
    struct bytes said = repeat(&one, what->times);
    act_say_silently(act, scene->player, bytes_front(&said), said.length);
    bytes_release(&one);
    bytes_release(&said);
}

static void say(struct scene *scene, const char *text, bool is_slow)
{
    struct act *act = scene->act;
    struct bytes said = text_fill_in(text, TEXT_IS_BYTES, &scene->filling);
    size_t count = said.length;
    size_t at_once = is_slow ? 1 : count;
    if (count == 0) /* an empty datagram */
        act_say_bytes(act, scene->player, "", 0);
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
    struct bytes typed = text_fill_in(text, TEXT_IS_BYTES, &scene->filling);
    scene_type(scene, &typed);
    bytes_release(&typed);
}

static void ask(struct scene *scene, const struct step *step)
{
    struct bytes said = {0};
    struct act *act = scene->act;
    const struct http_setting setting = scene_http_setting(scene);
    http_message_write(&said, step->http, &step->message, &setting);
    scene->clients[scene->player].asks_for_head = http_request_is_head(step->http);
    act_say_silently(act, scene->player, bytes_front(&said), said.length);
    bytes_release(&said);
}

static void join(struct act *act, size_t player)
{
    bool was_decided = act->is_decided;
    act_greet(act, player);
    for (size_t i = 0; i < act->encounter->player_count; i++)
        act_forget_answers(act, i);
    if (act->is_decided && !was_decided)
        evidence_note(act->result->evidence, _("in step %u of the scene"), act->scene->step_number);
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

static void stop(struct act *act, size_t player)
{
    (void)player;
    act_stop(act);
}

static void kill_it(struct act *act, size_t player)
{
    (void)player;
    act_kill(act);
}

static void restart(struct act *act, size_t player)
{
    (void)player;
    act_restart(act);
}

static void (*const deeds[])(struct act *act, size_t player) = {
    [DEED_CONNECT] = act_come,
    [DEED_JOIN] = join,
    [DEED_ACCEPT] = act_accept,
    [DEED_CLOSE] = act_close,
    [DEED_RESET] = act_reset,
    [DEED_HALF_CLOSE] = act_half_close,
    [DEED_SETTLE] = settle,
    [DEED_ENTER] = press_enter,
    [DEED_STOP] = stop,
    [DEED_KILL] = kill_it,
    [DEED_RESTART] = restart,
    [DEED_STOP_READING] = act_stop_reading,
    [DEED_RESUME_READING] = act_resume_reading,
};

/*** All of it ***/

/* A client's first step connects it. */
static void come_first(struct scene *scene, const struct step *step)
{
    struct scene_client *client = &scene->clients[scene->player];
    bool comes_itself =
        step->deed == DEED_CONNECT || step->deed == DEED_ACCEPT || step->deed == DEED_LISTEN;
    if (!client->has_come && !comes_itself)
        act_come(scene->act, scene->player);
    client->has_come = true;
}

static void do_step(struct scene *scene, const struct step *step)
{
    if (step->deed == DEED_ACCEPT && step->port != 0)
        act_listen(scene->act, scene->player, step->port);
    if (step->deed == DEED_START)
        scene_start(scene, step);
    else if (step->deed == DEED_WAIT)
        act_wait(scene->act, step_time_ns(step->wait_time));
    else if (step->deed == DEED_LISTEN)
        act_listen(scene->act, scene->player, step->port);
    else if (step->deed != DEED_NONE)
        deeds[step->deed](scene->act, scene->player);
    if (step->send != NULL && step->send->repeat != NULL)
        say_often(scene, step->send);
    else if (step->send != NULL)
        say(scene, step->send->text, false);
    if (step->send_slowly != NULL)
        say(scene, step->send_slowly, true);
    if (step->http != NULL)
        ask(scene, step);
    for (unsigned i = 0; i < step->type_count; i++)
        type(scene, step->type[i]);
}

/* That nothing comes is waited for once, for all. */
static void play_step(struct scene *scene, const struct step *step)
{
    struct act *act = scene->act;
    size_t count = 0;
    char *const *clients = step_clients(step, &count);
    scene->player = 0;
    scene_choose_run(scene, step);
    if (count == 0) {
        scene_time_deed(scene, step, do_step);
        scene_expect(scene, step);
    }
    for (size_t i = 0; i < count && !act_is_over(act); i++) {
        scene->player = scene_cast_find(&scene->cast, clients[i]);
        come_first(scene, step);
        scene_time_deed(scene, step, do_step);
        if (step->expect_event != EVENT_NOTHING || i + 1 == count)
            scene_expect(scene, step);
    }
}

/* The reference has all the time it wants behind each step. */
static void rest_of_reference(const struct scene *scene)
{
    if (scene->is_given_time)
        act_settle(scene->act);
    else
        act_rest(scene->act);
}

/* The points of the steps that were met. */
static double play_steps(struct scene *scene)
{
    struct act *act = scene->act;
    double earned = 0;
    for (unsigned i = 0; i < act->assigned->steps_count && !act_is_over(act); i++) {
        const struct step *step = &act->assigned->steps[i];
        act->result->step = scene->step_number = i + 1;
        recorder_note(act->encounter->recorder, act->encounter, _("step %u begins"), i + 1);
        if (!scene->is_rehearsal || scene_step_is_for_reference(step))
            play_step(scene, step);
        if (scene->is_rehearsal)
            rest_of_reference(scene);
        if (!act_is_over(act))
            earned += step->points;
    }
    return earned;
}

/* `scene` has nothing but its act and what is around it. */
static double play_scene(struct scene *scene)
{
    struct act *act = scene->act;
    const struct scene_people people = {.tokens = &scene->tokens,
                                        .values = &scene->values,
                                        .port_of = port_of_client,
                                        .who_of = who_of_client,
                                        .context = scene};
    scene->tokens.source = &act->stage->tokens;
    scene->values.outer = act->stage->plan->values;
    scene->used_bytes[0] = act->encounter->arena.output_bytes;
    scene->filling = scene_filling(&people);
    scene_cast_read(&scene->cast, act->assigned->steps, act->assigned->steps_count);
    act->scene = scene;
    name_clients(scene);
    draw_values(scene);
    double earned = play_steps(scene);
    scene_tokens_release(&scene->tokens);
    values_release(&scene->values);
    return earned;
}

/*** The reference ***/

/* Plays the scene on it. 0, or negative: act->error is set. */
static int rehearse(struct act *act, bool is_given_time, struct scene_recording *recording)
{
    struct reference reference;
    const struct assigned_check *assigned = act->assigned;
    size_t clients = scene_count_clients(assigned->steps, assigned->steps_count);
    if (reference_enter(&reference, act, clients)) {
        struct scene scene = {.act = &reference.act,
                              .recording = recording,
                              .is_rehearsal = true,
                              .is_given_time = is_given_time};
        play_scene(&scene);
        stage_clear(reference.act.stage);
    }
    return reference_leave(&reference, act) ? 0 : -1;
}

/* That the submission answers otherwise counts only if the reference answers alike once more. */
static void rehearse_again(struct act *act, const struct scene_recording *recording)
{
    struct scene_recording again = {.all = NULL};
    unsigned step = 0;
    if (rehearse(act, true, &again) == 0 &&
        !scene_recording_is_same(act->assigned, recording, &again, &step))
        reference_blame(act, _("two runs of the reference differ in step %u of the scene '%s'"),
                        step, assigned_check_name(act->assigned));
    scene_recording_release(&again);
}

void scene_play(struct act *act)
{
    struct scene_recording recording = {.all = NULL};
    struct token_source tokens = act->stage->tokens;
    bool asks = scene_asks_reference(act->assigned);
    if (asks && rehearse(act, false, &recording) < 0) {
        scene_recording_release(&recording);
        return;
    }
    struct scene scene = {.act = act, .recording = &recording};
    double earned = play_scene(&scene);
    if (recording.is_unlike) {
        act->stage->tokens = tokens; /* it hears the same */
        rehearse_again(act, &recording);
    }
    act_find(act, VERDICT_PASS, _("everything as expected"), NULL);
    if (act->result->verdict == VERDICT_FAIL && earned > 0) {
        act->result->verdict = VERDICT_PARTIAL;
        act->result->earned = earned;
    }
    scene_recording_release(&recording);
}
