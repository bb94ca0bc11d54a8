#include "grader/grading/assignment_check_steps.h"

#include "base/memory.h"
#include "grader/checks/scene_cast.h"
#include "grader/grading/assignment_check_order.h"
#include "grader/grading/assignment_check_programs.h"
#include "grader/grading/assignment_check_protocol.h"
#include "grader/grading/assignment_check_reference.h"
#include "grader/grading/assignment_check_states.h"
#include "grader/grading/assignment_check_text.h"
#include "grader/grading/assignment_check_times.h"
#include "grader/grading/assignment_check_transport.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What the texts of a scene may name. */
struct scene_names {
    const struct assignment *assignment;
    const struct assigned_check *scene;
    const struct scene_cast *cast;
    struct values values;
};

/*** Who and what ***/

static size_t count_verbs(const struct step *step)
{
    bool types = step->type != NULL && step->deed != DEED_START; /* what is typed then */
    return (size_t)(step->deed != DEED_NONE) + (step->send != NULL) + (step->send_slowly != NULL) +
           types + (step->http != NULL) + (step->expect_no_output != NULL) +
           (step->expect != NULL) + (step->expect_patterns != NULL) +
           (step->expect_line_patterns != NULL) + (step->expect_http != NULL) +
           (step->expect_event != EVENT_NONE) + (step->expect_output != NULL) +
           (step->expect_output_patterns != NULL) + (step->expect_states != NULL) +
           (step->expect_file != NULL) + (step->expect_exit != NULL) +
           (step->expect_like != LIKE_NOBODY);
}

static bool needs_client(const struct step *step)
{
    return step->type == NULL && step->expect_output == NULL &&
           step->expect_output_patterns == NULL && step->expect_exit == NULL &&
           step->expect_file == NULL && step->expect_no_output == NULL &&
           step->deed != DEED_START && step->deed != DEED_SETTLE && step->deed != DEED_ENTER &&
           step->deed != DEED_WAIT && step->deed != DEED_STOP && step->deed != DEED_KILL &&
           step->deed != DEED_RESTART;
}

