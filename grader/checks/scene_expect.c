#include "grader/checks/scene_expect.h"

#include "base/bytes.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/assignment/assignment.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"

#include <assert.h>
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define SHOWN_BYTES 200 /* of what was received or printed */

/* What is waited for; predicates find it in the act. */
struct awaited {
    size_t player;
    const char *text;
    const regex_t *pattern; /* or NULL: the text as it is */
    int64_t output_begin_bytes;
    char *const *states;
    size_t matched_bytes; /* up to the end of what was found */
};

/*** Finding ***/

static bool find_text(struct awaited *awaited, const char *data, size_t count)
{
    size_t length = strlen(awaited->text);
    awaited->matched_bytes = length;
    return count >= length && memcmp(data, awaited->text, length) == 0;
}

static bool find_pattern(struct awaited *awaited, const char *data, size_t count)
{
    regmatch_t match = {.rm_so = 0, .rm_eo = (regoff_t)count};
    if (regexec(awaited->pattern, data, 1, &match, REG_STARTEND) != 0)
        return false;
    awaited->matched_bytes = (size_t)match.rm_eo;
    return true;
}

static const struct player *player_awaited(const struct encounter *encounter)
{
    const struct act *act = encounter->play;
    return &encounter->players[act->awaited->player];
}

static bool has_received(const struct encounter *encounter)
{
    const struct act *act = encounter->play;
    const struct bytes *received = &player_awaited(encounter)->received;
    if (act->awaited->pattern == NULL)
        return find_text(act->awaited, bytes_front(received), received->length);
    if (received->length > 0)
        return find_pattern(act->awaited, bytes_front(received), received->length);
    /* A pattern that nothing fits as well is for who may close instead of answering. */
    return player_awaited(encounter)->stream != STREAM_OPEN && find_pattern(act->awaited, "", 0);
}

/* It is there, or something else is, or nothing will be. */
static bool is_decided_by_player(struct encounter *encounter)
{
    const struct act *act = encounter->play;
    const struct player *player = player_awaited(encounter);
    bool is_text = act->awaited->pattern == NULL;
    return has_received(encounter) || player->stream != STREAM_OPEN ||
           (is_text && player->received.length >= strlen(act->awaited->text)) ||
           encounter_is_stuck(encounter, player);
}

/* What was printed since the scene began, as far as it is kept. */
static const char *new_output(const struct encounter *encounter, size_t *count)
{
    const struct act *act = encounter->play;
    const struct bytes *output = &encounter->arena.output;
    int64_t printed = encounter->arena.output_bytes - act->awaited->output_begin_bytes;
    *count = printed < (int64_t)output->length ? (size_t)printed : output->length;
    return bytes_front(output) + output->length - *count;
}

static bool has_printed(struct encounter *encounter)
{
    const struct act *act = encounter->play;
    size_t count = 0;
    const char *printed = new_output(encounter, &count);
    if (act->awaited->pattern != NULL)
        return count > 0 && find_pattern(act->awaited, printed, count);
    return memmem(printed, count, act->awaited->text, strlen(act->awaited->text)) != NULL;
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
    const struct act *act = encounter->play;
    const struct player *player = player_awaited(encounter);
    const struct tcp_table *table = &encounter->settle.current.tcp;
    const struct tcp_row *ours = tcp_table_find(table, &player->local, &player->server);
    return scene_is_state_called(state_of(ours), act->awaited->states[0]) &&
           scene_is_state_called(state_of(encounter_server_row(encounter, player)),
                                 act->awaited->states[1]);
}

/*** What is said ***/

