#include "grader/grading/assignment_check_steps.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "grader/assignment/escapes.h"
#include "grader/assignment/words.h"
#include "grader/checks/scene.h"
#include "grader/checks/scene_expect.h"
#include "grader/checks/scene_text.h"
#include "grader/grading/assignment_check_programs.h"
#include "grader/play/token.h"
#include "observe/tcp.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WITHIN_MAX_S 3600

/*** Who and what ***/

static size_t count_verbs(const struct step *step)
{
    bool types = step->type != NULL && step->deed != DEED_START; /* what is typed then */
    return (size_t)(step->deed != DEED_NONE) + (step->send != NULL) + (step->send_slowly != NULL) +
           types + (step->expect_no_output != NULL) + (step->expect != NULL) +
           (step->expect_pattern != NULL) + (step->expect_event != EVENT_NONE) +
           (step->expect_output != NULL) + (step->expect_output_pattern != NULL) +
           (step->expect_states != NULL) + (step->expect_file != NULL) +
           (step->expect_exit != NULL);
}

static bool needs_client(const struct step *step)
{
    return step->type == NULL && step->expect_output == NULL &&
           step->expect_output_pattern == NULL && step->expect_exit == NULL &&
           step->expect_file == NULL && step->expect_no_output == NULL &&
           step->deed != DEED_SETTLE && step->deed != DEED_ENTER && step->deed != DEED_START;
}

static bool brings_client(const struct step *step)
{
    return step->deed == DEED_CONNECT || step->deed == DEED_ACCEPT;
}

static bool has_done(const struct assigned_check *scene, unsigned before, const char *client,
                     enum step_deed deed)
{
    for (unsigned i = 0; i < before; i++)
        if (scene->steps[i].deed == deed && scene->steps[i].client != NULL &&
            strcmp(scene->steps[i].client, client) == 0)
            return true;
    return false;
}

static bool has_come(const struct assigned_check *scene, unsigned before, const char *client)
{
    return has_done(scene, before, client, DEED_CONNECT) ||
           has_done(scene, before, client, DEED_ACCEPT);
}

static bool sends(const struct step *step)
{
    return step->send != NULL || step->send_slowly != NULL;
}

/* After closing or resetting its connection a client can only look at TCP states. */
static char *check_presence(const struct assigned_check *scene, unsigned number)
{
    const struct step *step = &scene->steps[number];
    if (!needs_client(step) || step->expect_states != NULL)
        return NULL;
    if (has_done(scene, number, step->client, DEED_CLOSE) ||
        has_done(scene, number, step->client, DEED_RESET))
        return text_of("the client '%s' has left: only its states can be expected", step->client);
    if (sends(step) && has_done(scene, number, step->client, DEED_HALF_CLOSE))
        return text_of("the client '%s' has ended its side and cannot send any more", step->client);
    return NULL;
}

/*** Texts ***/

static unsigned any_port(void *context, const struct placeholder *placeholder)
{
    (void)context;
    (void)placeholder;
    return 9500;
}

static char *check_pattern(const char *pattern)
{
    char *unknown = escapes_of_pattern(pattern);
    if (unknown != NULL)
        return unknown;
    regex_t compiled;
    struct token_source source = {0};
    struct scene_tokens tokens = {.source = &source};
    struct bytes filled_in = scene_fill_in(pattern, TEXT_IS_PATTERN, &tokens, any_port, NULL);
    const char *why = scene_pattern_compile(&compiled, &filled_in);
    bytes_release(&filled_in);
    scene_tokens_release(&tokens);
    if (why != NULL)
        return text_of("invalid pattern '%s': %s", pattern, why);
    regfree(&compiled);
    return NULL;
}

static char *refuse_placeholder(const char *unknown)
{
    return text_of(
        "unknown placeholder %s; known: {token}, {token:NAME}, {port:CLIENT}, {hex:80ff}", unknown);
}

