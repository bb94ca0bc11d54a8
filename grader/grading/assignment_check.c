/* Each function returns NULL if all is well, or a sentence, to be freed, with its place.
 */
#include "grader/grading/assignment_check.h"

#include "base/memory.h"
#include "grader/assignment/read.h"
#include "grader/assignment/words.h"
#include "grader/checks/checks.h"
#include "grader/checks/scene_text.h"
#include "grader/checks/series.h"
#include "grader/grading/assignment_check_programs.h"
#include "grader/grading/assignment_check_protocol.h"
#include "grader/grading/assignment_check_reference.h"
#include "grader/grading/assignment_check_run.h"
#include "grader/grading/assignment_check_steps.h"
#include "grader/grading/assignment_check_text.h"
#include "grader/grading/assignment_check_transport.h"
#include "grader/grading/plan.h"
#include "grader/grading/start.h"
#include "observe/waiting/models.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_MAX 1000000

#define BUILT_IN_MAX 64

static void list_built_in(const char *names[BUILT_IN_MAX + 1])
{
    size_t count = 0;
    for (; checks[count].id != NULL && count < BUILT_IN_MAX; count++)
        names[count] = checks[count].id;
    names[count] = NULL;
}

/*** What comes before what ***/

/* The check that must have passed before it: the same as in marking.c. */
static const char *needs_of(const struct assignment *assignment, const char *id)
{
    const struct assigned_check *assigned = assignment_find_check(assignment, id);
    const struct check *built_in = check_find(id);
    if (assigned != NULL && assigned->needs != NULL)
        return assigned->needs;
    if (built_in != NULL)
        return built_in->needs;
    return assignment->conduct.role == ROLE_SERVER ? CHECK_LISTENS : NULL;
}

static bool needs_itself(const struct assignment *assignment, const char *id)
{
    const char *needed = id;
    for (unsigned i = 0; i < SERIES_CHECKS_MAX && needed != NULL; i++) {
        needed = needs_of(assignment, needed);
        if (needed != NULL && strcmp(needed, id) == 0)
            return true;
    }
    return false;
}

static char *refuse_unknown_need(const struct assignment *assignment, unsigned number)
{
    const char *names[BUILT_IN_MAX + SERIES_CHECKS_MAX + 1] = {NULL};
    size_t count = 0;
    for (unsigned i = 0; i < number && i < SERIES_CHECKS_MAX; i++)
        names[count++] = assignment->checks[i].id;
    if (assignment->conduct.role == ROLE_SERVER)
        list_built_in(names + count);
    return assignment_refuse_word("check", assignment->checks[number].needs, names);
}

static char *check_needs(const struct assignment *assignment, unsigned number)
{
    const struct assigned_check *check = &assignment->checks[number];
    if (check->needs == NULL)
        return NULL;
    const struct assigned_check *needed = assignment_find_check(assignment, check->needs);
    bool is_built_in = assignment->conduct.role == ROLE_SERVER && check_find(check->needs) != NULL;
    if (needed >= check && !is_built_in)
        return text_of("'%s' must come before the check that needs it", check->needs);
    if (needed == NULL && !is_built_in)
        return refuse_unknown_need(assignment, number);
    return needs_itself(assignment, check->id) ? text_of("the check '%s' needs itself", check->id)
                                               : NULL;
}

/*** Checks ***/

/* A row may have the key, too. */
static char *refuse_missing_key(const struct assignment *assignment, unsigned number,
                                const struct check *check)
{
    const struct assigned_row *row = NULL;
    const char *key = NULL;
    if (assignment->rows_count == 0)
        key = check_missing_key(check, &assignment->conduct);
    for (unsigned i = 0; i < assignment->rows_count && key == NULL; i++) {
        row = &assignment->rows[i];
        const struct conduct conduct = start_conduct(assignment, row);
        if (assigned_check_is_in(&assignment->checks[number], row))
            key = check_missing_key(check, &conduct);
    }
    if (key == NULL)
        return NULL;
    return row == NULL
               ? text_of("the check '%s' needs the key '%s' of the assignment", check->id, key)
               : text_of("the check '%s' needs the key '%s' of the assignment or of the row '%s'",
                         check->id, key, row->name);
}

static char *check_built_in(const struct assignment *assignment, unsigned number)
{
    const char *id = assignment->checks[number].id;
    const struct check *check = check_find(id);
    const char *names[BUILT_IN_MAX + 1];
    if (assignment->conduct.role == ROLE_CLIENT)
        return text_of("the check '%s' has no steps: proctor's own checks are for servers only",
                       id);
    char *trouble = check != NULL ? refuse_missing_key(assignment, number, check) : NULL;
    if (trouble != NULL)
        return trouble;
    list_built_in(names);
    return assignment_refuse_word("check", id, names);
}

static char *check_scene(const struct assignment *assignment, unsigned number, struct place *place)
{
    const struct assigned_check *check = &assignment->checks[number];
    bool is_own = check_find(check->id) != NULL || strcmp(check->id, GRADING_TAKE_IN) == 0 ||
                  strcmp(check->id, GRADING_BUILD) == 0;
    if (is_own)
        return text_of("'%s' is the name of a check of proctor's own: give your steps another name",
                       check->id);
    place->key = NULL;
    if (check->title.in[0] == NULL)
        return text_of("the check '%s' has steps but no title", check->id);
    return assignment_check_steps(assignment, check, place);
}

/* The points of a check that is never played could not be earned, nor those of one that needs it.
 * That no check needs itself is known by now. */
