#include "grader/checks/scene_expect.h"

#include "base/bytes.h"
#include "base/language.h"
#include "grader/assignment/assignment.h"
#include "grader/checks/scene_file.h"
#include "grader/checks/scene_program.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"
#include "text/printable.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* For predicates: the scene under way, and the player of its step. */
static struct scene *scene_of(const struct encounter *encounter)
{
    const struct act *act = encounter->play;
    return act->scene;
}

static struct player *player_of(const struct encounter *encounter)
{
    return &encounter->players[scene_of(encounter)->player];
}

/*** Finding ***/

static bool find_text(struct scene *scene, const char *data, size_t count)
{
    scene->matched_bytes = scene->text.length;
    return count >= scene->matched_bytes &&
           memcmp(data, bytes_front(&scene->text), scene->matched_bytes) == 0;
}

static bool has_received(const struct encounter *encounter)
{
    struct scene *scene = scene_of(encounter);
    const struct bytes *received = &player_of(encounter)->received;
    if (scene->pattern == NULL)
        return find_text(scene, bytes_front(received), received->length);
    const struct bytes searched = player_searched(player_of(encounter));
    if (searched.length > 0)
        return scene_find_pattern(scene, bytes_front(&searched), searched.length);
    /* Where the server may also close without an answer, the pattern matches nothing at all. */
    return player_of(encounter)->stream != STREAM_OPEN && scene_find_pattern(scene, "", 0);
}

/* The text has come, or another one has, or none will. */
static bool is_decided_by_player(struct encounter *encounter)
{
    const struct scene *scene = scene_of(encounter);
    const struct player *player = player_of(encounter);
    bool is_text = scene->pattern == NULL;
    return has_received(encounter) || player->stream != STREAM_OPEN ||
           (is_text && player->received.length >= scene->text.length) ||
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
    const struct player *player = player_of(encounter);
    char *const *states = scene_of(encounter)->states;
    return scene_is_state_called(state_of(encounter_player_row(encounter, player)), states[0]) &&
           scene_is_state_called(state_of(encounter_server_row(encounter, player)), states[1]);
}

/*** What is said ***/

static void note_received(const struct scene *scene)
{
    const struct player *player = player_of(scene->act->encounter);
    size_t count = player->received.length;
    char *shown = bytes_shown(bytes_front(&player->received), count, SHOWN_BYTES);
    evidence_note(scene->act->result->evidence,
                  player->stream == STREAM_RESET   ? _("%s got %zu bytes and a reset: \"%s\"")
                  : player->stream == STREAM_ENDED ? _("%s got %zu bytes and then the end: \"%s\"")
                                                   : _("%s got %zu bytes: \"%s\""),
                  player->name, count, shown);
    free(shown);
}

/*** Expecting ***/

static bool player_is_queued(struct encounter *encounter)
{
    return encounter_is_queued(encounter, player_of(encounter));
}

/* Waits until the predicate holds or cannot come to hold; false if the check is decided by now. */
static bool await(struct scene *scene, encounter_predicate *predicate)
{
    act_await_reaction(scene->act, predicate, player_is_queued);
    return !act_is_over(scene->act);
}

static void expect_from_player(struct scene *scene)
{
    struct encounter *encounter = scene->act->encounter;
    struct bytes *received = &player_of(encounter)->received;
    if (!await(scene, is_decided_by_player))
        return;
    if (has_received(encounter)) {
        bytes_consume(received, scene->matched_bytes);
        act_note_deed(scene->act, scene->player, _("is answered"), &scene->text);
        return;
    }
    bool may_still_come = player_of(encounter)->stream == STREAM_OPEN &&
                          (scene->pattern != NULL || received->length < scene->text.length);
    if (player_of(encounter)->stream != STREAM_OPEN)
        act_rest(scene->act); /* of a server that is about to end this is seen first */
    if (!may_still_come)
        act_has_seen(scene->act);
    else if (scene->act->latest.ground == GROUND_SEEN)
        act_note_standstill(scene->act);
    note_received(scene);
    scene_note_expected(scene);
    scene_find(scene, received->length == 0 ? _("no answer") : _("the answer is wrong"));
}

static void expect_states(struct scene *scene)
{
    struct act *act = scene->act;
    if (act_await_reaction(act, has_states, player_is_queued)) {
        struct bytes text = {0};
        bytes_print(&text, _("%s and %s"), scene->states[0], scene->states[1]);
        act_note_deed(act, scene->player, _("is in states"), &text);
        bytes_release(&text);
        return;
    }
    if (act_is_over(act))
        return;
    const struct player *player = player_of(act->encounter);
    evidence_note(
        act->result->evidence, _("%s's end is in %s, the other in %s; expected %s and %s"),
        player->name, state_of(encounter_player_row(act->encounter, player)),
        state_of(encounter_server_row(act->encounter, player)), scene->states[0], scene->states[1]);
    scene_find(scene, _("the connection is in the wrong states"));
}

/* Bytes, or the end of the connection. A server that sends without end is caught by this, too. */
static bool has_anything(struct encounter *encounter)
{
    return player_of(encounter)->stream != STREAM_OPEN || player_of(encounter)->received.length > 0;
}

static bool is_accepted(struct encounter *encounter)
{
    return encounter_is_accepted(encounter, player_of(encounter));
}

static void expect_end(struct scene *scene, enum step_event event)
{
    bool is_reset = event == EVENT_RESET;
    enum stream expected = is_reset ? STREAM_RESET : STREAM_ENDED;
    const struct player *player = player_of(scene->act->encounter);
    if (!await(scene, has_anything))
        return;
    if (player->received.length > 0 || player->stream != expected)
        note_received(scene);
    if (player->received.length > 0)
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

static void expect_nothing(struct scene *scene, enum step_event event)
{
    (void)event;
    if (!act_await_silence(scene->act, has_anything))
        return;
    note_received(scene);
    scene_find(scene, _("something unexpected arrived"));
}

/* Accepted; or still in the queue when nothing more will happen. */
static void expect_place(struct scene *scene, enum step_event event)
{
    bool is_to_wait = event == EVENT_WAITING;
    if (!await(scene, is_accepted))
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

void scene_expect(struct scene *scene, const struct step *step)
{
    bool is_pattern = step->expect_pattern != NULL || step->expect_output_pattern != NULL ||
                      (step->expect_file != NULL && step->expect_file->pattern != NULL);
    regex_t pattern;
    if (is_pattern) {
        const char *trouble = scene_pattern_compile(&pattern, &scene->text);
        assert(trouble == NULL); /* the assignment has been checked */
        (void)trouble;
    }
    scene->pattern = is_pattern ? &pattern : NULL;
    scene->states = step->expect_states;
    if (step->expect != NULL || step->expect_pattern != NULL)
        expect_from_player(scene);
    if (step->expect_output != NULL || step->expect_output_pattern != NULL)
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
    if (is_pattern)
        regfree(&pattern);
}