static void note_received(struct act *act, size_t player, const char *expected)
{
    const struct player *one = &act->encounter->players[player];
    size_t count = one->received.length;
    evidence_note(act->result->evidence,
                  one->stream == STREAM_RESET   ? _("%s got %zu bytes and a reset: \"%.*s\"")
                  : one->stream == STREAM_ENDED ? _("%s got %zu bytes and then the end: \"%.*s\"")
                                                : _("%s got %zu bytes: \"%.*s\""),
                  one->name, count, (int)(count < SHOWN_BYTES ? count : SHOWN_BYTES),
                  count > 0 ? bytes_front(&one->received) : "");
    if (expected != NULL)
        evidence_note(act->result->evidence, _("expected: \"%.*s\""), SHOWN_BYTES, expected);
}

static void note_place(const struct scene *scene, size_t player)
{
    struct act *act = scene->act;
    evidence_note(act->result->evidence, _("in step %u of the scene"), scene->step_number);
    if (player < act->encounter->player_count && act->encounter->players[player].name != NULL &&
        address_port(&act->encounter->players[player].local) != 0)
        evidence_connection(act->result->evidence, act->encounter,
                            &act->encounter->players[player]);
    evidence_tasks(act->result->evidence, act->encounter);
}

static void find(const struct scene *scene, size_t player, const char *finding)
{
    if (act_is_over(scene->act))
        return;
    note_place(scene, player);
    act_find(scene->act, VERDICT_FAIL, finding, NULL);
}

/*** Expecting ***/

static void expect_from_player(struct scene *scene, struct awaited *awaited)
{
    struct act *act = scene->act;
    struct player *player = &act->encounter->players[awaited->player];
    act_await(act, is_decided_by_player);
    if (act_is_over(act))
        return;
    if (has_received(act->encounter)) {
        bytes_consume(&player->received, awaited->matched_bytes);
        act_note_deed(act, awaited->player, _("is answered"), awaited->text);
        return;
    }
    note_received(act, awaited->player, awaited->text);
    find(scene, awaited->player,
         player->received.length == 0 ? _("no answer") : _("the answer is wrong"));
}

static void expect_output(struct scene *scene, struct awaited *awaited)
{
    struct act *act = scene->act;
    if (act_await(act, has_printed)) {
        act_note_deed(act, ACT_SUBMISSION, _("prints"), awaited->text);
        return;
    }
    if (act_is_over(act))
        return;
    size_t count = 0;
    const char *printed = new_output(act->encounter, &count);
    size_t shown = count < SHOWN_BYTES ? count : SHOWN_BYTES;
    evidence_note(act->result->evidence, _("it printed %zu bytes, ending in: \"%.*s\""), count,
                  (int)shown, printed + count - shown);
    evidence_note(act->result->evidence, _("expected: \"%.*s\""), SHOWN_BYTES, awaited->text);
    find(scene, awaited->player, _("not printed"));
}

static void expect_states(struct scene *scene, struct awaited *awaited)
{
    struct act *act = scene->act;
    if (act_await(act, has_states)) {
        char *text = text_of(_("%s and %s"), awaited->states[0], awaited->states[1]);
        act_note_deed(act, awaited->player, _("is in states"), text);
        free(text);
        return;
    }
    if (act_is_over(act))
        return;
    const struct player *player = &act->encounter->players[awaited->player];
    const struct tcp_table *table = &act->encounter->settle.current.tcp;
    evidence_note(act->result->evidence,
                  _("%s's end is in %s, the other in %s; expected %s and %s"), player->name,
                  state_of(tcp_table_find(table, &player->local, &player->server)),
                  state_of(encounter_server_row(act->encounter, player)), awaited->states[0],
                  awaited->states[1]);
    find(scene, awaited->player, _("the connection is in the wrong states"));
}

/* Its end, or bytes, perhaps without end. */
static bool has_anything(struct encounter *encounter)
{
    return player_awaited(encounter)->stream != STREAM_OPEN ||
           player_awaited(encounter)->received.length > 0;
}

static bool is_accepted(struct encounter *encounter)
{
    return encounter_is_accepted(encounter, player_awaited(encounter));
}

