/* proctor list: the names that other subcommands take. */
#include "cli/commands.h"

#include "base/language.h"
#include "base/message.h"
#include "bench/suite/suite_file.h"
#include "bench/suite/suite_find.h"
#include "grader/assignment/find.h"
#include "grader/assignment/read.h"
#include "grader/checks/checks.h"
#include "grader/gradebook/gradebooks.h"
#include "grader/grading/assignment_check.h"
#include "results/export/export.h"
#include "servers/models/models.h"
#include "servers/protocols/protocol.h"
#include "servers/protocols/protocols.h"
#include "servers/server.h"
#include "text/sanitise.h"

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
    for (const struct check *check = checks; check->id != NULL; check++)
        printf("%-32s %s\n", check->id, _(check->title));
}

static void list_formats(void)
{
    for (const struct gradebook *const *format = gradebooks; *format != NULL; format++)
        printf("%-16s %s\n", (*format)->name, (*format)->summary);
}

static void list_exports(void)
{
    for (const struct exporter *const *format = exporters; *format != NULL; format++)
        printf("%-24s %s\n", (*format)->name, (*format)->summary);
}

static int print_assignment(const char *name, const char *path, void *context)
{
    struct assignment *assignment = NULL;
    char *trouble = NULL;
    (void)context;
    if (assignment_load(path, &assignment, &trouble) < 0) {
        printf("%-20s ", name);
        sanitise_say(stdout, SANITISE_LINE, "%s\n", trouble);
        free(trouble);
        return 0;
    }
    printf("%-20s ", name);
    sanitise_say(stdout, SANITISE_LINE, "%s", text_in(&assignment->title, language_name()));
    printf(" (%g points)\n", assignment->points);
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
    printf("%-12s ", name);
    sanitise_say(stdout, SANITISE_LINE, "%s\n", source.file->title);
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

#define SUBJECT_NAMES "models, protocols, checks, assignments, formats, suites or exports"

static void take_subject(struct argp_state *state, char *value, void *options)
{
    list_function **list = options;
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        if (strcmp(subjects[i].name, value) == 0)
            *list = subjects[i].list;
    if (*list == NULL)
        usage_error(state, "unknown subject '%s'; use " SUBJECT_NAMES, value);
}

const struct command_line list_line = {
    .arguments = "models|protocols|checks|assignments|formats|suites|exports",
    .argument_count = 1,
    .missing = "subject: " SUBJECT_NAMES,
    .surplus = "only one subject can be listed",
    .take_argument = take_subject,
    .help = "Lists the names that other commands take, one per line.\v"
            "Example:\n  proctor list models",
};

int list_command(int argc, char **argv)
{
    list_function *list = NULL;
    options_parse(&list_line, argc, argv, &list);
    language_set(NULL);
    list();
    return EXIT_YES;
}
