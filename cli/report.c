/* proctor report: a page about run documents. */
#include "cli/commands.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "base/message.h"
#include "results/document/run_document.h"
#include "results/report/report.h"
#include "text/output_file.h"

#include <stdlib.h>

struct report_arguments {
    const char *output_path;
    char **paths;
    size_t count;
};

static const struct command_option table[] = {
    {"output", OPTION_TEXT, GROUP_NONE, "FILE", "Write the page to FILE; - is standard output",
     OPTION_FIELD(struct report_arguments, output_path), .letter = 'o'},
    {0},
};

static void take_paths(struct argp_state *state, char *value, void *options)
{
    struct report_arguments *arguments = options;
    (void)value;
    arguments->paths = &state->argv[state->next - 1];
    arguments->count = (size_t)state->argc - (size_t)state->next + 1;
    state->next = state->argc;
}

static void check(const struct argp_state *state, void *options)
{
    if (((struct report_arguments *)options)->output_path == NULL)
        usage_error(state, "missing --output FILE");
}

const struct command_line report_line = {
    .tables = {{table, 0}},
    .arguments = "FILE...",
    .argument_count = 1, /* which takes the others with it */
    .missing = "FILE: run documents written with --json",
    .take_argument = take_paths,
    .check = check,
    .help =
        "Makes one HTML page from run documents of bench, compare and load: findings in words, "
        "figures, tables, and how they were measured. The page needs no other file and no "
        "network.\v"
        "Example:\n  proctor bench --json run.json && proctor report run.json --output run.html",
};

int report_command(int argc, char **argv)
{
    struct report_arguments arguments = {0};
    options_parse(&report_line, argc, argv, &arguments);
    struct run_document *documents = allocate(arguments.count, sizeof documents[0]);
    for (size_t i = 0; i < arguments.count; i++)
        command_read_run(&documents[i], arguments.paths[i]);
    struct bytes page = {0};
    report(&page, documents, arguments.count);
    command_check_written(output_file_write_bytes(arguments.output_path, &page),
                          arguments.output_path);
    bytes_release(&page);
    for (size_t i = 0; i < arguments.count; i++)
        run_document_release(&documents[i]);
    free(documents);
    return EXIT_YES;
}
