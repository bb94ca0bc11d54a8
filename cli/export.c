/* proctor export: a stored run document in the formats of others. */
#include "cli/commands.h"

#include "base/memory.h"
#include "base/message.h"
#include "results/document/document.h"
#include "results/export/export.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct export_arguments {
    const char *input;
    const struct exporter *format;
    const char *output;
};

enum option_key {
    OPTION_FORMAT = 'f',
    OPTION_OUTPUT = 'o',
};

static const struct argp_option options[] = {
    {"format", OPTION_FORMAT, "NAME", 0, "One of 'proctor list exports'", 0},
    {"output", OPTION_OUTPUT, "PATH", 0,
     "Write to this file (default: standard output), or append to it where the format is one line "
     "of a history; a folder where the format is several files",
     0},
    {0},
};

static const struct exporter *find_format(const char *name, const struct argp_state *state)
{
    const struct exporter *format = export_find(name);
    if (format == NULL)
        usage_error(state, "--format: '%s' is none of 'proctor list exports'", name);
    return format;
}

static void check_arguments(const struct export_arguments *arguments,
                            const struct argp_state *state)
{
    if (arguments->input == NULL)
        usage_error(state, "export which FILE? One that --json has written, or -");
    if (arguments->format == NULL)
        usage_error(state, "--format is missing; 'proctor list exports' names them");
    if (export_has_folder(arguments->format) &&
        (arguments->output == NULL || strcmp(arguments->output, "-") == 0))
        usage_error(state, "%s is several files: --output must name their folder",
                    arguments->format->name);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct export_arguments *arguments = state->input;
    switch (key) {
    case OPTION_FORMAT:
        arguments->format = find_format(value, state);
        return 0;
    case OPTION_OUTPUT:
        arguments->output = value;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->input != NULL)
            usage_error(state, "one file at a time: '%s' is too many", value);
        arguments->input = value;
        return 0;
    case ARGP_KEY_END:
        check_arguments(arguments, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Writes a run document that bench, compare or load has stored (--json) in a format that "
           "others read. A document that is broken, or has nothing that the format could hold, "
           "ends it with 2.\v"
           "Example:\n  proctor export run.json --format junit --output junit.xml",
};

static void write_file(const struct exporter *format, size_t index,
                       const struct run_document *document, const char *path)
{
    int error = export_write(format, index, document, path);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot write %s: %s", path, strerror(-error));
}

static void write_folder(const struct exporter *format, const struct run_document *document,
                         const char *folder)
{
    int error = document_make_folder(folder);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot make %s: %s", folder, strerror(-error));
    for (size_t i = 0; i < EXPORT_FILES_MAX && format->files[i].render != NULL; i++) {
        char *path = text_of("%s/%s", folder, format->files[i].name);
        write_file(format, i, document, path);
        free(path);
    }
}

int export_command(int argc, char **argv)
{
    struct export_arguments arguments = {0};
    command_parse(&parser, argc, argv, 0, &arguments);
    struct run_document document;
    char *trouble = NULL;
    if (run_document_read(&document, arguments.input, &trouble) < 0)
        die(EXIT_USAGE, "%s", trouble);
    if (!export_has_content(arguments.format, &document))
        die(EXIT_USAGE, "%s: a %s without figures has nothing that %s could hold", arguments.input,
            run_kind_name(document.kind), arguments.format->name);
    const char *output = arguments.output != NULL ? arguments.output : "-";
    if (export_has_folder(arguments.format))
        write_folder(arguments.format, &document, output);
    else
        write_file(arguments.format, 0, &document, output);
    run_document_release(&document);
    return EXIT_YES;
}
