/* proctor report: a page about run documents. */
#include "cli/commands.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "base/message.h"
#include "results/document/run_document.h"
#include "results/report/report.h"
#include "text/output_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct report_arguments {
    const char *output_path;
    char **paths;
    int count;
};

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0, "Write the page to FILE; - is standard output", 0},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct report_arguments *arguments = state->input;
    switch (key) {
    case 'o':
        arguments->output_path = value;
        return 0;
    case ARGP_KEY_ARGS:
        arguments->paths = state->argv + state->next;
        arguments->count = state->argc - state->next;
        return 0;
    case ARGP_KEY_END:
        if (arguments->count == 0)
            usage_error(state, "a report of what? name documents that --json has written");
        if (arguments->output_path == NULL)
            usage_error(state, "where to? --output names the page");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE...",
    .doc = "Makes one page of HTML about the documents that bench, compare and load have written: "
           "what was found in words, figures, tables, and how it was measured. The page needs no "
           "other file and no network.\v"
           "Example:\n  proctor bench --json run.json && proctor report run.json --output run.html",
};

int report_command(int argc, char **argv)
{
    struct report_arguments arguments = {0};
    command_parse(&parser, argc, argv, 0, &arguments);
    size_t count = (size_t)arguments.count;
    struct run_document *documents = allocate(count, sizeof documents[0]);
    for (size_t i = 0; i < count; i++) {
        char *trouble = NULL;
        if (run_document_read(&documents[i], arguments.paths[i], &trouble) < 0)
            die(EXIT_USAGE, "%s", trouble);
    }
    struct bytes page = {0};
    report(&page, documents, count);
    int error = output_file_write_bytes(arguments.output_path, &page);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot write %s: %s", arguments.output_path, strerror(-error));
    bytes_release(&page);
    for (size_t i = 0; i < count; i++)
        run_document_release(&documents[i]);
    free(documents);
    return EXIT_YES;
}
