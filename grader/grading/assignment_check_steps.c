#include "grader/grading/assignment_check_steps.h"

#include "base/memory.h"
#include "grader/assignment/words.h"
#include "grader/checks/scene.h"
#include "grader/checks/scene_expect.h"
#include "grader/grading/assignment_check_programs.h"
#include "grader/grading/assignment_check_protocol.h"
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
           types + (step->http != NULL) + (step->expect_no_output != NULL) +
           (step->expect != NULL) + (step->expect_patterns != NULL) +
           (step->expect_line_patterns != NULL) + (step->expect_http != NULL) +
           (step->expect_event != EVENT_NONE) + (step->expect_output != NULL) +
           (step->expect_output_pattern != NULL) + (step->expect_states != NULL) +
           (step->expect_file != NULL) + (step->expect_exit != NULL);
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
        if (scene->steps[i].deed == deed && step_is_of(&scene->steps[i], client))
            return true;
    return false;
}

static bool has_come(const struct assigned_check *scene, unsigned before, const char *client)
{
    for (unsigned i = 0; i < before; i++)
        if (step_is_of(&scene->steps[i], client))
            return true;
    return false;
}

static bool sends(const struct step *step)
{
    return step->send != NULL || step->send_slowly != NULL || step->http != NULL;
}

/* After closing or resetting its connection a client can only look at TCP states. */
static char *check_presence(const struct assigned_check *scene, unsigned number, const char *client)
{
    const struct step *step = &scene->steps[number];
    if (step->expect_states != NULL)
        return NULL;
    if (has_done(scene, number, client, DEED_CLOSE) || has_done(scene, number, client, DEED_RESET))
        return text_of("the client '%s' has left: only its states can be expected", client);
    if (sends(step) && has_done(scene, number, client, DEED_HALF_CLOSE))
        return text_of("the client '%s' has ended its side and cannot send any more", client);
    return NULL;
}

/*** Texts ***/

/* What placeholders may name. */
struct texts_of {
    const struct assignment *assignment;
    const struct scene_cast *cast;
};

/* The placeholders of a text, and what it is if it is a pattern. */
static char *check_text(const struct texts_of *known, const struct step *step, const char *text,
                        bool is_pattern)
{
    size_t clients = 0;
    step_clients(step, &clients);
    char *unknown = scene_text_unknown(text, known->assignment, known->cast, clients > 0);
    char *trouble =
        unknown != NULL
            ? text_of("unknown placeholder %s; known: {token}, {token:NAME}, {port:CLIENT}, "
                      "{who}, {who:CLIENT}, {hex:80ff}",
                      unknown)
        : is_pattern ? assignment_check_pattern(text)
                     : NULL;
    free(unknown);
    return trouble;
}

static char *check_typed(const struct texts_of *known, const struct step *step, struct place *place)
{
    char *trouble = NULL;
    place->key = "type";
    for (unsigned i = 0; i < step->type_count && trouble == NULL; i++)
        trouble = step->type[i][0] == '\0' ? text_of("'type' is empty")
                                           : check_text(known, step, step->type[i], false);
    return trouble;
}

static char *check_single_texts(const struct texts_of *known, const struct step *step,
                                struct place *place)
{
    const struct {
        const char *key;
        const char *text; /* NULL: the step has none */
        bool is_pattern;
    } texts[] = {
        {"send", step->send, false},
        {"send-slowly", step->send_slowly, false},
        {"http", step->http, false},
        {"body", step->message.body, false},
        {"expect", step->expect, false},
        {"expect-output", step->expect_output, false},
        {"expect-no-output", step->expect_no_output, false},
        {"expect-output-pattern", step->expect_output_pattern, true},
    };
    char *trouble = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && trouble == NULL; i++) {
        if (texts[i].text == NULL)
            continue;
        place->key = texts[i].key;
        if (texts[i].text[0] == '\0' && !texts[i].is_pattern)
            trouble = text_of("'%s' is empty", texts[i].key);
        else
            trouble = check_text(known, step, texts[i].text, texts[i].is_pattern);
    }
    return trouble == NULL ? check_typed(known, step, place) : trouble;
}

static char *check_lists(const struct texts_of *known, const struct step *step, struct place *place)
{
    const struct {
        const char *key;
        char *const *texts;
        unsigned count;
    } lists[] = {
        {"expect-pattern", step->expect_patterns, step->expect_patterns_count},
        {"expect-line-pattern", step->expect_line_patterns, step->expect_line_patterns_count},
        {"body-pattern", step->message.body_patterns, step->message.body_patterns_count},
    };
    char *trouble = NULL;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (unsigned n = 0; n < lists[i].count && trouble == NULL; n++) {
            place->key = lists[i].key;
            trouble = check_text(known, step, lists[i].texts[n], true);
        }
    for (unsigned i = 0; i < step->message.headers_count && trouble == NULL; i++) {
        place->key = "headers";
        trouble = check_text(known, step, step->message.headers[i].value, false);
    }
    return trouble;
}

/*** HTTP ***/

/* The first key that belongs to messages of HTTP alone, or NULL. */
static const char *http_key(const struct step *step)
{
    const struct http_message *message = &step->message;
    return message->headers != NULL             ? "headers"
           : message->body != NULL              ? "body"
           : message->body_file != NULL         ? "body-file"
           : message->body_patterns != NULL     ? "body-pattern"
           : message->length != HTTP_LENGTH_ANY ? "length"
                                                : NULL;
}

