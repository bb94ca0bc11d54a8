/* proctor list: the names that other subcommands take. */
#include "cli/commands.h"

#include "base/language.h"
#include "base/message.h"
#include "bench/suite/suite.h"
#include "bench/suite/suite_file.h"
#include "grader/assignment/find.h"
#include "grader/assignment/read.h"
#include "grader/checks/checks.h"
#include "grader/gradebook/gradebook.h"
#include "grader/grading/assignment_check.h"
#include "results/export/export.h"
#include "servers/models/models.h"
#include "servers/protocols/protocol.h"
#include "servers/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void list_function(void);

static void list_models(void)
{
    for (const struct server_model *const *model = server_models; *model != NULL; model++)
        printf("%-12s %s\n", (*model)->name, (*model)->summary);
}

static void list_protocols(void)
{
    for (const struct protocol *const *protocol = protocols; *protocol != NULL; protocol++)
        printf("%-12s %s\n", (*protocol)->name, (*protocol)->summary);
}

static void list_checks(void)
{
    for (const struct check *const *check = checks; *check != NULL; check++)
        printf("%-32s %s\n", (*check)->id, _((*check)->title));
}

static void list_formats(void)
{
    for (const struct gradebook *const *format = gradebooks; *format != NULL; format++)
        printf("%-16s %s\n", (*format)->name, (*format)->summary);
}

static void list_exports(void)
{
    for (const struct export_format *const *format = export_formats; *format != NULL; format++)
        printf("%-24s %s\n", (*format)->name, (*format)->summary);
}

static int print_assignment(const char *name, const char *path, void *context)
{
    struct assignment *assignment = NULL;
    char *trouble = NULL;
    (void)context;
    if (assignment_load(path, &assignment, &trouble) < 0) {
        printf("%-20s %s\n", name, trouble);
        free(trouble);
        return 0;
    }
    printf("%-20s %s (%g points)\n", name, text_in(&assignment->title, language_name()),
           assignment->points);
    assignment_free(assignment);
    return 0;
}

static void list_assignments(void)
{
    assignment_each(print_assignment, NULL);
}

static int print_suite(const char *name, const char *path, void *context)
{
    struct suite_source source;
    char *trouble = NULL;
    (void)context;
    if (suite_source_load(&source, path, &trouble) < 0) {
        warn("%s", trouble);
        free(trouble);
        return 0;
    }
    printf("%-12s %s\n", name, source.file->title);
    suite_source_release(&source);
    return 0;
}

static void list_suites(void)
{
    suite_each(print_suite, NULL);
}

static const struct {
    const char *name;
    list_function *list;
} subjects[] = {
    {"models", list_models},           {"protocols", list_protocols}, {"checks", list_checks},
    {"assignments", list_assignments}, {"formats", list_formats},     {"suites", list_suites},
    {"exports", list_exports},
};

#define SUBJECTS (sizeof subjects / sizeof subjects[0])

static list_function *find_subject(const char *name, const struct argp_state *state)
{
    for (size_t i = 0; i < SUBJECTS; i++)
        if (strcmp(subjects[i].name, name) == 0)
            return subjects[i].list;
    usage_error(state,
                "'%s' is none of models, protocols, checks, assignments, formats, suites and "
                "exports",
                name);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    list_function **list = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (*list != NULL)
            usage_error(state, "one subject at a time: '%s' is too many", value);
        *list = find_subject(value, state);
        return 0;
    case ARGP_KEY_END:
        if (*list == NULL)
            usage_error(
                state,
                "list what? models, protocols, checks, assignments, formats, suites or exports");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .parser = parse,
    .args_doc = "models|protocols|checks|assignments|formats|suites|exports",
    .doc = "Names what there is, one to a line.\vExample:\n  proctor list models",
};

int list_command(int argc, char **argv)
{
    list_function *list = NULL;
    command_parse(&parser, argc, argv, 0, &list);
    language_set(NULL);
    list();
    return EXIT_YES;
}