static char *check_typed(const struct assignment *assignment, const struct assigned_check *scene,
                         const struct step *step, struct place *place)
{
    char *trouble = NULL;
    for (unsigned i = 0; i < step->type_count && trouble == NULL; i++) {
        char *unknown = scene_text_unknown(step->type[i], assignment, scene);
        place->key = "type";
        trouble = step->type[i][0] == '\0' ? text_of("'type' is empty")
                  : unknown != NULL        ? refuse_placeholder(unknown)
                                           : NULL;
        free(unknown);
    }
    return trouble;
}

static char *check_texts(const struct assignment *assignment, const struct assigned_check *scene,
                         const struct step *step, struct place *place)
{
    const struct {
        const char *key;
        const char *text; /* NULL: the step has none */
        bool is_pattern;
    } texts[] = {
        {"send", step->send, false},
        {"send-slowly", step->send_slowly, false},
        {"expect", step->expect, false},
        {"expect-pattern", step->expect_pattern, true},
        {"expect-output", step->expect_output, false},
        {"expect-no-output", step->expect_no_output, false},
        {"expect-output-pattern", step->expect_output_pattern, true},
    };
    char *trouble = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && trouble == NULL; i++) {
        if (texts[i].text == NULL)
            continue;
        place->key = texts[i].key;
        char *unknown = scene_text_unknown(texts[i].text, assignment, scene);
        if (texts[i].text[0] == '\0' && !texts[i].is_pattern)
            trouble = text_of("'%s' is empty", texts[i].key);
        else if (unknown != NULL)
            trouble = refuse_placeholder(unknown);
        else if (texts[i].is_pattern)
            trouble = check_pattern(texts[i].text);
        free(unknown);
    }
    return trouble == NULL ? check_typed(assignment, scene, step, place) : trouble;
}

/*** States ***/

/* The name as the kernel spells it, to find the one that was meant. */
static void write_as_state(const char *name, char state[32])
{
    size_t length = 0;
    for (; *name != '\0' && length < 31; name++)
        state[length++] = *name == '-' ? '_' : (char)toupper((unsigned char)*name);
    state[length] = '\0';
}

static char *check_states(const struct step *step, struct place *place)
{
    const char *names[STATE_CLOSING + 2] = {[0] = SCENE_STATE_NONE};
    for (enum tcp_state state = STATE_ESTABLISHED; state <= STATE_CLOSING; state++)
        names[state] = tcp_state_name(state);
    place->key = "expect-states";
    for (unsigned i = 0; i < step->expect_states_count; i++) {
        char state[32];
        bool is_known = false;
        for (size_t n = 0; names[n] != NULL; n++)
            is_known |= scene_is_state_called(names[n], step->expect_states[i]);
        write_as_state(step->expect_states[i], state);
        if (!is_known)
            return assignment_refuse_word("TCP state", state, names);
    }
    return NULL;
}

/*** Steps ***/

static char *check_verbs(const struct step *step)
{
    size_t count = count_verbs(step);
    return count == 1 ? NULL : text_of("a step does or expects exactly one thing, not %zu", count);
}

static char *check_client(const struct assigned_check *scene, unsigned number, struct place *place)
{
    const struct step *step = &scene->steps[number];
    if (needs_client(step) && step->client == NULL)
        return text_of("'client' is missing");
    place->key = "client";
    if (needs_client(step) && !brings_client(step) && !has_come(scene, number, step->client))
        return text_of("the client '%s' has not connected yet", step->client);
    if (brings_client(step) && has_come(scene, number, step->client))
        return text_of("the client '%s' has connected already", step->client);
    return check_presence(scene, number);
}

static char *check_deed(const struct assignment *assignment, const struct step *step,
                        struct place *place)
{
    bool is_client = assignment->conduct.role == ROLE_CLIENT;
    place->key = "do";
    if (step->deed != (is_client ? DEED_CONNECT : DEED_ACCEPT))
        return NULL;
    return text_of("where the submission is a %s, a client connects with 'do: %s'",
                   is_client ? "client" : "server", is_client ? "accept" : "connect");
}

