#include "grader/grading/start.h"

#include "base/memory.h"

#include <stdlib.h>

static bool has_own_start(const struct assigned_check *check)
{
    const struct manner *manner = &check->manner;
    return manner->run != NULL || manner->arguments != NULL || manner->environment != NULL;
}

/*** Who is started how ***/

struct conduct start_conduct(const struct assignment *assignment, const struct assigned_row *row)
{
    struct conduct conduct = assignment->conduct;
    if (row != NULL && row->port != NULL)
        conduct.port = *row->port;
    if (row != NULL && row->model != NULL)
        conduct.model = row->model;
    if (row != NULL && row->ends_when != NULL)
        conduct.ends_when = row->ends_when;
    return conduct;
}

static void add(struct starts *starts, const struct assignment *assignment,
                const struct stage_plan *common, const struct assigned_row *row,
                const struct assigned_check *check)
{
    struct start *start = &starts->list[starts->count++];
    *start = (struct start){
        .row = row, .check = check, .conduct = start_conduct(assignment, row), .stage = *common};
    start->stage.conduct = &start->conduct;
}

void starts_init(struct starts *starts, const struct assignment *assignment,
                 const struct stage_plan *common)
{
    size_t most = (size_t)assignment->rows_count + assignment->checks_count + 1;
    *starts = (struct starts){.list = allocate(most, sizeof *starts->list)};
    for (unsigned i = 0; i < assignment->rows_count; i++)
        add(starts, assignment, common, &assignment->rows[i], NULL);
    if (assignment->rows_count == 0)
        add(starts, assignment, common, NULL, NULL);
    for (unsigned i = 0; i < assignment->checks_count; i++)
        if (has_own_start(&assignment->checks[i]))
            add(starts, assignment, common, assignment->checks[i].row, &assignment->checks[i]);
}

void starts_release(struct starts *starts)
{
    for (size_t i = 0; i < starts->count; i++)
        shell_command_free(starts->list[i].command);
    free(starts->list);
    *starts = (struct starts){0};
}

static const struct stage_plan *find(const struct starts *starts, const struct assigned_row *row,
                                     const struct assigned_check *check)
{
    for (size_t i = 0; i < starts->count; i++)
        if (starts->list[i].row == row && starts->list[i].check == check)
            return &starts->list[i].stage;
    return NULL;
}

const struct stage_plan *starts_find(const struct starts *starts,
                                     const struct assigned_check *check)
{
    return find(starts, check->row, has_own_start(check) ? check : NULL);
}

const struct stage_plan *starts_find_usual(const struct starts *starts,
                                           const struct assigned_row *row)
{
    return find(starts, row, NULL);
}

bool start_is_fresh(const struct assignment *assignment, const struct assigned_check *check)
{
    const bool *const all[] = {check->manner.is_fresh,
                               check->row != NULL ? check->row->manner.is_fresh : NULL,
                               assignment->manner.is_fresh};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] != NULL)
            return *all[i];
    return false;
}

/*** With which command ***/

void starts_set_command(struct starts *starts, char *const *command)
{
    for (size_t i = 0; i < starts->count; i++)
        starts->list[i].stage.arena.command = command;
}

void starts_set_folder(struct starts *starts, const struct start_folder *folder)
{
    for (size_t i = 0; i < starts->count; i++) {
        struct stage_plan *stage = &starts->list[i].stage;
        stage->material = folder->material;
        stage->arena.writable = folder->writable;
        stage->arena.watches_folder = folder->is_watched;
        stage->renew = folder->renew;
        stage->renew_context = folder->renew_context;
    }
}

/* The manners that hold for it, the nearest first. */
struct layers {
    const struct manner *manners[3];
    size_t count;
};

static struct layers layers_of(const struct assignment *assignment, const struct start *start)
{
    struct layers layers = {.count = 0};
    if (start->check != NULL)
        layers.manners[layers.count++] = &start->check->manner;
    if (start->row != NULL)
        layers.manners[layers.count++] = &start->row->manner;
    layers.manners[layers.count++] = &assignment->manner;
    return layers;
}

/* All variables, the nearest last, as the last one counts; the caller frees the list. */
static struct variable *list_variables(const struct layers *layers, size_t *count)
{
    struct variable *list = NULL;
    *count = 0;
    for (size_t i = layers->count; i-- > 0;)
        for (unsigned v = 0; v < layers->manners[i]->environment_count; v++) {
            list = reallocate(list, *count + 1, sizeof *list);
            list[(*count)++] = layers->manners[i]->environment[v];
        }
    return list;
}

void starts_make_commands(struct starts *starts, const struct assignment *assignment,
                          const char *run, const struct shell_values *values)
{
    for (size_t i = 0; i < starts->count; i++) {
        struct start *start = &starts->list[i];
        struct layers layers = layers_of(assignment, start);
        struct shell_line line = {.line = run};
        for (size_t n = layers.count; n-- > 0;) {
            const struct manner *manner = layers.manners[n];
            line.line = manner->run != NULL ? manner->run : line.line;
            line.arguments = manner->arguments != NULL ? manner->arguments : line.arguments;
        }
        struct shell_values own = *values;
        own.port = start->conduct.port;
        line.variables = list_variables(&layers, &line.variable_count);
        start->command = shell_command_new(&line, &own);
        start->stage.arena.command = start->command;
        free((void *)line.variables);
    }
}
