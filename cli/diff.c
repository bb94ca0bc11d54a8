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

enum option_key {
    OPTION_ANYWAY = 'a' + 256,
    OPTION_JSON,
};

static const struct argp_option options[] = {
    {"anyway", OPTION_ANYWAY, NULL, 0, "Go on though machines or plans differ, and say so", 0},
    {"json", OPTION_JSON, "FILE", 0,
     "Write the differences as a document too; - is standard output", 0},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct diff_arguments *arguments = state->input;
    switch (key) {
    case OPTION_ANYWAY:
        arguments->is_anyway = true;
        return 0;
    case OPTION_JSON:
        arguments->json_path = value;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->path_count == 2)
            usage_error(state, "two files at a time: '%s' is too many", value);
        arguments->paths[arguments->path_count++] = value;
        return 0;
    case ARGP_KEY_END:
        if (arguments->path_count < 2)
            usage_error(state, "which two documents? The old one and the new one");
        if (strcmp(arguments->paths[0], "-") == 0 && strcmp(arguments->paths[1], "-") == 0)
            usage_error(state, "only one of the two can be -");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "OLD NEW",
    .doc =
        "Holds two run documents against each other: medians, changes, and whether the spreads "
        "overlap. Runs at different times are no measured comparison, for which there is 'proctor "
        "compare': only counters that never vary have a verdict, and end it with 1 if one got "
        "worse. "
        "Runs on unlike machines or of unlike plans end it with 2.\v"
        "Example:\n  proctor diff monday.json tuesday.json",
};

static void read_document(struct run_document *document, const char *path)
{
    char *trouble = NULL;
    if (run_document_read(document, path, &trouble) < 0)
        die(EXIT_USAGE, "%s", trouble);
}

static void refuse(const struct difference *difference)
{
    struct bytes text = {0};
    difference_print_unlike(difference, &text);
    die(EXIT_USAGE, "diff: the runs are unlike in what follows (--anyway goes on):\n%.*s",
        (int)text.length - 1, bytes_front(&text));
}

static void print(const struct difference *difference, FILE *stream)
{
    struct bytes text = {0};
    difference_print(difference, &text);
    fwrite(bytes_front(&text), 1, text.length, stream);
    bytes_release(&text);
}

int diff_command(int argc, char **argv)
{
    struct diff_arguments arguments = {0};
    command_parse(&parser, argc, argv, 0, &arguments);
    struct run_document old;
    struct run_document new;
    read_document(&old, arguments.paths[0]);
    read_document(&new, arguments.paths[1]);

    struct difference difference;
    difference_make(&difference, &old, &new);
    if (difference.unlike.count > 0 && !arguments.is_anyway)
        refuse(&difference);
    if (difference.row_count == 0)
        die(EXIT_USAGE, "diff: no result with figures stands in both %s and %s", old.path,
            new.path);
    bool document_on_stdout = arguments.json_path != NULL && strcmp(arguments.json_path, "-") == 0;
    print(&difference, document_on_stdout ? stderr : stdout);
    int code = difference_is_worse(&difference) ? EXIT_SUBJECT_FAILED : EXIT_YES;
    command_write_document(difference_describe(&difference), arguments.json_path);
    difference_release(&difference);
    run_document_release(&old);
    run_document_release(&new);
    return code;
}
