#include "grader/checks/scene_expect.h"

#include "base/bytes.h"
#include "base/language.h"
#include "grader/assignment/assignment.h"
#include "grader/checks/scene_answer.h"
#include "grader/checks/scene_file.h"
#include "grader/checks/scene_like.h"
#include "grader/checks/scene_order.h"
#include "grader/checks/scene_program.h"
#include "grader/checks/scene_time.h"
#include "grader/play/act.h"
#include "grader/play/answers.h"
#include "grader/play/evidence.h"
#include "grader/protocols/pattern.h"
#include "text/printable.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/*** Finding ***/

/* A datagram is what is expected as a whole. */
static bool is_datagram_met(struct scene *scene, const struct player *player)
{
    const struct bytes *data = &player->received;
    const struct bytes *text = &scene->text;
    if (!player->has_datagram || player_hears_stranger(player))
        return false;
    if (scene_has_pattern(scene))
        return scene_find_patterns(scene, data->length > 0 ? bytes_front(data) : "", data->length);
    return data->length == text->length &&
           (text->length == 0 || memcmp(bytes_front(data), bytes_front(text), text->length) == 0);
}

static bool find_text(struct scene *scene, const char *data, size_t count)
{
    scene->matched_bytes = scene->text.length;
    return count >= scene->matched_bytes &&
           memcmp(data, bytes_front(&scene->text), scene->matched_bytes) == 0;
}

static bool has_received(const struct encounter *encounter)
{
    struct scene *scene = scene_of(encounter);
    const struct bytes *received = &scene_player(encounter)->received;
    if (scene_player(encounter)->transport == TRANSPORT_UDP)
        return is_datagram_met(scene, scene_player(encounter));
    if (!scene_has_pattern(scene))
        return find_text(scene, bytes_front(received), received->length);
    const struct bytes searched = player_searched(scene_player(encounter));
    if (searched.length > 0)
        return scene_find_patterns(scene, bytes_front(&searched), searched.length);
    /* Where the server may also close without an answer, the pattern matches nothing at all. */
    return scene_player(encounter)->stream != STREAM_OPEN && scene_find_patterns(scene, "", 0);
}

/* The text has come, or another one has, or none will. */
static bool is_decided_by_player(struct encounter *encounter)
{
    const struct scene *scene = scene_of(encounter);
    const struct player *player = scene_player(encounter);
    bool has_enough =
        player->transport == TRANSPORT_UDP
            ? player->has_datagram
            : !scene_has_pattern(scene) && player->received.length >= scene->text.length;
    return has_received(encounter) || player->stream != STREAM_OPEN || has_enough ||
           encounter_is_stuck(encounter, player);
}

/*** States ***/

bool scene_is_state_called(const char *name, const char *called)
{
    for (;; name++, called++) {
        while (*name != '\0' && !isalnum((unsigned char)*name))
            name++;
        while (*called != '\0' && !isalnum((unsigned char)*called))
            called++;
        if (toupper((unsigned char)*name) != toupper((unsigned char)*called))
            return false;
        if (*name == '\0')
            return true;
    }
}

static const char *state_of(const struct tcp_row *row)
{
    return row != NULL ? tcp_state_name(row->state) : SCENE_STATE_NONE;
}

static bool has_states(struct encounter *encounter)
{
    const struct player *player = scene_player(encounter);
    char *const *states = scene_of(encounter)->step->expect_states;
    return scene_is_state_called(state_of(encounter_player_row(encounter, player)), states[0]) &&
           scene_is_state_called(state_of(encounter_server_row(encounter, player)), states[1]);
}

/*** Expecting ***/

/* What was expected is used up: of datagrams, the whole one. */
static void use_up(struct scene *scene)
{
    struct player *player = scene_player(scene->act->encounter);
    if (player->transport == TRANSPORT_UDP)
        player_next_datagram(player);
    else
        bytes_consume(&player->received, scene->matched_bytes);
    act_note_deed(scene->act, scene->player, _("is answered"), &scene->text);
}