static bool brings_client(const struct step *step)
{
    return step->deed == DEED_CONNECT || step->deed == DEED_ACCEPT || step->deed == DEED_LISTEN;
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
        if (step_is_of(&scene->steps[i], client) && scene->steps[i].deed != DEED_LISTEN)
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

/* Has the program, or what is beside it, a port? */
static bool has_port(const struct assignment *assignment, const struct placeholder *placeholder)
{
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

/* {token:NAME}, {port:CLIENT}, {port:PROGRAM}, {who:CLIENT} */
static bool is_named(const void *context, const struct placeholder *placeholder)
{
    const struct scene_names *names = context;
    bool is_client = scene_cast_named(names->cast, placeholder) < names->cast->count;
    return placeholder_is(placeholder, "token") ||
           (placeholder_is(placeholder, "who") && is_client) ||
           (placeholder_is(placeholder, "port") &&
            (is_client || has_port(names->assignment, placeholder)));
}

/* A datagram may be empty. */
static char *check_text(const struct text_rules *rules, const struct step_text *text, bool is_udp)
{
    bool may_be_empty = text->is_pattern || strcmp(text->key, "headers") == 0 || is_udp;
    if (text->text[0] == '\0' && !may_be_empty)
        return text_of("'%s' is empty", text->key);
    char *trouble = assignment_check_text(text->text, rules);
    return trouble == NULL && text->is_pattern ? assignment_check_pattern(text->text) : trouble;
}

static char *check_texts(const struct scene_names *names, const struct step *step,
                         struct place *place)
{
    static const char *const words[] = {"token", "who", NULL};
    static const char *const words_of_nobody[] = {"token", NULL};
    size_t clients = 0;
    step_clients(step, &clients);
    const struct text_rules rules = {.words = clients > 0 ? words : words_of_nobody,
                                     .named_words = "{token:NAME}, {port:CLIENT}, {who:CLIENT}, ",
                                     .is_named = is_named,
                                     .context = names,
                                     .values = &names->values,
                                     .may_draw = true};
    bool is_udp = assignment_step_is_udp(names->assignment, names->scene, step);
    struct step_text text;
    char *trouble = NULL;
    for (size_t i = 0; trouble == NULL && step_text(step, i, &text); i++) {
        if (text.text == NULL)
            continue;
        place->key = text.key;
        trouble = check_text(&rules, &text, is_udp);
    }
    return trouble;
}

/* What all steps draw, before the first is checked: a value may be repeated further up. */
static char *declare_values(struct values *values, const struct assigned_check *scene,
                            struct place *place)
{
    struct step_text text;
    char *trouble = NULL;
    for (unsigned i = 0; i < scene->steps_count && trouble == NULL; i++)
        for (size_t n = 0; trouble == NULL && step_text(&scene->steps[i], n, &text); n++) {
            if (text.text == NULL)
                continue;
            place->step = i + 1;
            place->key = text.key;
            trouble = values_declare(values, text.text);
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
    bool listens = has_done(scene, number, client, DEED_LISTEN);
    bool is_accepted = assignment->conduct.role == ROLE_CLIENT || listens;
    if (step->deed == DEED_LISTEN && listens)
        return text_of("the client '%s' listens already", client);
    if (step->deed == DEED_CONNECT && listens)
        return text_of("the client '%s' listens: it connects with 'do: accept'", client);
    bool hears = assignment_listens_over_udp(assignment, scene, number, client);
    if (is_accepted && !hears && !brings_client(step) &&
        !has_done(scene, number, client, DEED_ACCEPT))
        return text_of("the client '%s' has not connected yet", client);
    if (brings_client(step) && has_come(scene, number, client))
        return text_of("the client '%s' has connected already", client);
    if (step->deed == DEED_JOIN && has_done(scene, number, client, DEED_JOIN))
        return text_of("the client '%s' has joined already", client);
    char *trouble = assignment_check_reading(scene, number, client);
    return trouble == NULL ? check_presence(scene, number, client) : trouble;
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

/* By accept, where the submission connects: to its server, or to a client that listens. */
static bool is_accepted_rightly(const struct assigned_check *scene, unsigned number)
{
    const struct step *step = &scene->steps[number];
    size_t count = 0;
    char *const *clients = step_clients(step, &count);
    return step->deed == DEED_ACCEPT && count > 0 &&
           (step->port != 0 || has_done(scene, number, clients[0], DEED_LISTEN));
}

static char *check_deed(const struct assignment *assignment, const struct assigned_check *scene,
                        unsigned number, struct place *place)
{
    const struct step *step = &scene->steps[number];
    bool is_client = assignment->conduct.role == ROLE_CLIENT;
    const struct play_protocol *protocol = &assignment->conduct.protocol;
    place->key = "do";
    if (step->deed == DEED_JOIN && protocol->kind != PROTOCOL_CHAT && protocol->greeting_count == 0)
        return text_of("'do: join' plays the 'greeting' of 'protocol', and there is none");
    if (step->deed == DEED_RESTART && is_client)
        return text_of("a client is started anew for each scene: 'do: restart' is for servers");
    if (step->deed != (is_client ? DEED_CONNECT : DEED_ACCEPT) ||
        is_accepted_rightly(scene, number))
        return assignment_check_port(assignment, scene, step, place);
    return text_of("where the submission is a %s, a client connects with 'do: %s'",
                   is_client ? "client" : "server", is_client ? "accept" : "connect");
}

static char *check_numbers(const struct step *step, struct place *place)
{
    place->key = "points";
    if (!(step->points >= 0))
        return text_of("points cannot be negative: %g", step->points);
    place->key = "expect-exit";
    if (step->expect_exit != NULL && (*step->expect_exit < 0 || *step->expect_exit > UINT8_MAX))
        return text_of("exit codes are between 0 and 255, not %d", *step->expect_exit);
    return NULL;
}

/*** Files ***/

static char *check_file(const struct assignment *assignment, const struct step *step,
                        struct place *place)
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
    return NULL;
}

static char *check_step(const struct assignment *assignment, const struct assigned_check *scene,
                        const struct scene_names *names, unsigned number, struct place *place)
{
    const struct step *step = &scene->steps[number];
    place->key = NULL;
    char *trouble = check_verbs(step);
    trouble = trouble != NULL ? trouble : check_client(assignment, scene, number, place);
    trouble = trouble != NULL ? trouble
                              : assignment_check_program_of_step(assignment, scene, number, place);
    trouble = trouble != NULL ? trouble
                              : assignment_check_step_transport(assignment, scene, number, place);
    trouble = trouble != NULL ? trouble : check_deed(assignment, scene, number, place);
    trouble = trouble != NULL ? trouble : check_numbers(step, place);
    trouble = trouble != NULL ? trouble : assignment_check_times(step, place);
    trouble = trouble != NULL ? trouble : assignment_check_order(scene, step, place);
    trouble = trouble != NULL ? trouble : assignment_check_likeness(assignment, scene, step, place);
    trouble = trouble != NULL ? trouble : check_texts(names, step, place);
    trouble = trouble != NULL ? trouble : check_http(assignment, step, place);
    trouble = trouble != NULL ? trouble : check_file(assignment, step, place);
    return trouble == NULL ? assignment_check_states(step, place) : trouble;
}

static char *check_all_steps(const struct assignment *assignment,
                             const struct assigned_check *scene, const struct scene_cast *cast,
                             struct place *place)
{
    struct scene_names names = {.assignment = assignment,
                                .scene = scene,
                                .cast = cast,
                                .values.outer = &assignment->values};
    char *trouble = declare_values(&names.values, scene, place);
    for (unsigned i = 0; i < scene->steps_count && trouble == NULL; i++) {
        place->step = i + 1;
        trouble = check_step(assignment, scene, &names, i, place);
    }
    values_release(&names.values);
    return trouble;
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
    char *trouble = check_all_steps(assignment, scene, &cast, place);
    if (trouble != NULL)
        return trouble;
    for (unsigned i = 0; i < scene->steps_count; i++)
        points += scene->steps[i].points;
    place->step = 0;
    place->key = "points";
    if (points > 0 && fabs(points - scene->points) > POINTS_TOLERANCE)
        return text_of("the points of the steps add up to %g, not %g", points, scene->points);
    return NULL;
}
