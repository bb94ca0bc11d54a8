/* proctor report: a page about run documents, or about recordings. */
#include "cli/commands.h"

#include "base/bytes.h"
#include "base/language.h"
#include "base/memory.h"
#include "base/message.h"
#include "results/document/run_document.h"
#include "results/report/recording_page.h"
#include "results/report/report.h"
#include "text/output_file.h"

#include <stdlib.h>

struct report_arguments {
    const char *output_path;
    const char *language;
    char **paths;
    size_t count;
};

#define FIELD(member) OPTION_FIELD(struct report_arguments, member)

static const struct command_option table[] = {
    {"output", OPTION_TEXT, GROUP_NONE, "FILE", "Write the page to FILE; - is standard output",
     FIELD(output_path), .letter = 'o'},
    {"language", OPTION_CUSTOM, GROUP_NONE, "LANGUAGE",
     "Language of a page about recordings: en, fr or de (default: that of LC_ALL, LC_MESSAGES or "
     "LANG); run documents have theirs in English",
     FIELD(language), .read = command_read_language},
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
    .missing = "FILE: run documents written with --json, or recordings written with --record",
    .take_argument = take_paths,
    .check = check,
    .help =
        "Makes one HTML page from run documents of bench, compare and load: findings in words, "
        "figures, tables, and how they were measured. From recordings of watch and grade it makes "
        "one that shows who waited for whom, as a sequence diagram. The page needs no other file "
        "and no network.\v"
        "Example:\n  proctor bench --json run.json && proctor report run.json --output run.html",
};

/* Of the files, read one after the other: the first says which kind all of them are. */
struct input {
    bool is_recording;
    struct run_document *documents;
    struct recorded *recordings;
};

static void read_input(struct input *input, const char *path, size_t number)
{
    char *trouble = NULL;
    size_t count = 0;
    char *text = command_read_text(path, &count);
    bool is_recording = recorded_is_one(text, count);
    if (number == 0)
        input->is_recording = is_recording;
    if (is_recording != input->is_recording)
        die(EXIT_USAGE,
            is_recording ? "%s: is a recording, and the first file is none; make two pages"
                         : "%s: is no recording, and the first file is one; make two pages",
            path);
    int error = input->is_recording
                    ? recorded_parse(&input->recordings[number], text, count, path, &trouble)
                    : run_document_parse(&input->documents[number], text, count, path, &trouble);
    if (error < 0)
        die(EXIT_USAGE, "%s", trouble);
    free(text);
}

static void release_input(struct input *input, size_t count)
{
    for (size_t i = 0; i < count && input->is_recording; i++)
        recorded_release(&input->recordings[i]);
    for (size_t i = 0; i < count && !input->is_recording; i++)
        run_document_release(&input->documents[i]);
    free(input->documents);
    free(input->recordings);
}

int report_command(int argc, char **argv)
{
    struct report_arguments arguments = {0};
    options_parse(&report_line, argc, argv, &arguments);
    struct input input = {
        .documents = allocate(arguments.count, sizeof input.documents[0]),
        .recordings = allocate(arguments.count, sizeof input.recordings[0]),
    };
    for (size_t i = 0; i < arguments.count; i++)
        read_input(&input, arguments.paths[i], i);
    struct bytes page = {0};
    if (input.is_recording) {
        language_set(arguments.language);
        recording_page(&page, input.recordings, arguments.count);
    } else {
        report(&page, input.documents, arguments.count);
    }
    command_check_written(output_file_write_bytes(arguments.output_path, &page),
                          arguments.output_path);
    bytes_release(&page);
    release_input(&input, arguments.count);
    return EXIT_YES;
}