static void expect_end(struct scene *scene, size_t number, bool is_reset)
{
    struct act *act = scene->act;
    enum stream expected = is_reset ? STREAM_RESET : STREAM_ENDED;
    const struct player *player = &act->encounter->players[number];
    act_await(act, has_anything);
    if (act_is_over(act))
        return;
    if (player->received.length > 0 || player->stream != expected)
        note_received(act, number, NULL);
    if (player->received.length > 0)
        find(scene, number, _("something unexpected arrived"));
    else if (player->stream == STREAM_OPEN)
        find(scene, number, _("the connection is not closed"));
    else if (player->stream != expected)
        find(scene, number,
             is_reset ? _("the connection is closed, not reset") : _("the connection was reset"));
    else
        act_note_deed(act, number, is_reset ? _("is reset") : _("sees the end"), NULL);
}

static void expect_nothing(struct scene *scene, size_t number)
{
    struct act *act = scene->act;
    const struct player *player = &act->encounter->players[number];
    act_await(act, has_anything);
    if (act_is_over(act))
        return;
    if (player->received.length == 0 && player->stream == STREAM_OPEN)
        return;
    note_received(act, number, NULL);
    find(scene, number, _("something unexpected arrived"));
}

/* Accepted, or, when nothing more will happen, still in the queue. */
static void expect_place(struct scene *scene, size_t number, bool is_to_wait)
{
    struct act *act = scene->act;
    act_await(act, is_accepted);
    if (act_is_over(act))
        return;
    if (is_accepted(act->encounter) == is_to_wait)
        find(scene, number,
             is_to_wait ? _("the client does not wait: it was accepted")
                        : _("the client was not accepted"));
    else
        act_note_deed(act, number, is_to_wait ? _("waits in the queue") : _("is accepted"), NULL);
}

static void expect_event(struct scene *scene, size_t player, enum step_event event)
{
    switch (event) {
    case EVENT_NONE:
        return;
    case EVENT_NOTHING:
        expect_nothing(scene, player);
        return;
    case EVENT_END:
    case EVENT_RESET:
        expect_end(scene, player, event == EVENT_RESET);
        return;
    case EVENT_ACCEPTED:
    case EVENT_WAITING:
        expect_place(scene, player, event == EVENT_WAITING);
        return;
    }
}

static void expect_exit(struct scene *scene, int code)
{
    struct act *act = scene->act;
    if (!act_await_end(act)) {
        find(scene, 0, _("the program does not end"));
        return;
    }
    int status = act->encounter->arena.wait_status;
    if (WIFEXITED(status) && WEXITSTATUS(status) == code) {
        act_note_deed(act, ACT_SUBMISSION, _("ends"), NULL);
        return;
    }
    evidence_end(act->result->evidence, act->encounter);
    act_find(act, VERDICT_FAIL, _("the program ended in the wrong way"), NULL);
}

void scene_expect(struct scene *scene, const struct step *step, size_t player, const char *text)
{
    struct act *act = scene->act;
    bool is_pattern = step->expect_pattern != NULL || step->expect_output_pattern != NULL;
    regex_t pattern;
    struct awaited awaited = {
        .player = player,
        .text = text,
        .pattern = is_pattern ? &pattern : NULL,
        .output_begin_bytes = scene->output_begin_bytes,
        .states = step->expect_states,
    };
    if (is_pattern) {
        int error = regcomp(&pattern, text, REG_EXTENDED | REG_NEWLINE);
        assert(error == 0); /* as the assignment has been checked */
        (void)error;
    }
    act->awaited = &awaited;
    if (step->expect != NULL || step->expect_pattern != NULL)
        expect_from_player(scene, &awaited);
    if (step->expect_output != NULL || step->expect_output_pattern != NULL)
        expect_output(scene, &awaited);
    if (step->expect_states != NULL)
        expect_states(scene, &awaited);
    expect_event(scene, player, step->expect_event);
    if (step->expect_exit != NULL)
        expect_exit(scene, *step->expect_exit);
    act->awaited = NULL;
    if (is_pattern)
        regfree(&pattern);
}