static bool expects(const struct step *step)
{
    return step->expect != NULL || step->expect_pattern != NULL ||
           step->expect_event != EVENT_NONE || step->expect_output != NULL ||
           step->expect_output_pattern != NULL || step->expect_states != NULL ||
           step->expect_file != NULL || step->expect_no_output != NULL || step->expect_exit != NULL;
}

static char *check_numbers(const struct step *step, struct place *place)
{
    place->key = "within";
    if (!(step->within_s >= 0 && step->within_s <= WITHIN_MAX_S))
        return text_of("'within' is a number of seconds up to %d, not %g", WITHIN_MAX_S,
                       step->within_s);
    if (step->within_s > 0 && !expects(step))
        return text_of("'within' belongs to a step that expects something");
    place->key = "points";
    if (!(step->points >= 0))
        return text_of("points cannot be negative: %g", step->points);
    place->key = "expect-exit";
    if (step->expect_exit != NULL && (*step->expect_exit < 0 || *step->expect_exit > UINT8_MAX))
        return text_of("exit codes are between 0 and 255, not %d", *step->expect_exit);
    return NULL;
}

/*** Files ***/

static char *check_file(const struct assignment *assignment, const struct assigned_check *scene,
                        const struct step *step, struct place *place)
{
    const struct file_expectation *file = step->expect_file;
    if (file == NULL)
        return NULL;
    place->key = "expect-file";
    size_t count = (size_t)(file->text != NULL) + (file->pattern != NULL) + (file->same_as != NULL);
    if (!material_is_path(file->path))
        return text_of("'path' is a path in the submission's folder, not '%s'", file->path);
    if (count != 1)
        return text_of("'expect-file' has one of 'text', 'pattern' and 'same-as', not %zu", count);
    if (file->same_as != NULL && !material_may_have(&assignment->material, file->same_as))
        return text_of("'%s' is none of the assignment's 'files'", file->same_as);
    const char *text = file->text != NULL ? file->text : file->pattern;
    char *unknown = text != NULL ? scene_text_unknown(text, assignment, scene) : NULL;
    char *trouble = unknown != NULL         ? refuse_placeholder(unknown)
                    : file->pattern != NULL ? check_pattern(file->pattern)
                                            : NULL;
    free(unknown);
    return trouble;
}

static char *check_step(const struct assignment *assignment, const struct assigned_check *scene,
                        unsigned number, struct place *place)
{
    const struct step *step = &scene->steps[number];
    place->key = NULL;
    char *trouble = check_verbs(step);
    if (trouble == NULL)
        trouble = check_client(scene, number, place);
    if (trouble == NULL)
        trouble = assignment_check_program_of_step(assignment, scene, number, place);
    if (trouble == NULL)
        trouble = check_deed(assignment, step, place);
    if (trouble == NULL)
        trouble = check_numbers(step, place);
    if (trouble == NULL)
        trouble = check_texts(assignment, scene, step, place);
    if (trouble == NULL)
        trouble = check_file(assignment, scene, step, place);
    return trouble == NULL ? check_states(step, place) : trouble;
}

char *assignment_check_steps(const struct assignment *assignment,
                             const struct assigned_check *scene, struct place *place)
{
    double points = 0;
    place->key = "steps";
    if (scene_count_clients(scene->steps, scene->steps_count) > SCENE_CLIENTS_MAX)
        return text_of("a scene has at most %d clients", SCENE_CLIENTS_MAX);
    for (unsigned i = 0; i < scene->steps_count; i++) {
        place->step = i + 1;
        char *trouble = check_step(assignment, scene, i, place);
        if (trouble != NULL)
            return trouble;
        points += scene->steps[i].points;
    }
    place->step = 0;
    place->key = "points";
    if (points > 0 && fabs(points - scene->points) > POINTS_TOLERANCE)
        return text_of("the points of the steps add up to %g, not %g", points, scene->points);
    return NULL;
}