static char *refuse_unreachable(const struct assignment *assignment, unsigned number)
{
    const char *id = assignment->checks[number].id;
    for (const char *needed = id; needed != NULL; needed = needs_of(assignment, needed)) {
        const struct check *check = check_find(needed);
        const char *why = check != NULL ? check_unplayable(check, &assignment->conduct) : NULL;
        if (why != NULL && needed == id)
            return text_of("the check '%s' has points, but is %s", id, why);
        if (why != NULL)
            return text_of("the check '%s' has points, but needs '%s', which is %s", id, needed,
                           why);
    }
    return NULL;
}

static char *check_one(const struct assignment *assignment, unsigned number, struct place *place)
{
    const struct assigned_check *check = &assignment->checks[number];
    place->key = "check";
    if (check->id[0] == '\0')
        return text_of("a check needs a name");
    if (assignment_find_check(assignment, check->id) != check)
        return text_of("duplicate check '%s'", check->id);
    place->key = "points";
    if (!(check->points >= 0))
        return text_of("points cannot be negative: %g", check->points);
    place->key = "needs";
    char *trouble = check_needs(assignment, number);
    if (trouble != NULL)
        return trouble;
    trouble = assignment_check_own_run(assignment, check, place);
    if (trouble == NULL)
        trouble = assignment_check_own_programs(assignment, &check->programs, place);
    if (trouble == NULL)
        trouble = assignment_check_conversations(assignment, check, place);
    if (trouble != NULL)
        return trouble;
    place->key = "check";
    trouble = check->steps == NULL ? check_built_in(assignment, number)
                                   : check_scene(assignment, number, place);
    if (trouble != NULL || check->points == 0 || assignment->conduct.role == ROLE_CLIENT)
        return trouble;
    *place = (struct place){.check = number + 1, .key = "check"};
    return refuse_unreachable(assignment, number);
}

static char *check_each(const struct assignment *assignment, struct place *place)
{
    char *trouble = NULL;
    for (unsigned i = 0; i < assignment->checks_count && trouble == NULL; i++) {
        *place = (struct place){.check = i + 1};
        trouble = check_one(assignment, i, place);
    }
    return trouble;
}

/* How often it is played. */
static double count_rows(const struct assignment *assignment, const struct assigned_check *check)
{
    unsigned rows = 0;
    for (unsigned i = 0; i < assignment->rows_count; i++)
        rows += assigned_check_is_in(check, &assignment->rows[i]);
    return assignment->rows_count == 0 ? 1 : rows;
}

static char *check_points(const struct assignment *assignment, struct place *place)
{
    double points = 0;
    *place = (struct place){.key = "points"};
    for (unsigned i = 0; i < assignment->checks_count; i++)
        points += assignment->checks[i].points * count_rows(assignment, &assignment->checks[i]);
    return fabs(points - assignment->points) <= POINTS_TOLERANCE
               ? NULL
               : text_of("the points of the checks add up to %g%s, not %g", points,
                         assignment->rows_count > 0 ? " in all rows" : "", assignment->points);
}

/*** How it is spoken with ***/

/* What is said besides. */
static char *check_words_said(const struct assignment *assignment, struct place *place)
{
    const struct conduct *conduct = &assignment->conduct;
    *place = (struct place){.key = "stop-word"};
    static const char *const none[] = {NULL};
    const struct text_rules rules = {.words = none, .values = &assignment->values};
    char *trouble = assignment_check_text(conduct->stop_word, &rules);
    for (unsigned i = 0; i < conduct->type_count && trouble == NULL; i++) {
        place->key = "type";
        trouble = assignment_check_text(conduct->type[i], &rules);
    }
    return trouble;
}

/*** The rest ***/

static char *check_limits(const struct assignment *assignment, struct place *place)
{
    const struct assigned_limits *limits = &assignment->limits;
    const struct {
        const char *key;
        int64_t value;
    } all[] = {
        {"memory-mb", limits->memory_mb}, {"processes", limits->processes},
        {"cpu-s", limits->cpu_s},         {"wall-s", limits->wall_s},
        {"grading-s", limits->grading_s}, {"output-mb", limits->output_mb},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        *place = (struct place){.section = "limits", .key = all[i].key};
        if (all[i].value < 0 || all[i].value > LIMIT_MAX)
            return text_of("'%s' must be between 0 (the default) and %d", all[i].key, LIMIT_MAX);
    }
    return NULL;
}

static char *check_words(const struct assignment *assignment, struct place *place)
{
    static const char *const ends[] = {ENDS_WHEN_FIRST, ENDS_WHEN_LAST, ENDS_WHEN_ENTER, NULL};
    *place = (struct place){.key = "model"};
    char *trouble = assignment_refuse_word("model", assignment->conduct.model, model_names);
    if (trouble != NULL)
        return trouble;
    *place = (struct place){.key = "ends-when"};
    return assignment_refuse_word("end condition", assignment->conduct.ends_when, ends);
}

char *assignment_check(const struct assignment *assignment, struct place *place)
{
    static assignment_checker *const rules[] = {check_words,
                                                assignment_check_protocol,
                                                assignment_check_transport,
                                                check_words_said,
                                                check_limits,
                                                assignment_check_programs,
                                                assignment_check_run,
                                                assignment_check_reference,
                                                assignment_check_material,
                                                assignment_check_matrix,
                                                check_each,
                                                check_points};
    char *trouble = NULL;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0] && trouble == NULL; i++)
        trouble = rules[i](assignment, place);
    return trouble;
}

int assignment_load(const char *path, struct assignment **assignment, char **trouble)
{
    return assignment_read(path, assignment_check, assignment, trouble);
}
