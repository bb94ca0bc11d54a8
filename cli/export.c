/* proctor export: a stored run document or a recording in the formats of others. */
#include "cli/commands.h"

#include "base/memory.h"
#include "base/message.h"
#include "results/document/document.h"
#include "results/export/export.h"
#include "text/json_field.h"

#include <errno.h>
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
    .missing = "FILE: a run document written with --json, a recording, or -",
    .surplus = "only one file can be exported",
    .take_argument = take_input,
    .check = check,
    .help =
        "Converts a run document of bench, compare or load (--json), or a recording of watch or "
        "grade (--record), to a format that other tools read. The exit code is 2 if the file is "
        "broken or has nothing that the format could hold.\v"
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

static bool is_run_document(const char *text, size_t count)
{
    json_t *json = json_loadb(text, count, 0, NULL);
    bool is_one = field_is_word(json, "schema", SCHEMA_RUN);
    json_decref(json);
    return is_one;
}

static void export_recording(const struct export_arguments *arguments, const char *text,
                             size_t count)
{
    const struct exporter *format = arguments->format;
    struct recorded recorded;
    char *trouble = NULL;
    if (is_run_document(text, count))
        die(EXIT_USAGE,
            "%s: is a run document, and %s is made of recordings; record one with 'proctor watch "
            "--record' or 'proctor grade --record'",
            arguments->input, format->name);
    if (recorded_parse(&recorded, text, count, arguments->input, &trouble) < 0)
        die(EXIT_USAGE, "%s", trouble);
    int error = export_write_recording(format, &recorded, arguments->output);
    if (error == -ENODATA)
        die(EXIT_USAGE, "%s: %s", arguments->input, format->lacks);
    command_check_written(error, arguments->output);
    recorded_release(&recorded);
}

static void export_run(const struct export_arguments *arguments, const char *text, size_t count)
{
    const struct exporter *format = arguments->format;
    struct run_document document;
    char *trouble = NULL;
    if (recorded_is_one(text, count))
        die(EXIT_USAGE,
            "%s: is a recording, and %s is made of run documents; export it as perfetto "
            "or pcapng",
            arguments->input, format->name);
    if (run_document_parse(&document, text, count, arguments->input, &trouble) < 0)
        die(EXIT_USAGE, "%s", trouble);
    if (!export_has_content(format, &document))
        die(EXIT_USAGE, "%s: a %s without figures has nothing that %s could hold", arguments->input,
            run_kind_names[document.kind], format->name);
    if (export_has_folder(format))
        write_folder(format, &document, arguments->output);
    else
        command_check_written(export_write(format, 0, &document, arguments->output),
                              arguments->output);
    run_document_release(&document);
}

int export_command(int argc, char **argv)
{
    struct export_arguments arguments = {.output = "-"};
    options_parse(&export_line, argc, argv, &arguments);
    size_t count = 0;
    char *text = command_read_text(arguments.input, &count);
    if (arguments.format->of_recording != NULL)
        export_recording(&arguments, text, count);
    else
        export_run(&arguments, text, count);
    free(text);
    return EXIT_YES;
}
