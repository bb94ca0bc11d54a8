/* proctor watch: clients, threads and who waits for whom, live. */
#include "cli/commands.h"

#include "base/language.h"
#include "base/message.h"
#include "base/quantity.h"
#include "base/socket.h"
#include "watch/target/watched.h"
#include "watch/watch.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct watch_arguments {
    const char *target; /* as typed; NULL: a command */
    char **command;
    bool is_json;
    bool is_netstat;
    bool is_lines;
    const char *record_path;
    const char *until;
    const char *language;
    size_t until_clients;
    unsigned rate;
    unsigned most_percent;
};

#define FIELD(member) OPTION_FIELD(struct watch_arguments, member)

static const char *const languages[] = {"en", "fr", "de"};

static const struct command_option table[] = {
    {"until", OPTION_TEXT, GROUP_NONE, "WHEN",
     "End once it has settled (settled), once so many clients are there at the same time (a "
     "number), "
     "or when the target ends (exit, the default)",
     FIELD(until)},
    {"rate", OPTION_COUNT, GROUP_NONE, "N", "Look so many times a second (default 10)", FIELD(rate),
     1, 1000},
    {"most", OPTION_COUNT, GROUP_NONE, "PERCENT",
     "Use at most so much of one processor, and look less often if need be (default 3, or 15 where "
     "there are over 64 threads)",
     FIELD(most_percent), 1, 100},
    {"lines", OPTION_FLAG, GROUP_OUTPUT, NULL, "Print one line for each change, also on a terminal",
     FIELD(is_lines)},
    {"netstat", OPTION_FLAG, GROUP_OUTPUT, NULL,
     "Print the columns of netstat at each change: protocol, both addresses, state, PID/program",
     FIELD(is_netstat)},
    {"json", OPTION_FLAG, GROUP_OUTPUT, NULL,
     "Print what is seen as JSON, one object a line (proctor.watch/1)", FIELD(is_json)},
    {"record", OPTION_TEXT, GROUP_OUTPUT, "FILE",
     "Write what is seen to FILE as well, for 'proctor report' and 'proctor export'",
     FIELD(record_path)},
    {"language", OPTION_CHOICE, GROUP_OUTPUT, "LANGUAGE", "Speak English, French or German",
     FIELD(language), 0, 2, .words = languages},
    {0},
};

static void take_argument(struct argp_state *state, char *value, void *options)
{
    struct watch_arguments *arguments = options;
    if (state->next >= 2 && strcmp(state->argv[state->next - 2], "--") == 0) {
        arguments->command = &state->argv[state->next - 1];
        state->next = state->argc;
    } else {
        arguments->target = value;
    }
}

static void check(const struct argp_state *state, void *options)
{
    struct watch_arguments *arguments = options;
    const char *until = arguments->until;
    uint64_t count = 0;
    if (arguments->is_json + arguments->is_netstat + arguments->is_lines > 1)
        usage_error(state, "--json, --netstat and --lines exclude one another");
    if (until == NULL || strcmp(until, "settled") == 0 || strcmp(until, "exit") == 0)
        return;
    char *end = NULL;
    count = strtoul(until, &end, 10);
    if (end == until || count == 0 || (*end != '\0' && strcmp(end, " clients") != 0))
        usage_error(state, "--until: '%s' is unknown; use settled, a number of clients, or exit",
                    until);
    arguments->until_clients = count;
}

const struct command_line watch_line = {
    .tables = {{table, 0}},
    .arguments = "PID|PORT|HOST:PORT|-- COMMAND...",
    .flags = ARGP_IN_ORDER,
    .argument_count = 1,
    .missing = "TARGET: give a process, a port, HOST:PORT, or a command after --",
    .surplus = "only one target can be watched; a command stands after --",
    .take_argument = take_argument,
    .check = check,
    .most_used = {"until", "rate", "lines", "netstat", "json", "record"},
    .help = "Shows live which thread of a server serves which client, who waits and why, and which "
            "concurrency model that is: on a full screen, or one line for each change where the "
            "output is no terminal. Any program; it is not changed. Without root only your own "
            "processes can be seen.\v"
            "Example:\n  proctor watch 9500\n  proctor watch --netstat -- python3 server.py",
};

/*** The target ***/

