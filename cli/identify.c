/* proctor identify: which concurrency model a server has. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/message.h"
#include "grader/identify.h"

#include <string.h>

struct identify_arguments {
    struct identify_plan plan;
    const char *json_path;
    bool is_strict;
};

enum option_key {
    OPTION_PATIENCE = 'p' + 256,
    OPTION_PORT,
    OPTION_STRICT,
    OPTION_JSON,
};

static const struct argp_option options[] = {
    {"patience", OPTION_PATIENCE, "TIME", 0,
     "How long to wait when nothing can be concluded (default 20s)", 0},
    {"port", OPTION_PORT, "N", 0,
     "The port that is meant (default: the one the program listens on)", 0},
    {"strict", OPTION_STRICT, NULL, 0, "Exit with 4 if no model could be named", 0},
    {"json", OPTION_JSON, "FILE", 0, "Write the document too; - is standard output", 0},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct identify_arguments *arguments = state->input;
    switch (key) {
    case OPTION_PATIENCE:
        arguments->plan.patience_ns =
            option_duration_ns(state, "patience", value, NS_PER_MS, 3600 * NS_PER_S);
        return 0;
    case OPTION_PORT:
        arguments->plan.port = (uint16_t)option_count(state, "port", value, 1, UINT16_MAX);
        return 0;
    case OPTION_STRICT:
        arguments->is_strict = true;
        return 0;
    case OPTION_JSON:
        arguments->json_path = value;
        return 0;
    case ARGP_KEY_ARG: /* the command, whatever it looks like */
        arguments->plan.command = &state->argv[state->next - 1];
        state->next = state->argc;
        return 0;
    case ARGP_KEY_END:
        if (arguments->plan.command == NULL)
            usage_error(state, "which server? give its command after --");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "-- COMMAND...",
    .doc =
        "Starts a server in a network of its own, lets clients come, be silent, speak and leave, "
        "and says which concurrency model it has and how that is known: from what it did and "
        "from where its processes and threads slept meanwhile.\v"
        "Example:\n  proctor identify -- python3 server.py",
};

int identify_command(int argc, char **argv)
{
    struct identify_arguments arguments = {.plan = {.patience_ns = 20 * NS_PER_S}};
    command_parse(&parser, argc, argv, ARGP_IN_ORDER, &arguments);

    struct identification identification;
    const char *what = NULL;
    bool is_command = false;
    int error = identify_run(&identification, &arguments.plan, &what, &is_command);
    if (error < 0 && is_command)
        die(EXIT_USAGE, "identify: cannot run '%s': %s", arguments.plan.command[0],
            strerror(-error));
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "identify: %s failed: %s; 'proctor doctor' tells what is missing",
            what, strerror(-error));
    if (arguments.json_path == NULL || strcmp(arguments.json_path, "-") != 0)
        identification_print(stdout, &identification, &arguments.plan);
    if (arguments.json_path != NULL)
        command_write_document(identification_describe(&identification, &arguments.plan),
                               arguments.json_path);
    int code = identification.model == NULL && arguments.is_strict ? EXIT_INCONCLUSIVE : EXIT_YES;
    identification_release(&identification);
    return code;
}
