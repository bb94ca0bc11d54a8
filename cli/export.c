/* proctor export: a stored run document in the formats of others. */
#include "cli/commands.h"

#include "base/memory.h"
#include "base/message.h"
#include "results/document/document.h"
#include "results/export/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct export_arguments {
    const char *input;
    const struct exporter *format;
    const char *output;
};

static void read_format(struct argp_state *state, const struct command_option *option, char *value,
                        void *field)
{
    const struct exporter **format = field;
    *format = export_find(value);
    if (*format == NULL)
        usage_error(state, "--%s: unknown format '%s' (see 'proctor list exports')", option->name,
                    value);
}

static const struct command_option table[] = {
    {"format", OPTION_CUSTOM, GROUP_NONE, "NAME", "One of 'proctor list exports'",
     .offset = offsetof(struct export_arguments, format), .read = read_format, .listed = "exports",
     .letter = 'f'},
    {"output", OPTION_TEXT, GROUP_NONE, "PATH",
     "Write to this file (default: standard output), or append to it if the format is one line of "
     "a history; a folder if the format has several files",
     OPTION_FIELD(struct export_arguments, output), .letter = 'o'},
    {0},
};

static void take_input(struct argp_state *state, char *value, void *options)
{
    (void)state;
    ((struct export_arguments *)options)->input = value;
}

static void check(const struct argp_state *state, void *options)
{
    const struct export_arguments *arguments = options;
    if (arguments->format == NULL)
        usage_error(state, "missing --format NAME (see 'proctor list exports')");
    if (export_has_folder(arguments->format) && strcmp(arguments->output, "-") == 0)
        usage_error(state, "missing --output DIR: %s has several files", arguments->format->name);
}

const struct command_line export_line = {
    .tables = {{table, 0}},
    .arguments = "FILE",
    .argument_count = 1,
    .missing = "FILE: a run document written with --json, or -",
    .surplus = "only one file can be exported",
    .take_argument = take_input,
    .check = check,
    .help = "Converts a run document of bench, compare or load (--json) to a format that other "
            "tools read. The exit code is 2 if the document is broken or has nothing that the "
            "format could hold.\v"
            "Example:\n  proctor export run.json --format junit --output junit.xml",
};

static void write_folder(const struct exporter *format, const struct run_document *document,
                         const char *folder)
{
    command_make_folder(folder);
    for (size_t i = 0; i < EXPORT_FILES_MAX && format->files[i].render != NULL; i++) {
        char *path = text_of("%s/%s", folder, format->files[i].name);
        command_check_written(export_write(format, i, document, path), path);
        free(path);
    }
}

int export_command(int argc, char **argv)
{
    struct export_arguments arguments = {.output = "-"};
    options_parse(&export_line, argc, argv, &arguments);
    struct run_document document;
    command_read_run(&document, arguments.input);
    if (!export_has_content(arguments.format, &document))
        die(EXIT_USAGE, "%s: a %s without figures has nothing that %s could hold", arguments.input,
            run_kind_names[document.kind], arguments.format->name);
    if (export_has_folder(arguments.format))
        write_folder(arguments.format, &document, arguments.output);
    else
        command_check_written(export_write(arguments.format, 0, &document, arguments.output),
                              arguments.output);
    run_document_release(&document);
    return EXIT_YES;
}
