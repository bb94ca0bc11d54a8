/* What a schema cannot say of an assignment. Each function returns a sentence, to be freed, or NULL
 * if all is well. */
#include "grader/assignment.h"

#include "base/memory.h"
#include "grader/assignment_schema.h"
#include "grader/check.h"
#include "grader/dialect.h"
#include "grader/script.h"
#include "grader/script_text.h"
#include "grader/stage.h"

#include <errno.h>
#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_TOLERANCE 1e-6

/*** Words ***/

static const char *const models[] = {"sequential", "fork",       "prefork",   "thread",
                                     "pool",       "select",     "poll",      "epoll",
                                     "io_uring",   "one-client", "busy loop", NULL};
static const char *const ends[] = {ENDS_WHEN_FIRST, ENDS_WHEN_LAST, ENDS_WHEN_ENTER, NULL};

/* The sentence that there is no such word in the list, with the one most like it. */
static char *check_word(const char *what, const char *word, const char *const *words)
{
    const char *nearest = NULL;
    unsigned distance = 4;
    for (; word != NULL && *words != NULL; words++) {
        unsigned from = word_distance(word, *words, distance);
        if (from == 0)
            return NULL;
        if (from < distance) {
            nearest = *words;
            distance = from;
        }
    }
    return word == NULL ? NULL
           : nearest == NULL
               ? text_of("there is no %s '%s'", what, word)
               : text_of("there is no %s '%s'; did you mean '%s'?", what, word, nearest);
}

static char *check_built_in(const char *id)
{
    const char *names[SCRIPT_CLIENTS_MAX * 8] = {NULL};
    for (size_t i = 0; checks[i] != NULL; i++)
        names[i] = checks[i]->id;
    return check_word("check", id, names);
}

/*** Steps ***/

static size_t count_verbs(const struct step *step)
{
    return (size_t)(step->deed != DEED_NONE) + (step->send != NULL) + (step->send_slowly != NULL) +
           (step->type != NULL) + (step->expect != NULL) + (step->expect_pattern != NULL) +
           (step->expect_event != EVENT_NONE) + (step->expect_output != NULL) +
           (step->expect_output_pattern != NULL) + (step->expect_states != NULL) +
           (step->expect_exit != NULL);
}

static bool needs_client(const struct step *step)
{
    return step->type == NULL && step->expect_output == NULL &&
           step->expect_output_pattern == NULL && step->expect_exit == NULL &&
           step->deed != DEED_SETTLE && step->deed != DEED_ENTER;
}

static bool brings_client(const struct step *step)
{
    return step->deed == DEED_CONNECT || step->deed == DEED_ACCEPT;
}

static bool has_come(const struct assigned_check *scene, unsigned before, const char *client)
{
    for (unsigned i = 0; i < before; i++)
        if (brings_client(&scene->steps[i]) && scene->steps[i].client != NULL &&
            strcmp(scene->steps[i].client, client) == 0)
            return true;
    return false;
}

static char *check_texts(const struct assigned_check *scene, unsigned number)
{
    const struct step *step = &scene->steps[number];
    const char *const texts[] = {step->send,
                                 step->send_slowly,
                                 step->type,
                                 step->expect,
                                 step->expect_pattern,
                                 step->expect_output,
                                 step->expect_output_pattern};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char unknown[64];
        if (texts[i] != NULL &&
            !script_text_is_valid(texts[i], scene->steps, scene->steps_count, unknown))
            return text_of("check '%s', step %u: %s stands for nothing; known are {token}, "
                           "{token:NAME}, {port:CLIENT} and {hex:80ff}",
                           scene->id, number + 1, unknown);
    }
    return NULL;
}

static unsigned any_port(void *context, const char *client)
{
    (void)context;
    (void)client;
    return 9500;
}

static char *check_pattern(const struct assigned_check *scene, unsigned number, const char *pattern)
{
    regex_t compiled;
    char why[128];
    if (pattern == NULL)
        return NULL;
    struct bytes filled_in = {0};
    struct script_tokens tokens = {0};
    script_fill_in(&filled_in, pattern, &tokens, any_port, NULL);
    bytes_append(&filled_in, "", 1);
    int error = regcomp(&compiled, bytes_front(&filled_in), REG_EXTENDED | REG_NEWLINE);
    bytes_release(&filled_in);
    script_tokens_release(&tokens);
    if (error == 0) {
        regfree(&compiled);
        return NULL;
    }
    regerror(error, &compiled, why, sizeof why);
    return text_of("check '%s', step %u: the pattern '%s' is none: %s", scene->id, number + 1,
                   pattern, why);
}

