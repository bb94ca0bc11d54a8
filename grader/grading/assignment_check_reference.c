#include "grader/grading/assignment_check_reference.h"

#include "base/memory.h"
#include "grader/assignment/words.h"
#include "grader/grading/assignment_check_run.h"
#include "grader/grading/assignment_check_text.h"
#include "grader/oracle/answers_like.h"
#include "grader/oracle/likeness.h"

#include <ctype.h>
#include <string.h>

/*** The reference ***/

/* Does the path lie in the folder, or is it this folder? */
static bool lies_in(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

char *assignment_check_reference(const struct assignment *assignment, struct place *place)
{
    const struct assigned_reference *reference = assignment->reference;
    *place = (struct place){.section = "reference"};
    if (reference == NULL)
        return NULL;
    if (assignment->conduct.role == ROLE_CLIENT)
        return text_of("'reference' is a server that others are compared with; of a client it "
                       "cannot be one");
    if (assignment->conduct.port == 0)
        return text_of("'port' is missing: the reference listens where the submission does");
    place->key = "run";
    if (reference->run[strspn(reference->run, " \t\r\n")] == '\0')
        return text_of("'run' is empty");
    if (strstr(reference->run, "{entry}") != NULL)
        return text_of("{entry} is a file of the submission; name that of the reference");
    char *trouble = assignment_check_line(reference->run);
    if (trouble != NULL)
        return trouble;
    place->key = "bring";
    const char *given = assignment->material.bring;
    if (reference->bring != NULL && given != NULL && lies_in(reference->bring, given))
        return text_of("submissions are given '%s' and all in it; keep the reference elsewhere",
                       given);
    return assignment_check_bring(assignment, reference->bring);
}

/*** What is ignored ***/

/* What is nearly one of our words is taken for a slip, and not for a pattern. */
static char *check_ignored(const char *ignored)
{
    static const char *const words[] = {IGNORING_SPACE, IGNORING_CASE, NULL};
    unsigned distance = 0;
    bool is_word = true;
    for (const char *at = ignored; *at != '\0'; at++)
        is_word &= isalpha((unsigned char)*at) != 0;
    const char *nearest = is_word ? assignment_nearest_word(ignored, words, &distance) : NULL;
    if (ignored[0] == '\0')
        return text_of("'ignoring' is empty");
    if (nearest != NULL && distance > 0 && distance <= 2)
        return text_of("'ignoring' has '%s'; did you mean '%s'? A pattern that is a word stands in "
                       "parentheses: (%s)",
                       ignored, nearest, ignored);
    return nearest == NULL ? assignment_check_pattern(ignored) : NULL;
}

static char *check_ignoring(char *const *ignoring, unsigned count, struct place *place)
{
    char *trouble = NULL;
    place->key = "ignoring";
    for (unsigned i = 0; ignoring != NULL && i < count && trouble == NULL; i++)
        trouble = check_ignored(ignoring[i]);
    return trouble;
}

/*** Conversations ***/

/* Each message draws its values for itself. */
static char *check_said(const struct assignment *assignment, const char *text)
{
    static const char *const words[] = {"token", NULL};
    struct values values = {.outer = &assignment->values};
    if (text[0] == '\0')
        return text_of("'says' is empty");
    char *trouble = values_declare(&values, text);
    const struct text_rules rules = {.words = words, .values = &values, .may_draw = true};
    if (trouble == NULL)
        trouble = assignment_check_text(text, &rules);
    values_release(&values);
    return trouble;
}

static char *refuse_keys(const struct assigned_check *check, struct place *place)
{
    place->key = check->says != NULL       ? "says"
                 : check->at_once > 0      ? "at-once"
                 : check->runs > 0         ? "runs"
                 : check->ignoring != NULL ? "ignoring"
                                           : NULL;
    return place->key == NULL
               ? NULL
               : text_of("'%s' belongs to the check '" CHECK_ANSWERS_LIKE "'%s", place->key,
                         strcmp(place->key, "ignoring") == 0 ? ", or to a step with 'expect-like'"
                                                             : "");
}

char *assignment_check_conversations(const struct assignment *assignment,
                                     const struct assigned_check *check, struct place *place)
{
    if (strcmp(check->id, CHECK_ANSWERS_LIKE) != 0)
        return refuse_keys(check, place);
    place->key = "check";
    if (assignment->reference == NULL)
        return text_of("the check '%s' needs the key 'reference' of the assignment: "
                       "{bring: FOLDER, run: COMMAND}",
                       check->id);
    if (check->says == NULL)
        return text_of("the check '%s' needs the key 'says': a list of what clients say",
                       check->id);
    char *trouble = NULL;
    place->key = "says";
    for (unsigned i = 0; i < check->says_count && trouble == NULL; i++)
        trouble = check_said(assignment, check->says[i]);
    if (trouble != NULL)
        return trouble;
    place->key = "at-once";
    if (check->at_once > AT_ONCE_MAX)
        return text_of("'at-once' is at most %d clients", AT_ONCE_MAX);
    place->key = "runs";
    if (check->runs > RUNS_MAX)
        return text_of("'runs' is at most %d", RUNS_MAX);
    return check_ignoring(check->ignoring, check->ignoring_count, place);
}

/*** Steps ***/

static bool starts_programs(const struct assigned_check *scene)
{
    for (unsigned i = 0; i < scene->steps_count; i++)
        if (scene->steps[i].deed == DEED_START)
            return true;
    return false;
}

char *assignment_check_likeness(const struct assignment *assignment,
                                const struct assigned_check *scene, const struct step *step,
                                struct place *place)
{
    place->key = "ignoring";
    if (step->ignoring != NULL && step->expect_like == LIKE_NOBODY)
        return text_of("'ignoring' belongs to a step with 'expect-like'");
    place->key = "expect-like";
    if (step->expect_like == LIKE_NOBODY)
        return NULL;
    if (assignment->reference == NULL)
        return text_of("'expect-like' needs the key 'reference' of the assignment: "
                       "{bring: FOLDER, run: COMMAND}");
    if (starts_programs(scene))
        return text_of("the reference is one program: a scene with 'do: start' cannot be played "
                       "on it");
    return check_ignoring(step->ignoring, step->ignoring_count, place);
}