/* It has not come. On what ground is that said? */
static void note_ground(struct scene *scene)
{
    const struct player *player = scene_player(scene->act->encounter);
    bool is_udp = player->transport == TRANSPORT_UDP;
    bool lacks = is_udp ? !player->has_datagram
                        : scene_has_pattern(scene) || player->received.length < scene->text.length;
    bool may_still_come = player->stream == STREAM_OPEN && lacks;
    if (player->stream != STREAM_OPEN)
        act_rest(scene->act); /* of a server that is about to end this is seen first */
    if (!may_still_come)
        act_has_seen(scene->act);
    else if (scene->act->latest.ground == GROUND_SEEN)
        act_note_standstill(scene->act);
}

static void find_unmet(struct scene *scene)
{
    const struct player *player = scene_player(scene->act->encounter);
    if (player_has_more(player)) {
        scene_find(scene, _("the answer is wrong"));
    } else if (player->transport == TRANSPORT_UDP && !act_is_over(scene->act)) {
        scene_note_place(scene);
        act_find_no_datagram(scene->act, player, _("no answer"), NULL);
    } else {
        scene_find(scene, _("no answer"));
    }
}

static void expect_from_player(struct scene *scene)
{
    struct act *act = scene->act;
    const struct player *player = scene_player(act->encounter);
    if (!scene_await(scene, is_decided_by_player))
        return;
    if (has_received(act->encounter)) {
        use_up(scene);
        return;
    }
    note_ground(scene);
    scene_note_received(scene);
    if (player_hears_stranger(player))
        act_find_stranger(act, player);
    scene_note_expected(scene, &player->received);
    if (!scene_has_pattern(scene) && player->received.length > 0)
        evidence_parting(act->result->evidence, &player->received, &scene->text);
    find_unmet(scene);
}

static void expect_states(struct scene *scene)
{
    struct act *act = scene->act;
    if (act_await_reaction(act, has_states, scene_player_is_queued)) {
        struct bytes text = {0};
        bytes_print(&text, _("%s and %s"), scene->step->expect_states[0],
                    scene->step->expect_states[1]);
        act_note_deed(act, scene->player, _("is in states"), &text);
        bytes_release(&text);
        return;
    }
    if (act_is_over(act))
        return;
    const struct player *player = scene_player(act->encounter);
    evidence_note(act->result->evidence,
                  _("%s's end is in %s, the other in %s; expected %s and %s"), player->name,
                  state_of(encounter_player_row(act->encounter, player)),
                  state_of(encounter_server_row(act->encounter, player)),
                  scene->step->expect_states[0], scene->step->expect_states[1]);
    scene_find(scene, _("the connection is in the wrong states"));
}

/* Bytes, a datagram, or the end of the connection; that a datagram was refused is none of these. A
 * server that sends without end is caught by this, too. */
static bool has_anything(struct encounter *encounter)
{
    const struct player *player = scene_player(encounter);
    bool is_over = player->stream == STREAM_ENDED || player->stream == STREAM_RESET;
    return is_over || player_has_more(player);
}

static bool is_accepted(struct encounter *encounter)
{
    return encounter_is_accepted(encounter, scene_player(encounter));
}

static bool has_ended(struct encounter *encounter)
{
    return scene_player(encounter)->stream != STREAM_OPEN;
}

static void expect_end(struct scene *scene, enum step_event event)
{
    bool may_be_unread = scene->step->unread == UNREAD_ALLOWED;
    bool is_reset = event == EVENT_RESET;
    enum stream expected = is_reset ? STREAM_RESET : STREAM_ENDED;
    const struct player *player = scene_player(scene->act->encounter);
    if (!scene_await(scene, may_be_unread ? has_ended : has_anything))
        return;
    bool is_too_much = player->received.length > 0 && !may_be_unread;
    if (is_too_much || player->stream != expected)
        scene_note_received(scene);
    if (is_too_much)
        scene_find(scene, _("something unexpected arrived"));
    else if (player->stream == STREAM_OPEN)
        scene_find(scene, _("the connection is not closed"));
    else if (player->stream != expected)
        scene_find(scene, is_reset ? _("the connection is closed, not reset")
                                   : _("the connection was reset"));
    else
        act_note_deed(scene->act, scene->player, is_reset ? _("is reset") : _("sees the end"),
                      NULL);
}

