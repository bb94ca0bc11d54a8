/* The table of subcommands and nothing else. */
#include "cli/commands.h"

#include "base/memory.h"
#include "base/message.h"
#include "results/document/document.h"
#include "text/sanitise.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct command commands[] = {
    {"bench", "measure servers side by side", bench_command},
    {"compare", "decide whether a server got worse", compare_command},
    {"diff", "compare two stored runs", diff_command},
    {"doctor", "check what this machine allows", doctor_command},
    {"export", "convert stored runs to formats of other tools", export_command},
    {"grade", "grade submissions from what the kernel shows", grade_command},
    {"identify", "name the concurrency model of a server", identify_command},
    {"list", "list models, protocols, checks and other names", list_command},
    {"load", "load a server with many clients and measure it", load_command},
    {"report", "make an HTML page from stored runs", report_command},
    {"respond", "echo with known delays, to test load generators", respond_command},
    {"serve", "run one of the reference servers", serve_command},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static void print_help(FILE *stream)
{
    fputs("proctor runs, loads, compares and grades TCP servers by how they serve many clients.\n\n"
          "Usage: proctor COMMAND [OPTION]...\n\n",
          stream);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(stream, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fputs("\n'proctor COMMAND --help' explains a command and gives an example.\n"
          "Exit codes: 0 yes, 1 the subject failed, 2 usage, 3 proctor failed, 4 inconclusive\n",
          stream);
}

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

int main(int argc, char **argv)
{
    message_set_cleaner(clean_message);
    keep_standard_descriptors();
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        print_help(stdout);
        return check_output(EXIT_YES);
    }
    if (strcmp(name, "--version") == 0) {
        printf("proctor %s (%s)\n", tool_version(), tool_commit());
        return check_output(EXIT_YES);
    }
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) != 0)
            continue;
        char *full_name = text_of("proctor %s", name);
        argv[1] = full_name;
        int code = commands[i].run(argc - 1, argv + 1);
        free(full_name);
        return check_output(code);
    }
    if (name[0] != '\0')
        warn("unknown command '%s'", name);
    print_help(stderr);
    return EXIT_USAGE;
}