static char *check_http(const struct assignment *assignment, const struct step *step,
                        struct place *place)
{
    const char *key = http_key(step);
    place->key = key;
    if (key != NULL && step->http == NULL && step->expect_http == NULL)
        return text_of("'%s' belongs to a step with 'http' or 'expect-http'", key);
    bool is_expected =
        step->message.body_patterns != NULL || step->message.length != HTTP_LENGTH_ANY;
    if (step->http != NULL && is_expected) {
        place->key = step->message.body_patterns != NULL ? "body-pattern" : "length";
        return text_of("'%s' belongs to a step with 'expect-http'", place->key);
    }
    place->key = "http";
    char *trouble = step->http != NULL ? http_request_refuse(step->http) : NULL;
    if (trouble == NULL && step->expect_http != NULL) {
        place->key = "expect-http";
        trouble = http_status_refuse(step->expect_http);
    }
    return trouble == NULL ? assignment_check_http(assignment, &step->message, place) : trouble;
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

/* Can this client do or expect that? In a client assignment it must have come by an accept. */
static char *check_one_client(const struct assignment *assignment,
                              const struct assigned_check *scene, unsigned number,
                              const char *client)
{
    const struct step *step = &scene->steps[number];
    bool is_accepted = assignment->conduct.role == ROLE_CLIENT;
    if (is_accepted && !brings_client(step) && !has_done(scene, number, client, DEED_ACCEPT))
        return text_of("the client '%s' has not connected yet", client);
    if (brings_client(step) && has_come(scene, number, client))
        return text_of("the client '%s' has connected already", client);
    if (step->deed == DEED_JOIN && has_done(scene, number, client, DEED_JOIN))
        return text_of("the client '%s' has joined already", client);
    return check_presence(scene, number, client);
}

static char *check_client(const struct assignment *assignment, const struct assigned_check *scene,
                          unsigned number, struct place *place)
{
    const struct step *step = &scene->steps[number];
    size_t count = 0;
    char *const *clients = step_clients(step, &count);
    char *trouble = NULL;
    if (step->client != NULL && step->clients != NULL)
        return text_of("'client' and 'clients' exclude each other");
    if (!needs_client(step))
        return NULL;
    if (count == 0)
        return text_of("'client' is missing");
    place->key = step->clients != NULL ? "clients" : "client";
    for (size_t i = 0; i < count && trouble == NULL; i++)
        trouble = check_one_client(assignment, scene, number, clients[i]);
    return trouble;
}

static char *check_deed(const struct assignment *assignment, const struct step *step,
                        struct place *place)
{
    bool is_client = assignment->conduct.role == ROLE_CLIENT;
    const struct play_protocol *protocol = &assignment->conduct.protocol;
    place->key = "do";
    if (step->deed == DEED_JOIN && protocol->kind != PROTOCOL_CHAT && protocol->greeting_count == 0)
        return text_of("'do: join' plays the 'greeting' of 'protocol', and there is none");
    if (step->deed != (is_client ? DEED_CONNECT : DEED_ACCEPT))
        return NULL;
    return text_of("where the submission is a %s, a client connects with 'do: %s'",
                   is_client ? "client" : "server", is_client ? "accept" : "connect");
}

static bool expects(const struct step *step)
{
    return step->expect != NULL || step->expect_patterns != NULL ||
           step->expect_line_patterns != NULL || step->expect_http != NULL ||
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

static char *check_file(const struct texts_of *known, const struct step *step, struct place *place)
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
    if (file->same_as != NULL && !material_may_have(&known->assignment->material, file->same_as))
        return text_of("'%s' is none of the assignment's 'files'", file->same_as);
    const char *text = file->text != NULL ? file->text : file->pattern;
    return text != NULL ? check_text(known, step, text, file->pattern != NULL) : NULL;
}

static char *check_step(const struct assignment *assignment, const struct assigned_check *scene,
                        const struct scene_cast *cast, unsigned number, struct place *place)
{
    const struct step *step = &scene->steps[number];
    const struct texts_of texts = {assignment, cast};
    place->key = NULL;
    char *trouble = check_verbs(step);
    if (trouble == NULL)
        trouble = check_client(assignment, scene, number, place);
    if (trouble == NULL)
        trouble = assignment_check_program_of_step(assignment, scene, number, place);
    if (trouble == NULL)
        trouble = check_deed(assignment, step, place);
    if (trouble == NULL)
        trouble = check_numbers(step, place);
    if (trouble == NULL)
        trouble = check_single_texts(&texts, step, place);
    if (trouble == NULL)
        trouble = check_lists(&texts, step, place);
    if (trouble == NULL)
        trouble = check_http(assignment, step, place);
    if (trouble == NULL)
        trouble = check_file(&texts, step, place);
    return trouble == NULL ? check_states(step, place) : trouble;
}

char *assignment_check_steps(const struct assignment *assignment,
                             const struct assigned_check *scene, struct place *place)
{
    double points = 0;
    struct scene_cast cast;
    place->key = "steps";
    scene_cast_read(&cast, scene->steps, scene->steps_count);
    if (cast.count > SCENE_CLIENTS_MAX)
        return text_of("a scene has at most %d clients", SCENE_CLIENTS_MAX);
    for (unsigned i = 0; i < scene->steps_count; i++) {
        place->step = i + 1;
        char *trouble = check_step(assignment, scene, &cast, i, place);
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