/* For all clients of the step at once: the first that gets something becomes its player. */
static bool anybody_has_anything(struct encounter *encounter)
{
    struct scene *scene = scene_of(encounter);
    size_t count = 0, before = scene->player;
    char *const *clients = step_clients(scene->step, &count);
    for (size_t i = 0; i < count; i++) {
        scene->player = scene_cast_find(&scene->cast, clients[i]);
        if (has_anything(encounter))
            return true;
    }
    scene->player = before;
    return false;
}

static void expect_nothing(struct scene *scene, enum step_event event)
{
    (void)event;
    if (!act_await_silence(scene->act, anybody_has_anything))
        return;
    scene_note_received(scene);
    scene_find(scene, _("something unexpected arrived"));
}

/* Accepted; or still in the queue when nothing more will happen. */
static void expect_place(struct scene *scene, enum step_event event)
{
    bool is_to_wait = event == EVENT_WAITING;
    if (!scene_await(scene, is_accepted))
        return;
    if (is_accepted(scene->act->encounter) == is_to_wait)
        scene_find(scene, is_to_wait ? _("the client does not wait: it was accepted")
                                     : _("the client was not accepted"));
    else
        act_note_deed(scene->act, scene->player,
                      is_to_wait ? _("waits in the queue") : _("is accepted"), NULL);
}

static void (*const expect_event[])(struct scene *scene, enum step_event event) = {
    [EVENT_NOTHING] = expect_nothing, [EVENT_END] = expect_end,       [EVENT_RESET] = expect_end,
    [EVENT_ACCEPTED] = expect_place,  [EVENT_WAITING] = expect_place,
};

/* What the step expects, filled in. */
static void fill_in(struct scene *scene, const struct step *step)
{
    const struct file_expectation *file = step->expect_file;
    const char *text = step->expect != NULL             ? step->expect
                       : step->expect_output != NULL    ? step->expect_output
                       : step->expect_no_output != NULL ? step->expect_no_output
                       : file != NULL                   ? file->text
                                                        : NULL;
    scene->step = step;
    scene->text = text_fill_in(text != NULL ? text : "", TEXT_IS_BYTES, &scene->filling);
    for (unsigned i = 0; i < step->expect_patterns_count; i++)
        patterns_add(&scene->patterns, step->expect_patterns[i], &scene->filling);
    for (unsigned i = 0; i < step->expect_output_patterns_count; i++)
        patterns_add(&scene->patterns, step->expect_output_patterns[i], &scene->filling);
    if (file != NULL && file->pattern != NULL)
        patterns_add(&scene->patterns, file->pattern, &scene->filling);
}

void scene_expect(struct scene *scene, const struct step *step)
{
    fill_in(scene, step);
    scene_time_begin(scene, step);
    if (step->expect != NULL || step->expect_patterns_count > 0)
        expect_from_player(scene);
    if (step->expect_line_patterns_count > 0)
        scene_expect_line(scene, step);
    if (step->expect_http != NULL)
        scene_expect_http(scene, step);
    if (step->expect_like != LIKE_NOBODY)
        scene_expect_like(scene, step);
    if (step->expect_output != NULL || step->expect_output_patterns_count > 0)
        scene_expect_output(scene);
    if (step->expect_no_output != NULL)
        scene_expect_no_output(scene);
    if (step->expect_states != NULL)
        expect_states(scene);
    if (step->expect_event != EVENT_NONE)
        expect_event[step->expect_event](scene, step->expect_event);
    if (step->expect_file != NULL)
        scene_expect_file(scene, step->expect_file);
    if (step->expect_exit != NULL)
        scene_expect_exit(scene, *step->expect_exit);
    scene_time_end(scene, step);
    scene_judge_order(scene, step);
    bytes_release(&scene->text);
    patterns_release(&scene->patterns);
}
