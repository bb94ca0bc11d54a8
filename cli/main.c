/* The table of subcommands and nothing else. */
#include "cli/commands.h"

#include "base/memory.h"
#include "base/message.h"
#include "cli/help.h"
#include "machine/guest.h"
#include "results/document/document.h"
#include "text/sanitise.h"
#include "text/word_distance.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct command commands[] = {
    {"bench", "measure servers side by side", bench_command, &bench_line, true},
    {"compare", "decide whether a server got worse", compare_command, &compare_line, true},
    {"diff", "compare two stored runs", diff_command, &diff_line, false},
    {"doctor", "check what this machine allows", doctor_command, &doctor_line, true},
    {"export", "convert stored runs to formats of other tools", export_command, &export_line,
     false},
    {"grade", "grade submissions from what the kernel shows", grade_command, &grade_line, true},
    {"help", "explain a command or an option", NULL, &help_line, false}, /* takes this table */
    {"identify", "name the concurrency model of a server", identify_command, &identify_line, true},
    {"list", "list models, protocols, checks and other names", list_command, &list_line, false},
    {"load", "load a server with many clients and measure it", load_command, &load_line, true},
    {"report", "make an HTML page from stored runs", report_command, &report_line, false},
    {"respond", "echo with known delays, to test load generators", respond_command, &respond_line,
     false},
    {"serve", "run one of the reference servers", serve_command, &serve_line, true},
    {"watch", "show live which thread serves which client", watch_command, &watch_line, true},
    {0},
};

/* A full disk must not look like success. */
static int check_output(int code)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        warn("cannot write to standard output");
        return EXIT_PROCTOR_FAILED;
    }
    return code;
}

/* If one of the three is closed at the start, the next file opened would get its number. */
static void keep_standard_descriptors(void)
{
    int fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO)
        fd = open("/dev/null", O_RDWR);
    if (fd >= 0)
        close(fd);
}

static char *clean_message(const char *text)
{
    struct bytes clean = {0};
    sanitise(&clean, text, strlen(text), SANITISE_LINE);
    return bytes_take_text(&clean);
}

static const struct command *find_command(const char *name)
{
    for (const struct command *command = commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static int run(const struct command *command, int argc, char **argv)
{
    char *full_name = text_of("proctor %s", command->name);
    argv[1] = full_name;
    int code = command->run != NULL ? command->run(argc - 1, argv + 1)
                                    : help_run(commands, argc - 1, argv + 1);
    free(full_name);
    return check_output(code);
}

static int refuse(const char *name)
{
    struct word_guess guess = {.word = name};
    for (const struct command *command = commands; command->name != NULL; command++)
        word_guess_consider(&guess, command->name);
    if (guess.found != NULL)
        warn("unknown command '%s'; did you mean '%s'?", name, guess.found);
    else
        warn("unknown command '%s'; 'proctor help' names all", name);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    if (machine_is_guest())
        machine_guest();
    message_set_cleaner(clean_message);
    keep_standard_descriptors();
    const char *name = argc > 1 ? argv[1] : "";
    if (name[0] == '\0') {
        help_print_overview(commands, stderr);
        return EXIT_USAGE;
    }
    if (strcmp(name, "--help") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0) {
        printf("proctor %s (%s)\n", tool_version(), tool_commit());
        return check_output(EXIT_YES);
    }
    signal(SIGPIPE, SIG_IGN);
    const struct command *command = find_command(name);
    return command != NULL ? run(command, argc, argv) : refuse(name);
}
