/* proctor grade: a submission under a built-in grading. */
#include "cli/commands.h"
#include "cli/submission_options.h"

#include "base/message.h"
#include "grader/grade.h"
#include "servers/models.h"
#include "servers/server.h"

#include <string.h>

struct grade_arguments {
    struct grade_plan plan;
    struct submission_options submission;
};

enum option_key {
    OPTION_EXPECT = 'e' + 256,
    OPTION_FAREWELL,
    OPTION_CHECK,
    OPTION_DIALECT,
    OPTION_STOP_WORD,
    OPTION_MODEL,
    OPTION_ENDS_WHEN,
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
    {"model", OPTION_MODEL, "MODEL", 0, "checks: the concurrency model that it must have", 0},
    {"ends-when", OPTION_ENDS_WHEN, "WHEN", 0,
     "checks: when it must end by itself: first-client, last-client or enter", 0},
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

static const char *parse_ends_when(const char *value, const struct argp_state *state)
{
    if (strcmp(value, ENDS_WHEN_FIRST) != 0 && strcmp(value, ENDS_WHEN_LAST) != 0 &&
        strcmp(value, ENDS_WHEN_ENTER) != 0)
        usage_error(state, "--ends-when: '%s' is none of first-client, last-client, enter", value);
    return value;
}

/* Those of ours, and two that are ours to find only. */
static const char *parse_model(const char *value, const struct argp_state *state)
{
    if (server_model_find(value) == NULL && strcmp(value, "one-client") != 0 &&
        strcmp(value, "busy loop") != 0)
        usage_error(state, "--model: there is no model '%s'; 'proctor list models' names them",
                    value);
    return value;
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
    submission_options_take_command(&arguments->submission, state);
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
            series->items[series->count++].check = check;
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
    case OPTION_MODEL:
        arguments->plan.series.stage.model = parse_model(value, state);
        return 0;
    case OPTION_ENDS_WHEN:
        arguments->plan.series.stage.ends_when = parse_ends_when(value, state);
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->submission;
        return 0;
    case ARGP_KEY_ARG:
        take_argument(arguments, value, state);
        return 0;
    case ARGP_KEY_END:
        if (arguments->plan.assignment == NULL)
            usage_error(state, "which grading? try second-client or checks");
        if (arguments->submission.arena.command == NULL)
            usage_error(state, "which submission? give its command after --");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&submission_options_parser, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .children = children,
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
    struct grade_arguments arguments = {.plan.second_client.farewell = "fin\n"};
    const struct submission_options *submission = &arguments.submission;
    submission_options_init(&arguments.submission);
    command_parse(&parser, argc, argv, ARGP_IN_ORDER, &arguments);
    arguments.plan.arena = submission->arena;
    arguments.plan.port = submission->port;
    arguments.plan.patience_ns = submission->patience_ns;

    struct grade grade;
    struct arena_trouble trouble;
    int error = grade_run(&grade, &arguments.plan, &trouble);
    if (error < 0)
        submission_options_die(submission, "grade", &trouble, error);
    if (submission_options_prints_text(submission))
        grade_print(stdout, &grade, &arguments.plan);
    submission_options_warn(submission, "grade", grade.isolation);
    command_write_document(grade_describe(&grade, &arguments.plan), submission->json_path);
    int code = exit_code_of(grade_verdict(&grade), submission->is_strict);
    grade_release(&grade);
    return code;
}
