/* proctor diff: two stored run documents, result by result. */
#include "cli/commands.h"

#include "base/bytes.h"
#include "base/message.h"
#include "results/document/difference_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct diff_arguments {
    const char *paths[2];
    size_t path_count;
    const char *json_path;
    bool is_anyway;
};

static const struct command_option table[] = {
    {"anyway", OPTION_FLAG, GROUP_NONE, NULL,
     "Compare even if machines or plans differ, and say so",
     OPTION_FIELD(struct diff_arguments, is_anyway)},
    {"json", OPTION_TEXT, GROUP_NONE, "FILE",
     "Also write the differences as a document; - is standard output",
     OPTION_FIELD(struct diff_arguments, json_path)},
    {0},
};

static void take_path(struct argp_state *state, char *value, void *options)
{
    struct diff_arguments *arguments = options;
    (void)state;
    arguments->paths[arguments->path_count++] = value;
}

static void check(const struct argp_state *state, void *options)
{
    const struct diff_arguments *arguments = options;
    if (strcmp(arguments->paths[0], "-") == 0 && strcmp(arguments->paths[1], "-") == 0)
        usage_error(state, "OLD, NEW: only one of them can be -");
}

const struct command_line diff_line = {
    .tables = {{table, 0}},
    .arguments = "OLD NEW",
    .argument_count = 2,
    .missing = "argument: OLD and NEW are run documents written with --json",
    .surplus = "only two documents can be compared",
    .take_argument = take_path,
    .check = check,
    .help = "Compares two stored runs: medians, changes, and whether the spreads overlap. Runs at "
            "different times are not a measured comparison; use 'proctor compare' for one. Only "
            "counters that never vary get a verdict, and who was served: the exit code is 1 if one "
            "of them got worse, or if a server is missing, in trouble, or serves fewer clients; "
            "and 2 if machines or plans differ.\v"
            "Example:\n  proctor diff monday.json tuesday.json",
};

static _Noreturn void refuse(const struct difference *difference)
{
    char *unlike = difference_unlike_text(difference);
    warn("diff: the runs are not alike; --anyway compares them regardless:");
    fprintf(stderr, "%s\n", unlike);
    free(unlike);
    exit(EXIT_USAGE);
}

int diff_command(int argc, char **argv)
{
    struct diff_arguments arguments = {0};
    options_parse(&diff_line, argc, argv, &arguments);
    struct run_document old;
    struct run_document new;
    command_read_run(&old, arguments.paths[0]);
    command_read_run(&new, arguments.paths[1]);

    struct difference difference;
    difference_make(&difference, &old, &new);
    if (difference.unlike.count > 0 && !arguments.is_anyway)
        refuse(&difference);
    if (difference.row_count == 0 && !difference_stands_worse(&difference))
        die(EXIT_USAGE, "diff: %s and %s have no result with figures in common", old.path,
            new.path);
    difference_print(&difference, command_text_stream(arguments.json_path));
    bool is_worse = difference_is_worse(&difference) || difference_stands_worse(&difference);
    int code = is_worse ? EXIT_SUBJECT_FAILED : EXIT_YES;
    command_write_document(difference_describe(&difference), arguments.json_path);
    difference_release(&difference);
    run_document_release(&old);
    run_document_release(&new);
    return code;
}