static char *check_step(const struct assignment *assignment, const struct assigned_check *scene,
                        unsigned number)
{
    const struct step *step = &scene->steps[number];
    if (count_verbs(step) != 1)
        return text_of("check '%s', step %u: a step does or expects exactly one thing, not %zu",
                       scene->id, number + 1, count_verbs(step));
    if (needs_client(step) && step->client == NULL)
        return text_of("check '%s', step %u: which client?", scene->id, number + 1);
    if (needs_client(step) && !brings_client(step) && !has_come(scene, number, step->client))
        return text_of("check '%s', step %u: the client '%s' has not come yet", scene->id,
                       number + 1, step->client);
    if (brings_client(step) && has_come(scene, number, step->client))
        return text_of("check '%s', step %u: the client '%s' has come already", scene->id,
                       number + 1, step->client);
    if (step->deed == (assignment->role == ROLE_CLIENT ? DEED_CONNECT : DEED_ACCEPT))
        return text_of("check '%s', step %u: where the submission is a %s, a client is there with "
                       "'do: %s'",
                       scene->id, number + 1, assignment->role == ROLE_CLIENT ? "client" : "server",
                       assignment->role == ROLE_CLIENT ? "accept" : "connect");
    char *trouble = check_texts(scene, number);
    if (trouble == NULL)
        trouble = check_pattern(scene, number, step->expect_pattern);
    return trouble != NULL ? trouble : check_pattern(scene, number, step->expect_output_pattern);
}

static char *check_steps(const struct assignment *assignment, const struct assigned_check *scene)
{
    double points = 0;
    if (script_count_clients(scene->steps, scene->steps_count) > SCRIPT_CLIENTS_MAX)
        return text_of("check '%s': more than %d clients", scene->id, SCRIPT_CLIENTS_MAX);
    for (unsigned i = 0; i < scene->steps_count; i++) {
        char *trouble = check_step(assignment, scene, i);
        if (trouble != NULL)
            return trouble;
        points += scene->steps[i].points;
    }
    if (points > 0 && fabs(points - scene->points) > POINTS_TOLERANCE)
        return text_of("check '%s': the points of its steps add up to %g, not to %g", scene->id,
                       points, scene->points);
    return NULL;
}

/*** Checks ***/

static bool is_assigned(const struct assignment *assignment, unsigned before, const char *id)
{
    for (unsigned i = 0; i < before; i++)
        if (strcmp(assignment->checks[i].id, id) == 0)
            return true;
    return false;
}

static char *check_one(const struct assignment *assignment, unsigned number)
{
    const struct assigned_check *check = &assignment->checks[number];
    if (is_assigned(assignment, number, check->id))
        return text_of("the check '%s' is there twice", check->id);
    if (!(check->points >= 0))
        return text_of("check '%s': %g points", check->id, check->points);
    if (check->needs != NULL && !is_assigned(assignment, number, check->needs) &&
        (assignment->role == ROLE_CLIENT || check_find(check->needs) == NULL))
        return text_of("check '%s' needs '%s', which does not come before it and is no check of "
                       "proctor's",
                       check->id, check->needs);
    if (check->steps == NULL && assignment->role == ROLE_CLIENT)
        return text_of("check '%s' has no steps, and proctor's own checks are for servers",
                       check->id);
    if (check->steps == NULL)
        return check_built_in(check->id);
    if (check_find(check->id) != NULL)
        return text_of("check '%s' has steps, but proctor has a check of that name", check->id);
    if (check->title.in[0] == NULL)
        return text_of("check '%s' has no title", check->id);
    return check_steps(assignment, check);
}

static char *check_points(const struct assignment *assignment)
{
    double points = 0;
    for (unsigned i = 0; i < assignment->checks_count; i++)
        points += assignment->checks[i].points;
    return fabs(points - assignment->points) <= POINTS_TOLERANCE
               ? NULL
               : text_of("the points of the checks add up to %g, not to %g", points,
                         assignment->points);
}

/*** The rest ***/

static char *check_talk(const struct talk *talk)
{
    if (talk->kind == DIALECT_PREFIX && talk->prefix == NULL)
        return text_of("talk: which prefix?");
    if (talk->kind == DIALECT_EXCHANGE && (talk->ask == NULL || talk->answer == NULL))
        return text_of("talk: an exchange needs 'ask' and 'answer'");
    return NULL;
}

static bool mentions(const char *text, const char *word)
{
    return text != NULL && strstr(text, word) != NULL;
}

static char *check_command(const struct assignment *assignment)
{
    bool needs_entry =
        mentions(assignment->run, "{entry}") || mentions(assignment->build, "{entry}");
    if (assignment->entry == NULL && (needs_entry || assignment->run == NULL))
        return text_of("which file is the submission's entry? name patterns under 'entry'");
    if (assignment->port == 0 &&
        (assignment->role == ROLE_CLIENT || mentions(assignment->run, "{port}")))
        return text_of("which port?");
    return NULL;
}

int assignment_check(const struct assignment *assignment, const char **place, char **trouble)
{
    *place = "model";
    *trouble = check_word("model", assignment->model, models);
    if (*trouble == NULL) {
        *place = "ends-when";
        *trouble = check_word("such end", assignment->ends_when, ends);
    }
    if (*trouble == NULL) {
        *place = "talk";
        *trouble = check_talk(&assignment->talk);
    }
    for (unsigned i = 0; i < assignment->checks_count && *trouble == NULL; i++) {
        *place = assignment->checks[i].id;
        *trouble = check_one(assignment, i);
    }
    if (*trouble == NULL) {
        *place = "points";
        *trouble = check_points(assignment);
    }
    if (*trouble == NULL) {
        *place = "run";
        *trouble = check_command(assignment);
    }
    return *trouble == NULL ? 0 : -EINVAL;
}
