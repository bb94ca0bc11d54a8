/* proctor compare: has a server become worse? */
#include "cli/commands.h"
#include "cli/load_options.h"
#include "cli/load_protocol.h"

#include "base/clock.h"
#include "base/message.h"
#include "bench/compare/comparison.h"
#include "bench/compare/document.h"
#include "bench/compare/text.h"
#include "loadgen/calibration.h"
#include "servers/models/models.h"
#include "servers/server.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIN_CPUS_LEAST 2 /* one for the servers, one for the load */

struct compare_arguments {
    struct comparison_plan plan;
    struct contender contenders[SIDES]; /* the last like the first */
    struct load_plan load;
    size_t given;
    double must_catch;
    const char *json_path;
    bool explains;
    bool is_strict;
    bool is_pinned;
};

enum option_key {
    OPTION_BUDGET = 'b' + 512,
    OPTION_MUST_CATCH,
    OPTION_SLICE,
    OPTION_SEED,
    OPTION_JSON,
    OPTION_EXPLAIN,
    OPTION_STRICT,
    OPTION_NO_PINNING,
};

static const struct argp_option options[] = {
    {"budget", OPTION_BUDGET, "TIME", 0, "How long it may take (default 60s)", 0},
    {"must-catch", OPTION_MUST_CATCH, "PERCENT", 0,
     "The smallest change for the worse that must not slip through (default 5%)", 0},
    {"slice", OPTION_SLICE, "TIME", 0,
     "Length of a slice (default: 20 times BASE's median latency, from 10ms to 500ms)", 0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the order and of the payloads (default 1)", 0},
    {"json", OPTION_JSON, "FILE", 0, "Write the run document too; - is standard output", 0},
    {"explain", OPTION_EXPLAIN, NULL, 0, "Print the arithmetic behind every verdict", 0},
    {"strict", OPTION_STRICT, NULL, 0, "Exit 4 if the verdict is inconclusive", 0},
    {"no-pinning", OPTION_NO_PINNING, NULL, 0,
     "Let servers and load run on all processors (default: each on its half)", 0},
    {0},
};

/* "5%" or "5", from above the indifference up to double. */
static double parse_percent(const struct argp_state *state, const char *value)
{
    char *end = NULL;
    double percent = strtod(value, &end);
    if (end == value || (*end != '\0' && !(end[0] == '%' && end[1] == '\0')) ||
        !(percent > 1 && percent <= 100))
        usage_error(state, "--must-catch: '%s' is not a share above 1%% (like 5%%)", value);
    return percent / 100;
}

static void take_contender(struct compare_arguments *arguments, const char *value,
                           const struct argp_state *state)
{
    if (arguments->given == 2)
        usage_error(state, "'%s': two servers are compared, BASE and NEW", value);
    enum side side = arguments->given == 0 ? SIDE_BASE : SIDE_NEW;
    struct contender *contender = &arguments->contenders[side];
    if (contender_parse(contender, side_name(side), value) < 0)
        usage_error(state,
                    "'%s' is no model, no model's file (./mine.so), and no command with %s in it",
                    value, BENCH_PORT_PLACE);
    if (contender->kind == CONTENDER_MODEL && strchr(value, '/') == NULL &&
        server_model_find(value) == NULL)
        usage_error(state, "there is no model '%s'; 'proctor list models' names them", value);
    if (contender->kind == CONTENDER_RUNNING)
        usage_error(state, "'%s': both servers are started anew again and again; give commands",
                    value);
    option_text(state, value);
    arguments->given++;
}

static const struct argp_child children[] = {
    {&load_options_parser, 0, NULL, 0},
    {&load_protocol_parser, 0, NULL, 0},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct compare_arguments *arguments = state->input;
    struct comparison_plan *plan = &arguments->plan;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = state->child_inputs[1] = &arguments->load;
        return 0;
    case OPTION_BUDGET:
        plan->budget_ns =
            option_duration_ns(state, "budget", value, NS_PER_S, 24LL * 3600 * NS_PER_S);
        return 0;
    case OPTION_MUST_CATCH:
        arguments->must_catch = parse_percent(state, value);
        return 0;
    case OPTION_SLICE:
        plan->bench.slice_ns =
            option_duration_ns(state, "slice", value, 10 * NS_PER_MS, 60 * NS_PER_S);
        return 0;
    case OPTION_SEED:
        plan->bench.seed = arguments->load.seed = option_count(state, "seed", value, 0, INT64_MAX);
        return 0;
    case OPTION_JSON:
        arguments->json_path = value;
        return 0;
    case OPTION_EXPLAIN:
        arguments->explains = true;
        return 0;
    case OPTION_STRICT:
        arguments->is_strict = true;
        return 0;
    case OPTION_NO_PINNING:
        arguments->is_pinned = false;
        return 0;
    case ARGP_KEY_ARG:
        take_contender(arguments, value, state);
        return 0;
    case ARGP_KEY_END:
        if (arguments->given < 2)
            usage_error(state, "which servers? BASE and NEW, each a model or a command");
        load_options_check_descriptors(state, &arguments->load, SIDES);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .children = children,
    .args_doc = "BASE NEW",
    .doc = "Says whether NEW is worse than BASE: two servers, each a model's name or a command "
           "with {port} in it, started again and again and loaded in turns beside a second copy "
           "of BASE. Throughput, median latency and the server's processor time are decided by a "
           "rule whose errors are known beforehand; system calls, context switches and memory are "
           "counted.\v"
           "Exit codes: 0 same, better or inconclusive; 1 worse; 4 inconclusive, with --strict or "
           "when it was stopped.\n\n"
           "Example:\n  proctor compare './old --port {port}' './new --port {port}'",
};

static void show_progress(size_t blocks, double elapsed_s, void *context)
{
    const struct comparison_plan *plan = context;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%zu blocks, %.0f s of at most %.0f s ", blocks, elapsed_s,
                (double)plan->budget_ns / NS_PER_S);
}

