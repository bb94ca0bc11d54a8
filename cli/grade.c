/* proctor grade: a submission under a built-in grading. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/message.h"
#include "grader/grade.h"

#include <errno.h>
#include <string.h>

struct grade_arguments {
    struct grade_plan plan;
    const char *json_path;
    bool strict;
};

enum option_key {
    OPTION_EXPECT = 'e' + 256,
    OPTION_FAREWELL,
    OPTION_PATIENCE,
    OPTION_CHECK,
    OPTION_DIALECT,
    OPTION_STOP_WORD,
    OPTION_PORT,
    OPTION_STRICT,
    OPTION_JSON,
};

static const struct argp_option options[] = {
    {"expect", OPTION_EXPECT, "WHAT", 0,
     "blocked or served: what must become of the second client; without it, either will do", 0},
    {"farewell", OPTION_FAREWELL, "TEXT", 0,
     "What the first client says before it closes (default: a line 'fin'); '' for nothing", 0},
    {"check", OPTION_CHECK, "ID[,ID]...", 0,
     "checks: only these, and what they need ('proctor list checks' names them)", 0},
    {"dialect", OPTION_DIALECT, "WHAT", 0,
     "checks: what the server does with a line: echo (default), prefix:TEXT, or prints", 0},
    {"stop-word", OPTION_STOP_WORD, "WORD", 0, "checks: the line that ends a client's session", 0},
    {"patience", OPTION_PATIENCE, "TIME", 0,
     "How long to wait when nothing can be concluded (default 20s)", 0},
    {"port", OPTION_PORT, "N", 0,
     "The port that is meant (default: the one the submission listens on)", 0},
    {"strict", OPTION_STRICT, NULL, 0, "Exit with 4 if the grading is inconclusive", 0},
    {"json", OPTION_JSON, "FILE", 0, "Write the grade document too; - is standard output", 0},
    {0},
};

static enum expectation parse_expectation(const char *value, const struct argp_state *state)
{
    if (strcmp(value, "blocked") == 0)
        return EXPECT_BLOCKED;
    if (strcmp(value, "served") == 0)
        return EXPECT_SERVED;
    usage_error(state, "--expect: '%s' is neither blocked nor served", value);
}

static void take_argument(struct grade_arguments *arguments, const char *value,
                          struct argp_state *state)
{
    if (arguments->plan.assignment == NULL) {
        if (strcmp(value, "second-client") != 0 && strcmp(value, "checks") != 0)
            usage_error(state, "there is no grading '%s'; try second-client or checks", value);
        arguments->plan.assignment = value;
        return;
    }
    /* The rest is the command, whatever it looks like. */
    arguments->plan.command = &state->argv[state->next - 1];
    state->next = state->argc;
}

/* Reads "this-check,that-check". */
static void select_checks(struct series_plan *series, char *value, const struct argp_state *state)
{
    char *rest = NULL;
    for (char *id = strtok_r(value, ",", &rest); id != NULL; id = strtok_r(NULL, ",", &rest)) {
        const struct check *check = check_find(id);
        if (check == NULL)
            usage_error(state, "--check: there is no check '%s'; 'proctor list checks' names them",
                        id);
        if (series->count < SERIES_CHECKS_MAX)
            series->selected[series->count++] = check;
    }
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct grade_arguments *arguments = state->input;
    switch (key) {
    case OPTION_EXPECT:
        arguments->plan.second_client.expectation = parse_expectation(value, state);
        return 0;
    case OPTION_FAREWELL:
        arguments->plan.second_client.farewell = value;
        return 0;
    case OPTION_CHECK:
        select_checks(&arguments->plan.series, value, state);
        return 0;
    case OPTION_DIALECT:
        if (dialect_parse(&arguments->plan.series.stage.dialect, value) < 0)
            usage_error(state, "--dialect: '%s' is none of echo, prefix:TEXT, prints", value);
        return 0;
    case OPTION_STOP_WORD:
        arguments->plan.series.stage.stop_word = value;
        return 0;
    case OPTION_PATIENCE:
        arguments->plan.patience_ns =
            option_duration_ns(state, "patience", value, NS_PER_MS, 3600 * NS_PER_S);
        return 0;
    case OPTION_PORT:
        arguments->plan.port = (uint16_t)option_count(state, "port", value, 1, UINT16_MAX);
        return 0;
    case OPTION_STRICT:
        arguments->strict = true;
        return 0;
    case OPTION_JSON:
        arguments->json_path = value;
        return 0;
    case ARGP_KEY_ARG:
        take_argument(arguments, value, state);
        return 0;
    case ARGP_KEY_END:
        if (arguments->plan.assignment == NULL)
            usage_error(state, "which grading? try second-client or checks");
        if (arguments->plan.command == NULL)
            usage_error(state, "which submission? give its command after --");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "second-client|checks -- COMMAND...",
    .doc = "Starts somebody else's server in a network of its own, plays clients, and says from "
           "the kernel's evidence what became of them. second-client: is a second client served "
           "while the first stays silent, and if not, once the first has left? checks: all that a "
           "server for several clients should do.\v"
           "Example:\n  proctor grade second-client --expect served -- python3 server.py",
};

static int exit_code_of(enum verdict verdict, bool strict)
{
    if (verdict == VERDICT_FAIL)
        return EXIT_SUBJECT_FAILED;
    return verdict == VERDICT_INCONCLUSIVE && strict ? EXIT_INCONCLUSIVE : EXIT_YES;
}

int grade_command(int argc, char **argv)
{
    struct grade_arguments arguments = {
        .plan = {.patience_ns = 20 * NS_PER_S, .second_client = {.farewell = "fin\n"}},
    };
    command_parse(&parser, argc, argv, ARGP_IN_ORDER, &arguments);

    struct grade grade;
    const char *what = NULL;
    bool is_command = false;
    int error = grade_run(&grade, &arguments.plan, &what, &is_command);
    if (error < 0 && is_command)
        die(EXIT_USAGE, "grade: cannot run '%s': %s", arguments.plan.command[0], strerror(-error));
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "grade: %s failed: %s; 'proctor doctor' tells what is missing",
            what, strerror(-error));
    if (arguments.json_path == NULL || strcmp(arguments.json_path, "-") != 0)
        grade_print(stdout, &grade, &arguments.plan);
    if (arguments.json_path != NULL)
        command_write_document(grade_describe(&grade, &arguments.plan), arguments.json_path);
    int code = exit_code_of(grade_verdict(&grade), arguments.strict);
    grade_release(&grade);
    return code;
}
