/* Each function returns NULL if all is well, or a sentence, to be freed, with its place.
 */
#include "grader/grading/assignment_check_programs.h"

#include "base/memory.h"
#include "grader/assignment/words.h"
#include "grader/checks/scene_program.h"
#include "grader/grading/assignment_check_run.h"

#include <string.h>

static void list_names(const struct assigned_programs *programs,
                       const char *names[ASSIGNMENT_PROGRAMS_MAX + 1])
{
    unsigned count = 0;
    for (; count < programs->list_count && count < ASSIGNMENT_PROGRAMS_MAX; count++)
        names[count] = programs->list[count].name;
    names[count] = NULL;
}

/*** The programs ***/

/* What is said of the one program of other assignments. */
static char *refuse_outer_keys(const struct assignment *assignment, struct place *place)
{
    const struct {
        const char *key;
        bool is_there;
    } keys[] = {
        {"entry", assignment->entry != NULL},
        {"run", assignment->manner.run != NULL},
        {"arguments", assignment->manner.arguments != NULL},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        *place = (struct place){.key = keys[i].key};
        if (keys[i].is_there)
            return text_of("'%s' belongs to one of the 'programs': write it there", keys[i].key);
    }
    *place = (struct place){.key = "role"};
    return assignment->conduct.role == ROLE_CLIENT
               ? text_of("with 'programs', the one that has a 'port' is the server")
               : NULL;
}

static char *check_program(const struct assignment *assignment,
                           const struct assigned_program *program, struct place *place)
{
    if (!assignment_is_name(program->name))
        return text_of("'%s' is no name of a program: it has letters, digits and any of _-.+",
                       program->name);
    if (program->entry == NULL && program->manner.run == NULL)
        return text_of("'entry' is missing: patterns that name the program's file");
    return assignment_check_program_run(assignment, program, place);
}

static char *check_ports(const struct assignment *assignment, struct place *place)
{
    unsigned with_port = 0;
    for (unsigned i = 0; i < assignment->programs.list_count; i++)
        with_port += assignment->programs.list[i].port != NULL;
    *place = (struct place){.key = "programs"};
    return with_port == 1
               ? NULL
               : text_of("one of the 'programs' has a 'port', and is started first, not %u",
                         with_port);
}

char *assignment_check_own_programs(const struct assignment *assignment,
                                    const struct assigned_programs *own, struct place *place)
{
    const char *names[ASSIGNMENT_PROGRAMS_MAX + 1];
    char *trouble = NULL;
    list_names(&assignment->programs, names);
    place->key = "programs";
    for (unsigned i = 0; i < own->list_count && trouble == NULL; i++) {
        trouble = assignment_refuse_word("program", own->list[i].name, names);
        if (trouble == NULL)
            trouble = assignment_check_program_run(assignment, &own->list[i], place);
    }
    return trouble;
}

static char *check_rows(const struct assignment *assignment, struct place *place)
{
    char *trouble = NULL;
    for (unsigned i = 0; i < assignment->rows_count && trouble == NULL; i++) {
        *place = (struct place){.section = "matrix", .entry = i + 1};
        trouble = assignment_check_own_programs(assignment, &assignment->rows[i].programs, place);
    }
    return trouble;
}

char *assignment_check_programs(const struct assignment *assignment, struct place *place)
{
    if (assignment->programs.list_count == 0)
        return check_rows(assignment, place);
    char *trouble = refuse_outer_keys(assignment, place);
    for (unsigned i = 0; i < assignment->programs.list_count && trouble == NULL; i++) {
        *place = (struct place){.section = "programs", .entry = i + 1};
        trouble = check_program(assignment, &assignment->programs.list[i], place);
    }
    if (trouble == NULL)
        trouble = check_ports(assignment, place);
    return trouble == NULL ? check_rows(assignment, place) : trouble;
}

/*** Steps ***/

static bool is_started(const struct assigned_check *scene, unsigned before, const char *name)
{
    for (unsigned i = 0; i < before; i++)
        if (scene->steps[i].deed == DEED_START && step_program_name(&scene->steps[i]) != NULL &&
            strcmp(step_program_name(&scene->steps[i]), name) == 0)
            return true;
    return false;
}

static bool is_client(const struct assigned_check *scene, const char *name)
{
    for (unsigned i = 0; i < scene->steps_count; i++)
        if (scene->steps[i].client != NULL && strcmp(scene->steps[i].client, name) == 0)
            return true;
    return false;
}

static bool is_first(const struct assignment *assignment, const char *name)
{
    const struct assigned_program *first = assignment_main_program(assignment);
    return first != NULL && strcmp(first->name, name) == 0;
}

static char *check_start(const struct assignment *assignment, const struct assigned_check *scene,
                         unsigned number, struct place *place)
{
    const struct step *step = &scene->steps[number];
    const char *names[ASSIGNMENT_PROGRAMS_MAX + 1];
    list_names(&assignment->programs, names);
    if (step->program == NULL)
        return text_of("'program' is missing: which of the 'programs' is started");
    place->key = "program";
    char *trouble = assignment_refuse_word("program", step->program, names);
    if (trouble != NULL)
        return trouble;
    if (is_first(assignment, step->program))
        return text_of("'%s' has the port, and is started before the scene", step->program);
    const char *name = step_program_name(step);
    place->key = step->as != NULL ? "as" : "program";
    if (is_started(scene, number, name))
        return text_of("'%s' has been started already; 'as' gives another name", name);
    return is_first(assignment, name) || is_client(scene, name)
               ? text_of("'%s' is the name of something else", name)
               : NULL;
}

char *assignment_check_program_of_step(const struct assignment *assignment,
                                       const struct assigned_check *scene, unsigned number,
                                       struct place *place)
{
    const struct step *step = &scene->steps[number];
    place->key = NULL;
    if (step->deed == DEED_START)
        return check_start(assignment, scene, number, place);
    place->key = "program";
    if (step->program != NULL)
        return text_of("'program' belongs to 'do: start'; 'as' names one that runs");
    place->key = "as";
    if (step->as == NULL)
        return NULL;
    bool has_terminal = step->type != NULL || step->expect_output != NULL ||
                        step->expect_output_patterns != NULL || step->expect_no_output != NULL ||
                        step->expect_exit != NULL;
    if (!has_terminal)
        return text_of("'as' names a program, of which this step says nothing; "
                       "clients are called with 'client'");
    return is_first(assignment, step->as) || is_started(scene, number, step->as)
               ? NULL
               : text_of("the program '%s' has not been started yet", step->as);
}
