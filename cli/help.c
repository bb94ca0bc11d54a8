/* proctor help: one command, or the commands that know an option; and, at the build, the pages of
 * the manual and the completion for bash, which are made of the same tables. */
#include "cli/help.h"

#include "base/memory.h"
#include "base/message.h"
#include "cli/command.h"
#include "cli/options/completion.h"
#include "cli/options/help.h"
#include "cli/options/manual.h"
#include "text/output_file.h"
#include "text/word_distance.h"

#include <stdlib.h>
#include <string.h>

struct help_arguments {
    const char *word;
    const char *length;
    const char *folder;
};

static const struct command_option table[] = {
    {"write", OPTION_TEXT, GROUP_OUTPUT, "DIR",
     "Write the manual (DIR/man1) and the completion for bash (DIR/completions/proctor) instead",
     OPTION_FIELD(struct help_arguments, folder)},
    {0},
};

static void take_word(struct argp_state *state, char *value, void *options)
{
    struct help_arguments *arguments = options;
    if (arguments->word == NULL)
        arguments->word = value;
    else if (strcmp(value, HELP_ALL) == 0)
        arguments->length = value;
    else
        usage_error(state, "'%s': only '" HELP_ALL "' can follow", value);
}

const struct command_line help_line = {
    .tables = {{table, 0}},
    .arguments = "[COMMAND|OPTION] [all]",
    .argument_count = 2,
    .surplus = "only one command can be explained",
    .take_argument = take_word,
    .help = "Explains a command on one screen, or with 'all' every option of it. Of the name of an "
            "option: which commands know it, and what it does there.\v"
            "Example:\n  proctor help load\n  proctor help --rate",
};

static void print_commands(const struct command *commands, FILE *stream, bool are_most_used)
{
    for (const struct command *command = commands; command->name != NULL; command++)
        if (command->is_most_used == are_most_used)
            fprintf(stream, "  %-8s %s\n", command->name, command->summary);
}

void help_print_overview(const struct command *commands, FILE *stream)
{
    fputs("proctor runs, loads, watches and grades TCP servers by how they serve clients.\n\n"
          "Usage: proctor COMMAND [OPTION]...\n\nMost used:\n",
          stream);
    print_commands(commands, stream, true);
    fputs("\nAlso:\n", stream);
    print_commands(commands, stream, false);
    fputs("\n'proctor help COMMAND' explains one, with an example.\n"
          "Exit codes: 0 yes, 1 subject failed, 2 usage, 3 proctor failed, 4 inconclusive\n",
          stream);
}

/* In each command that has it; how many these are. */
static size_t print_option(const struct command *commands, const char *name)
{
    size_t count = 0;
    for (const struct command *command = commands; command->name != NULL; command++) {
        const struct command_option *option = NULL;
        for (size_t i = 0; (option = option_at(command->line, i)) != NULL; i++) {
            if (!option_is_shown(option) || strcmp(option->name, name) != 0)
                continue;
            const char *argument = option->argument;
            printf("proctor %s --%s%s%s\n    %s\n", command->name, name, argument ? "=" : "",
                   argument ? argument : "", option->help);
            count++;
        }
    }
    return count;
}

static int refuse(const struct command *commands, const char *word)
{
    struct word_guess guess = {.word = word + strspn(word, "-")};
    for (const struct command *command = commands; command->name != NULL; command++) {
        const struct command_option *option = NULL;
        word_guess_consider(&guess, command->name);
        for (size_t i = 0; (option = option_at(command->line, i)) != NULL; i++)
            if (option_is_shown(option))
                word_guess_consider(&guess, option->name);
    }
    warn("help: no command and no option is called '%s'%s%s%s", word,
         guess.found != NULL ? "; did you mean '" : "; 'proctor help' names the commands",
         guess.found != NULL ? guess.found : "", guess.found != NULL ? "'?" : "");
    return EXIT_USAGE;
}

static int explain(const struct command *commands, const char *word, bool all)
{
    for (const struct command *command = commands; command->name != NULL; command++) {
        if (strcmp(command->name, word) != 0)
            continue;
        char *name = text_of("proctor %s", word);
        help_print(command->line, name, all, stdout);
        free(name);
        return EXIT_YES;
    }
    return print_option(commands, word + strspn(word, "-")) > 0 ? EXIT_YES : refuse(commands, word);
}

static void write_page(struct bytes *page, const char *folder, const char *name)
{
    char *path = text_of("%s/%s", folder, name);
    command_make_folder(folder);
    command_check_written(output_file_write_bytes(path, page), path);
    bytes_release(page);
    free(path);
}

static void write_all(const struct command *commands, const char *folder)
{
    char *manual = text_of("%s/man1", folder);
    char *completions = text_of("%s/completions", folder);
    struct bytes page = {0};
    command_make_folder(folder);
    manual_of_all(commands, &page);
    write_page(&page, manual, "proctor.1");
    for (const struct command *command = commands; command->name != NULL; command++) {
        char *name = text_of("proctor-%s.1", command->name);
        manual_of_command(command, &page);
        write_page(&page, manual, name);
        free(name);
    }
    completion_for_bash(commands, &page);
    write_page(&page, completions, "proctor");
    free(completions);
    free(manual);
}

/* A name of an option comes with its dashes, which would make it one of ours. */
static void hide_dashes(int argc, char **argv)
{
    if (argc == 2 && strncmp(argv[1], "--", 2) == 0 && strncmp(argv[1], "--help", 6) != 0)
        argv[1] += 2;
}

int help_run(const struct command *commands, int argc, char **argv)
{
    struct help_arguments arguments = {0};
    hide_dashes(argc, argv);
    options_parse(&help_line, argc, argv, &arguments);
    if (arguments.folder != NULL)
        write_all(commands, arguments.folder);
    else if (arguments.word != NULL)
        return explain(commands, arguments.word, arguments.length != NULL);
    else
        help_print_overview(commands, stdout);
    return EXIT_YES;
}
