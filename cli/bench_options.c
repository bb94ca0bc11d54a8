#include "cli/bench_options.h"

#include "base/clock.h"
#include "base/message.h"
#include "base/socket.h"
#include "cli/command.h"
#include "cli/load_options.h"
#include "servers/models/models.h"
#include "servers/server.h"

#include <stdlib.h>
#include <string.h>

enum option_key {
    OPTION_SUITE = 's' + 512,
    OPTION_MODELS,
    OPTION_AGAINST,
    OPTION_REFERENCE,
    OPTION_ROUNDS,
    OPTION_REPETITIONS,
    OPTION_SLICE,
    OPTION_SEED,
    OPTION_JSON,
    OPTION_OUTPUT,
    OPTION_RESUME,
};

static const struct argp_option options[] = {
    {"suite", OPTION_SUITE, "NAME", 0,
     "Measure the cells of this suite, which ships or is a file ('proctor list suites'); without "
     "it one cell, as the options below say",
     0},
    {"models", OPTION_MODELS, "A,B,…", 0,
     "Which models (default: the suite's, or all that run here, unless --against)", 0},
    {"against", OPTION_AGAINST, "NAME=COMMAND", 0,
     "Somebody else's server too, or alone: a command in which {port} becomes the port to listen "
     "on, or HOST:PORT where one runs already",
     0},
    {"reference", OPTION_REFERENCE, "NAME", 0, "Whom the others are ranked against (default epoll)",
     0},
    {"rounds", OPTION_ROUNDS, "N", 0, "Slices of each server in a cell (default 20)", 0},
    {"repetitions", OPTION_REPETITIONS, "N", 0,
     "How often the servers are started anew in a cell (default 10)", 0},
    {"slice", OPTION_SLICE, "TIME", 0, "Length of a slice (default 100ms)", 0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the order and of the payloads (default 1)", 0},
    {"json", OPTION_JSON, "FILE", 0, "Write the run document too; - is standard output", 0},
    {"output", OPTION_OUTPUT, "DIR", 0,
     "Write DIR/run.json after every cell, and make DIR if need be", 0},
    {"resume", OPTION_RESUME, NULL, 0, "Take the cells that DIR/run.json holds already", 0},
    {0},
};

/*** Contenders ***/

static void add_contender(struct bench_arguments *arguments, const struct contender *contender,
                          const struct argp_state *state)
{
    size_t *count = &arguments->plan.bench.count;
    for (size_t i = 0; i < *count; i++)
        if (strcmp(arguments->contenders[i].name, contender->name) == 0)
            usage_error(state, "two servers of the name '%s'", contender->name);
    if (*count == CONTENDERS_MAX)
        usage_error(state, "more than %d servers", CONTENDERS_MAX);
    arguments->contenders[(*count)++] = *contender;
}

/* `place` is where the name stands. */
static void add_model(struct bench_arguments *arguments, const char *name, const char *place,
                      const struct argp_state *state)
{
    if (server_model_find(name) == NULL)
        usage_error(state, "%s: there is no model '%s'; 'proctor list models' names them", place,
                    name);
    add_contender(arguments, &(struct contender){.name = name, .text = name}, state);
}

static void add_models(struct bench_arguments *arguments, char *names,
                       const struct argp_state *state)
{
    char *rest = NULL;
    for (char *name = strtok_r(names, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest))
        add_model(arguments, name, "--models", state);
}

/* "NAME=COMMAND" or "NAME=HOST:PORT" */
static void add_against(struct bench_arguments *arguments, char *text,
                        const struct argp_state *state)
{
    struct contender contender;
    char *equals = strchr(option_text(state, text), '=');
    if (equals == NULL || equals == text)
        usage_error(state, "--against: '%s' is not NAME=COMMAND", text);
    *equals = '\0';
    if (contender_parse(&contender, text, equals + 1) < 0 || contender.kind == CONTENDER_MODEL)
        usage_error(state, "--against: '%s' is neither HOST:PORT nor a command with %s in it",
                    equals + 1, BENCH_PORT_PLACE);
    add_contender(arguments, &contender, state);
}

static void add_all_models(struct bench_arguments *arguments, const struct argp_state *state)
{
    for (const struct server_model *const *model = server_models; *model != NULL; model++) {
        const char *reason = NULL;
        if (server_model_check(*model, &reason) == 0)
            add_model(arguments, (*model)->name, "--models", state);
        else
            warn("bench: %s is left out: %s", (*model)->name, reason);
    }
}

/*** The plan ***/

static unsigned first_of(unsigned one, unsigned other, unsigned usual)
{
    return one > 0 ? one : other > 0 ? other : usual;
}

static void load_suite(struct bench_arguments *arguments, const struct argp_state *state)
{
    char *trouble = NULL;
    if (arguments->suite_name == NULL)
        return;
    if (suite_load(&arguments->suite, arguments->suite_name, &arguments->load, &trouble) < 0)
        usage_error(state, "--suite: %s", trouble);
}

/* No server could be loaded with a cell that needs more than there are for all. */
static void check_descriptors(const struct campaign_plan *plan, const struct argp_state *state)
{
    size_t limit = socket_raise_descriptor_limit();
    for (size_t i = 0; i < plan->count; i++)
        if (cell_descriptors(&plan->cells[i]) + BENCH_OWN_DESCRIPTORS > limit)
            usage_error(state, "%s: that needs %zu descriptors; the limit here is %zu",
                        plan->cells[i].name,
                        cell_descriptors(&plan->cells[i]) + BENCH_OWN_DESCRIPTORS, limit);
}

/* Without one that is asked for it is epoll, if that takes part. */
static void check_reference(struct campaign_plan *plan, const struct argp_state *state)
{
    for (size_t i = 0; i < plan->bench.count; i++)
        if (plan->reference == NULL ||
            strcmp(plan->bench.contenders[i].name, plan->reference) == 0) {
            plan->reference = plan->reference != NULL ? plan->reference : "epoll";
            return;
        }
    usage_error(state, "--reference: no server '%s' takes part", plan->reference);
}

/* What has been asked for goes before what the suite says, and that before what is usual. */
static void settle_plan(struct bench_arguments *arguments, const struct argp_state *state)
{
    struct campaign_plan *plan = &arguments->plan;
    const struct suite *suite = &arguments->suite;
    load_suite(arguments, state);
    bool has_some = plan->bench.count > 0;
    for (char **model = suite->models; !has_some && model != NULL && *model != NULL; model++)
        add_model(arguments, *model, suite->models_place, state);
    if (plan->bench.count == 0)
        add_all_models(arguments, state);
    plan->bench.contenders = arguments->contenders;
    plan->bench.rounds = first_of(arguments->rounds, suite->rounds, 20);
    plan->bench.repetitions = first_of(arguments->repetitions, suite->repetitions, 10);
    if (plan->bench.repetitions > plan->bench.rounds)
        plan->bench.repetitions = plan->bench.rounds;
    plan->bench.slice_ns = arguments->slice_ns > 0 ? arguments->slice_ns
                           : suite->slice_ns > 0   ? suite->slice_ns
                                                   : 100 * NS_PER_MS;
    check_reference(plan, state);
    plan->suite = suite->name;
    plan->cells = suite->cells;
    plan->count = suite->count;
    if (suite->name == NULL) {
        cell_init(&arguments->cell, &arguments->load);
        plan->cells = &arguments->cell;
        plan->count = 1;
    }
    check_descriptors(plan, state);
}

static const struct argp_child children[] = {{&load_options_parser, 0, NULL, 0}, {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct bench_arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->load;
        return 0;
    case OPTION_SUITE:
        arguments->suite_name = value;
        return 0;
    case OPTION_MODELS:
        add_models(arguments, value, state);
        return 0;
    case OPTION_AGAINST:
        add_against(arguments, value, state);
        return 0;
    case OPTION_REFERENCE:
        arguments->plan.reference = value;
        return 0;
    case OPTION_ROUNDS:
        arguments->rounds = (unsigned)option_count(state, "rounds", value, 1, 100000);
        return 0;
    case OPTION_REPETITIONS:
        arguments->repetitions =
            (unsigned)option_count(state, "repetitions", value, 1, SUITE_REPETITIONS_MAX);
        return 0;
    case OPTION_SLICE:
        arguments->slice_ns =
            option_duration_ns(state, "slice", value, 10 * NS_PER_MS, 60 * NS_PER_S);
        return 0;
    case OPTION_SEED:
        arguments->plan.bench.seed = option_count(state, "seed", value, 0, INT64_MAX);
        arguments->load.seed = arguments->plan.bench.seed;
        return 0;
    case OPTION_JSON:
        arguments->json_path = value;
        return 0;
    case OPTION_OUTPUT:
        arguments->output_folder = value;
        return 0;
    case OPTION_RESUME:
        arguments->resumes = true;
        return 0;
    case ARGP_KEY_ARG:
        usage_error(state, "'%s' is no option; bench takes only those", value);
    case ARGP_KEY_END:
        if (arguments->resumes && arguments->output_folder == NULL)
            usage_error(state, "--resume: of which bench? --output names its folder");
        settle_plan(arguments, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp bench_options_parser = {
    .options = options,
    .parser = parse,
    .children = children,
    .doc = "Starts servers side by side, loads them in turns in short slices in random order, and "
           "compares them: clients served, requests per second, latency, and the server's own "
           "cost of a request and of a connection, each with its spread over the rounds.\v"
           "Ctrl-C keeps what has been measured; --resume goes on.\n\n"
           "Example:\n  proctor bench --suite quick --output results/runs/a",
};