static _Noreturn void refuse(const struct watch_arguments *arguments, const struct watched *target,
                             enum watched_trouble trouble)
{
    const char *name = arguments->target;
    switch (trouble) {
    case WATCHED_FAR_AWAY:
        die(EXIT_USAGE, "watch: %s is another machine; run proctor there", name);
    case WATCHED_NO_NETWORK:
        die(EXIT_PROCTOR_FAILED, "watch: the network of %s cannot be looked into: %s; try as root",
            name != NULL ? name : arguments->command[0], strerror(target->error));
    case WATCHED_NOT_STARTED:
        die(EXIT_USAGE, "watch: cannot run '%s': %s", arguments->command[0],
            strerror(target->error));
    default:
        die(EXIT_USAGE,
            "watch: no process %s, and nothing listens there; start the server first, "
            "or give its command after --",
            name);
    }
}

/* "9500": who listens there, or else the process of this number; ":9500" and "pid:9500" say
 * which. */
static enum watched_trouble find_number(struct watched *target, const char *text)
{
    char *end = NULL;
    bool is_port = text[0] == ':';
    bool is_pid = strncmp(text, "pid:", strlen("pid:")) == 0;
    unsigned long number = strtoul(text + (is_port ? 1 : is_pid ? strlen("pid:") : 0), &end, 10);
    if (*end != '\0' || number == 0 || number > INT32_MAX)
        die(EXIT_USAGE, "watch: '%s' is no process, port or HOST:PORT; a command stands after --",
            text);
    enum watched_trouble trouble = WATCHED_NO_LISTENER;
    if (!is_pid && number <= UINT16_MAX)
        trouble = watched_find_listener(target, NULL, (uint16_t)number);
    if (trouble == WATCHED_NO_LISTENER && !is_port)
        trouble = watched_find_process(target, (pid_t)number);
    return trouble;
}

static void find(struct watched *target, const struct watch_arguments *arguments, bool is_screen)
{
    struct address address;
    enum watched_trouble trouble = WATCHED_FOUND;
    if (arguments->command != NULL)
        trouble = watched_start(target, arguments->command, is_screen);
    else if (arguments->target[0] != ':' && address_parse(arguments->target, &address) == 0)
        trouble = watched_find_listener(target, &address, address_port(&address));
    else
        trouble = find_number(target, arguments->target);
    if (trouble != WATCHED_FOUND)
        refuse(arguments, target, trouble);
}

static void warn_of_the_unseen(const struct watched *target,
                               const struct watch_arguments *arguments)
{
    if (target->root == 0)
        warn("watch: who listens at %s cannot be seen by this user: clients are shown, threads are "
             "not; try as root",
             arguments->target);
    else if (!target->is_ours && !watched_can_be_seen(target))
        warn("watch: what process %d does cannot be seen by this user (ptrace_scope, or another's "
             "process); try as root, or start it here: proctor watch -- COMMAND",
             (int)target->root);
}

static FILE *open_record(const char *path)
{
    if (path == NULL)
        return NULL;
    FILE *file = fopen(path, "we");
    command_check_written(file == NULL ? -errno : 0, path);
    return file;
}

int watch_command(int argc, char **argv)
{
    struct watch_arguments arguments = {.rate = 10};
    options_parse(&watch_line, argc, argv, &arguments);
    language_set(arguments.language);
    bool is_screen = isatty(STDOUT_FILENO) && isatty(STDIN_FILENO) && !arguments.is_json &&
                     !arguments.is_netstat && !arguments.is_lines;
    struct watched target;
    FILE *record = open_record(arguments.record_path);
    find(&target, &arguments, is_screen);
    socket_raise_descriptor_limit(); /* not before: what is started here would inherit it */
    warn_of_the_unseen(&target, &arguments);
    const struct watch_plan plan = {
        .target = &target,
        .output = is_screen              ? WATCH_SCREEN
                  : arguments.is_json    ? WATCH_JSON
                  : arguments.is_netstat ? WATCH_NETSTAT
                                         : WATCH_LINES,
        .interval_ns = 1000000000 / arguments.rate,
        .most_share = arguments.most_percent / 100.0,
        .record = record,
        .until_settled = arguments.until != NULL && strcmp(arguments.until, "settled") == 0,
        .until_clients = arguments.until_clients,
        .is_stopped = command_stop_on_signals(),
    };
    int error = watch_run(&plan);
    if (record != NULL && fclose(record) != 0 && error == 0)
        error = -errno;
    if (error == -ENOTTY)
        die(EXIT_PROCTOR_FAILED, "watch: this terminal cannot show a screen; use --lines");
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "watch: %s", strerror(-error));
    return EXIT_YES;
}