static void settle_plan(struct compare_arguments *arguments)
{
    struct comparison_plan *plan = &arguments->plan;
    arguments->contenders[SIDE_CONTROL] = arguments->contenders[SIDE_BASE];
    arguments->contenders[SIDE_CONTROL].name = side_name(SIDE_CONTROL);
    plan->bench.contenders = arguments->contenders;
    plan->bench.count = SIDES;
    if (arguments->is_pinned)
        pinning_choose(&plan->bench.pinning, PIN_CPUS_LEAST);
    if (arguments->load.engine == NULL)
        arguments->load.engine = calibration_choose(&arguments->load);
    plan->rule = decision_rule_default(arguments->must_catch);
    cell_init(&plan->cell, &arguments->load);
}

static int exit_code_of(const struct comparison *comparison, bool is_strict)
{
    if (comparison->trouble != NULL && comparison->trouble_of != SIDE_NEW)
        return EXIT_PROCTOR_FAILED;
    if (comparison->verdict == DECISION_WORSE)
        return EXIT_SUBJECT_FAILED;
    bool is_open = comparison->verdict == DECISION_INCONCLUSIVE;
    return is_open && (is_strict || comparison->is_cut) ? EXIT_INCONCLUSIVE : EXIT_YES;
}

int compare_command(int argc, char **argv)
{
    struct compare_arguments arguments = {
        .load = load_options_defaults(50 * NS_PER_MS),
        .must_catch = 0.05,
        .is_pinned = true,
        .plan =
            {
                .budget_ns = 60 * NS_PER_S,
                .bench.seed = 1,
            },
    };
    command_parse(&parser, argc, argv, 0, &arguments);
    command_check_output(arguments.json_path);
    arguments.plan.bench.is_stopped = command_stop_on_signals();
    settle_plan(&arguments);
    struct comparison comparison;
    comparison_run(&comparison, &arguments.plan, show_progress, &arguments.plan);
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    bool document_on_stdout = arguments.json_path != NULL && strcmp(arguments.json_path, "-") == 0;
    comparison_print(document_on_stdout ? stderr : stdout, &comparison, arguments.explains);
    command_write_document(comparison_describe(&comparison), arguments.json_path);
    int code = exit_code_of(&comparison, arguments.is_strict);
    comparison_release(&comparison);
    cell_release(&arguments.plan.cell);
    return code;
}
