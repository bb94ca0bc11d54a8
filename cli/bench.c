/* proctor bench: servers side by side. */
#include "cli/commands.h"
#include "cli/load_options.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/message.h"
#include "bench/bench.h"
#include "bench/bench_document.h"
#include "loadgen/calibration.h"
#include "results/document.h"
#include "servers/models.h"
#include "servers/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONTENDERS_MAX 32

struct bench_arguments {
    struct bench_plan plan;
    struct contender contenders[CONTENDERS_MAX];
    const char *json_path;
    const char *output_folder;
};

enum option_key {
    OPTION_MODELS = 'm' + 256,
    OPTION_AGAINST,
    OPTION_ROUNDS,
    OPTION_SLICE,
    OPTION_SEED,
    OPTION_JSON,
    OPTION_OUTPUT,
};

static const struct argp_option options[] = {
    {"models", OPTION_MODELS, "A,B,…", 0,
     "Which models (default: all that run here, unless --against)", 0},
    {"against", OPTION_AGAINST, "NAME=COMMAND", 0,
     "Somebody else's server too, or alone; {port} in its command becomes the port to listen on",
     0},
    {"rounds", OPTION_ROUNDS, "N", 0, "Slices of each server (default 20)", 0},
    {"slice", OPTION_SLICE, "TIME", 0, "Length of a slice (default 200ms)", 0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the order and of the payloads (default 1)", 0},
    {"json", OPTION_JSON, "FILE", 0, "Write the run document too; - is standard output", 0},
    {"output", OPTION_OUTPUT, "DIR", 0, "Write DIR/run.json, and make DIR if need be", 0},
    {0},
};

static void add_contender(struct bench_arguments *arguments, const char *name, const char *command,
                          const struct argp_state *state)
{
    for (size_t i = 0; i < arguments->plan.count; i++)
        if (strcmp(arguments->contenders[i].name, name) == 0)
            usage_error(state, "two servers of the name '%s'", name);
    if (arguments->plan.count == CONTENDERS_MAX)
        usage_error(state, "more than %d servers", CONTENDERS_MAX);
    arguments->contenders[arguments->plan.count++] =
        (struct contender){.name = name, .command = command};
}

static void add_models(struct bench_arguments *arguments, char *names,
                       const struct argp_state *state)
{
    char *rest = NULL;
    for (char *name = strtok_r(names, ",", &rest); name != NULL;
         name = strtok_r(NULL, ",", &rest)) {
        if (server_model_find(name) == NULL)
            usage_error(state, "--models: there is no model '%s'", name);
        add_contender(arguments, name, NULL, state);
    }
}

/* "NAME=COMMAND" */
static void add_against(struct bench_arguments *arguments, char *text,
                        const struct argp_state *state)
{
    char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || strstr(equals, BENCH_PORT_PLACE) == NULL)
        usage_error(state, "--against: '%s' is not NAME=COMMAND with %s in it", text,
                    BENCH_PORT_PLACE);
    *equals = '\0';
    add_contender(arguments, text, equals + 1, state);
}

static void add_all_models(struct bench_arguments *arguments, const struct argp_state *state)
{
    for (const struct server_model *const *model = server_models; *model != NULL; model++) {
        const char *reason = NULL;
        if (server_model_check(*model, &reason) == 0)
            add_contender(arguments, (*model)->name, NULL, state);
        else
            warn("bench: %s is left out: %s", (*model)->name, reason);
    }
}

static const struct argp_child children[] = {{&load_options_parser, 0, NULL, 0}, {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct bench_arguments *arguments = state->input;
    struct bench_plan *plan = &arguments->plan;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &plan->load;
        return 0;
    case OPTION_MODELS:
        add_models(arguments, value, state);
        return 0;
    case OPTION_AGAINST:
        add_against(arguments, value, state);
        return 0;
    case OPTION_ROUNDS:
        plan->rounds = (unsigned)option_count(state, "rounds", value, 1, 100000);
        return 0;
    case OPTION_SLICE:
        plan->slice_ns = option_duration_ns(state, "slice", value, 10 * NS_PER_MS, 60 * NS_PER_S);
        return 0;
    case OPTION_SEED:
        plan->seed = plan->load.seed = option_count(state, "seed", value, 0, INT64_MAX);
        return 0;
    case OPTION_JSON:
        arguments->json_path = value;
        return 0;
    case OPTION_OUTPUT:
        arguments->output_folder = value;
        return 0;
    case ARGP_KEY_ARG:
        usage_error(state, "'%s' is no option; bench takes only those", value);
    case ARGP_KEY_END:
        if (plan->count == 0)
            add_all_models(arguments, state);
        load_options_check_descriptors(state, &plan->load, plan->count);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .children = children,
    .doc = "Starts the models side by side, loads them in turns in short slices in random order, "
           "and compares them: clients served, requests per second, latency, and the server's "
           "processor time per request, each with its spread over the rounds.\v"
           "Example:\n  proctor bench --models thread,epoll --clients 200 --output results/runs/a",
};

static void show_progress(unsigned round, unsigned rounds)
{
    if (!isatty(STDERR_FILENO))
        return;
    if (round == 0)
        fputs("warming up", stderr);
    else
        fprintf(stderr, "\rround %u of %u ", round, rounds);
    if (round == rounds)
        fputs("\r\033[K", stderr);
}

static void write_documents(const struct bench_arguments *arguments, const struct bench *bench)
{
    json_t *document = bench_describe(bench, &arguments->plan);
    if (arguments->output_folder != NULL) {
        char *path = text_of("%s/run.json", arguments->output_folder);
        command_write_document(json_incref(document), path);
        free(path);
    }
    command_write_document(document, arguments->json_path);
}

int bench_command(int argc, char **argv)
{
    struct bench_arguments arguments = {
        .plan =
            {
                .load = load_options_defaults(50 * NS_PER_MS),
                .rounds = 20,
                .lead_in_ns = 20 * NS_PER_MS,
                .slice_ns = 200 * NS_PER_MS,
                .seed = 1,
            },
    };
    command_parse(&parser, argc, argv, 0, &arguments);
    arguments.plan.contenders = arguments.contenders;
    if (arguments.plan.load.engine == NULL)
        arguments.plan.load.engine = calibration_choose(&arguments.plan.load);
    if (arguments.output_folder != NULL) {
        int error = document_make_folder(arguments.output_folder);
        if (error < 0)
            die(EXIT_PROCTOR_FAILED, "cannot make %s: %s", arguments.output_folder,
                strerror(-error));
    }

    struct bench bench;
    const char *name = NULL;
    int error = bench_run(&bench, &arguments.plan, show_progress, &name);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "bench: cannot start %s: %s", name, strerror(-error));
    bool document_on_stdout = arguments.json_path != NULL && strcmp(arguments.json_path, "-") == 0;
    bench_print(document_on_stdout ? stderr : stdout, &bench, &arguments.plan);
    write_documents(&arguments, &bench);
    int code = bench_is_sound(&bench) ? EXIT_YES : EXIT_SUBJECT_FAILED;
    bench_release(&bench);
    return code;
}
