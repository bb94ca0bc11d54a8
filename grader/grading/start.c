#include "grader/grading/start.h"

#include "base/memory.h"
#include "grader/grading/build_rule.h"

#include <stdlib.h>
#include <string.h>

static bool has_own_start(const struct assigned_check *check)
{
    const struct manner *manner = &check->manner;
    return check->programs.list_count > 0 || manner->run != NULL || manner->arguments != NULL ||
           manner->environment != NULL;
}

/*** Who is started how ***/

struct conduct start_conduct(const struct assignment *assignment, const struct assigned_row *row)
{
    const struct assigned_program *first = assignment_main_program(assignment);
    struct conduct conduct = assignment->conduct;
    if (row != NULL && row->port != NULL)
        conduct.port = *row->port;
    if (conduct.port == 0 && conduct.transport == TRANSPORT_UDP && first != NULL)
        conduct.port = *first->port; /* over UDP only the port tells who listens */
    if (row != NULL && row->model != NULL)
        conduct.model = row->model;
    if (row != NULL && row->ends_when != NULL)
        conduct.ends_when = row->ends_when;
    return conduct;
}

/* All but the one that is started first. */
static void name_programs(struct start *start, const struct assignment *assignment)
{
    const struct assigned_program *first = assignment_main_program(assignment);
    unsigned count = assignment->programs.list_count;
    start->programs = allocate(count + 1U, sizeof *start->programs);
    for (unsigned i = 0; i < count; i++)
        if (&assignment->programs.list[i] != first)
            start->programs[start->stage.program_count++].name = assignment->programs.list[i].name;
    start->stage.programs = start->programs;
    start->stage.main_name = first != NULL ? first->name : NULL;
}

static void list_ports(struct starts *starts, const struct assignment *assignment)
{
    size_t most = (size_t)assignment->programs.list_count + assignment->besides_count + 1;
    starts->ports = allocate(most, sizeof *starts->ports);
    for (unsigned i = 0; i < assignment->besides_count; i++)
        starts->ports[starts->port_count++] = (struct named_port){
            .name = assignment->besides[i].name, .port = assignment->besides[i].port};
    for (unsigned i = 0; i < assignment->programs.list_count; i++) {
        const struct assigned_program *program = &assignment->programs.list[i];
        if (program->port != NULL)
            starts->ports[starts->port_count++] =
                (struct named_port){.name = program->name, .port = *program->port};
    }
}

static void add(struct starts *starts, const struct assignment *assignment,
                const struct stage_plan *common, const struct assigned_row *row,
                const struct assigned_check *check)
{
    struct start *start = &starts->list[starts->count++];
    *start = (struct start){
        .row = row, .check = check, .conduct = start_conduct(assignment, row), .stage = *common};
    start->stage.conduct = &start->conduct;
    start->stage.ports = starts->ports;
    start->stage.port_count = starts->port_count;
    name_programs(start, assignment);
}

void starts_init(struct starts *starts, const struct assignment *assignment,
                 const struct stage_plan *common)
{
    size_t most = (size_t)assignment->rows_count + assignment->checks_count + 1;
    *starts =
        (struct starts){.list = allocate(most, sizeof *starts->list), .values = common->values};
    list_ports(starts, assignment);
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
    for (size_t i = 0; i < starts->count; i++) {
        struct start *start = &starts->list[i];
        shell_command_free(start->command);
        for (size_t n = 0; n < start->stage.program_count; n++)
            shell_command_free((char **)start->programs[n].command);
        free(start->programs);
        free(start->others);
    }
    free(starts->list);
    free(starts->ports);
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

void starts_set_besides(struct starts *starts, const struct beside *besides, size_t count)
{
    for (size_t i = 0; i < starts->count; i++) {
        starts->list[i].stage.besides = besides;
        starts->list[i].stage.beside_count = count;
    }
}

void starts_set_reference(struct starts *starts, const struct stage_plan *reference,
                          const char *hidden)
{
    for (size_t i = 0; i < starts->count; i++) {
        starts->list[i].stage.reference = reference;
        starts->list[i].stage.arena.hidden = hidden;
    }
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
    const struct manner *manners[6];
    size_t count;
};

/* What is said of that program (if it has a name), and of all. */
static void add_layer(struct layers *layers, const struct assigned_programs *programs,
                      const struct manner *manner, const char *name)
{
    const struct assigned_program *program =
        name != NULL ? assigned_program_find(programs, name) : NULL;
    if (program != NULL)
        layers->manners[layers->count++] = &program->manner;
    layers->manners[layers->count++] = manner;
}

static struct layers layers_of(const struct assignment *assignment, const struct start *start,
                               const char *name)
{
    struct layers layers = {.count = 0};
    if (start->check != NULL)
        add_layer(&layers, &start->check->programs, &start->check->manner, name);
    if (start->row != NULL)
        add_layer(&layers, &start->row->programs, &start->row->manner, name);
    add_layer(&layers, &assignment->programs, &assignment->manner, name);
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

static char **command_of(const struct assignment *assignment, const struct start *start,
                         const struct found_program *program, const struct shell_values *values)
{
    struct layers layers = layers_of(assignment, start, program->name);
    struct shell_line line = {.line = build_rule_of(program->entry)->run};
    for (size_t n = layers.count; n-- > 0;) {
        const struct manner *manner = layers.manners[n];
        line.line = manner->run != NULL ? manner->run : line.line;
        line.arguments = manner->arguments != NULL ? manner->arguments : line.arguments;
    }
    struct variable *variables = list_variables(&layers, &line.variable_count);
    line.variables = variables;
    char **command = shell_command_new(&line, values);
    free(variables);
    return command;
}

struct shell_values starts_values(const struct starts *starts, const struct assignment *assignment,
                                  const struct found_program *program, const char *folder)
{
    const struct assigned_program *assigned =
        program->name != NULL ? assigned_program_find(&assignment->programs, program->name) : NULL;
    bool has_own_port = assigned != NULL && assigned->port != NULL;
    return (struct shell_values){.entry = program->entry,
                                 .folder = folder,
                                 .out = program->out,
                                 .port = has_own_port ? *assigned->port : assignment->conduct.port,
                                 .ports = starts->ports,
                                 .port_count = starts->port_count,
                                 .values = starts->values};
}

static void make_commands(struct starts *starts, struct start *start,
                          const struct assignment *assignment, const struct found_program *programs,
                          size_t count, const char *folder)
{
    const char *first = start->stage.main_name;
    size_t others = 0;
    start->others = allocate(count + 1, sizeof *start->others);
    for (size_t i = 0; i < count; i++) {
        struct shell_values values = starts_values(starts, assignment, &programs[i], folder);
        bool is_first = first == NULL || strcmp(programs[i].name, first) == 0;
        if (is_first)
            values.port = start->conduct.port;
        char **command = command_of(assignment, start, &programs[i], &values);
        if (is_first)
            start->command = command;
        else
            start->programs[others].command = start->others[others] = command;
        others += !is_first;
    }
    start->stage.arena.command = start->command;
    start->stage.arena.others = start->others;
}

void starts_make_commands(struct starts *starts, const struct assignment *assignment,
                          const struct found_program *programs, size_t count, const char *folder)
{
    for (size_t i = 0; i < starts->count; i++)
        make_commands(starts, &starts->list[i], assignment, programs, count, folder);
}
