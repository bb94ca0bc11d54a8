/* proctor bench: servers side by side. */
#include "cli/commands.h"
#include "cli/load_options.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/quantity.h"
#include "base/socket.h"
#include "bench/suite/campaign.h"
#include "bench/suite/campaign_text.h"
#include "bench/suite/suite_find.h"
#include "loadgen/engines/engines.h"
#include "results/document/document.h"
#include "results/document/run_document.h"
#include "servers/models/models.h"
#include "servers/server.h"
#include "text/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIN_CPUS_LEAST 4 /* with fewer, servers that use many processors would be crippled */
#define CONTENDERS_MAX 32

struct bench_arguments {
    struct campaign_plan plan;
    struct load_options load;
    struct contender contenders[CONTENDERS_MAX];
    struct suite suite; /* its name is NULL without --suite */
    struct cell cell;   /* measured without --suite */
    const char *suite_name;
    unsigned rounds; /* 0, here and below: as the suite says */
    unsigned repetitions;
    int64_t slice_ns;
    int64_t start_timeout_ns;
    const char *json_path;
    const char *output_folder;
    bool resumes;
};

/*** Contenders ***/

static void add_contender(struct bench_arguments *arguments, const struct contender *contender,
                          const struct argp_state *state)
{
    size_t *count = &arguments->plan.bench.count;
    for (size_t i = 0; i < *count; i++)
        if (strcmp(arguments->contenders[i].name, contender->name) == 0)
            usage_error(state, "'%s': two servers have this name; rename one", contender->name);
    if (*count == CONTENDERS_MAX)
        usage_error(state, "more than %d servers; leave some out", CONTENDERS_MAX);
    arguments->contenders[(*count)++] = *contender;
}

/* `place` is the option or the line of the suite that names it. */
static void add_model(struct bench_arguments *arguments, const char *name, const char *place,
                      const struct argp_state *state)
{
    if (server_model_find(name) == NULL)
        usage_error(state, "%s: unknown model '%s' (see 'proctor list models')", place, name);
    add_contender(arguments, &(struct contender){.name = name, .text = name}, state);
}

/* "A,B,C" */
static void read_models(struct argp_state *state, const struct command_option *option, char *value,
                        void *field)
{
    char *rest = NULL;
    (void)option;
    for (char *name = strtok_r(value, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest))
        add_model(field, name, "--models", state);
}

/* "NAME=COMMAND" or "NAME=HOST:PORT" */
static void read_against(struct argp_state *state, const struct command_option *option, char *value,
                         void *field)
{
    struct contender contender;
    char *equals = strchr(option_text(state, value), '=');
    if (equals == NULL || equals == value)
        usage_error(state, "--%s: '%s' is not NAME=COMMAND", option->name, value);
    *equals = '\0';
    if (contender_parse(&contender, value, equals + 1) < 0 || contender.kind == CONTENDER_MODEL)
        usage_error(state, "--%s: '%s' is neither HOST:PORT nor a command containing %s",
                    option->name, equals + 1, BENCH_PORT_PLACE);
    add_contender(field, &contender, state);
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

static int64_t first_of(int64_t one, int64_t other, int64_t usual)
{
    return one > 0 ? one : other > 0 ? other : usual;
}

/* Refuses cells that need more descriptors than proctor may open. */
static void check_descriptors(const struct campaign_plan *plan, const struct argp_state *state)
{
    size_t limit = socket_raise_descriptor_limit();
    for (size_t i = 0; i < plan->count; i++)
        if (cell_descriptors(&plan->cells[i]) + BENCH_OWN_DESCRIPTORS > limit)
            usage_error(state, "%s: needs %zu descriptors; the limit here is %zu",
                        plan->cells[i].name,
                        cell_descriptors(&plan->cells[i]) + BENCH_OWN_DESCRIPTORS, limit);
}

/* Checks --reference; the default is epoll, even if it is not measured. */
static void check_reference(struct campaign_plan *plan, const struct argp_state *state)
{
    bool is_measured = plan->reference == NULL;
    for (size_t i = 0; !is_measured && i < plan->bench.count; i++)
        is_measured = strcmp(plan->bench.contenders[i].name, plan->reference) == 0;
    if (!is_measured)
        usage_error(state, "--reference: '%s' is not measured; name one that is", plan->reference);
    if (plan->reference == NULL)
        plan->reference = "epoll";
}

/* Options go before what the suite says, and that before the defaults. */
static void settle_plan(struct bench_arguments *arguments, const struct argp_state *state)
{
    struct campaign_plan *plan = &arguments->plan;
    const struct suite *suite = &arguments->suite;
    char *trouble = NULL;
    arguments->load.plan.seed = plan->bench.seed;
    if (arguments->suite_name != NULL &&
        suite_load(&arguments->suite, arguments->suite_name, &arguments->load.plan, &trouble) < 0)
        usage_error(state, "--suite: %s", trouble);
    bool has_some = plan->bench.count > 0;
    for (char **model = suite->models; !has_some && model != NULL && *model != NULL; model++)
        add_model(arguments, *model, suite->models_place, state);
    if (plan->bench.count == 0)
        add_all_models(arguments, state);
    for (size_t i = 0; i < plan->bench.count; i++)
        arguments->contenders[i].start_timeout_ns = arguments->start_timeout_ns;
    plan->bench.contenders = arguments->contenders;
    plan->bench.rounds = (unsigned)first_of(arguments->rounds, suite->rounds, 20);
    plan->bench.repetitions = (unsigned)first_of(arguments->repetitions, suite->repetitions, 10);
    if (plan->bench.repetitions > plan->bench.rounds)
        plan->bench.repetitions = plan->bench.rounds;
    plan->bench.slice_ns = first_of(arguments->slice_ns, suite->slice_ns, 100 * NS_PER_MS);
    check_reference(plan, state);
    plan->suite = suite->name;
    plan->cells = suite->cells;
    plan->count = suite->count;
    if (suite->name == NULL) {
        cell_init(&arguments->cell, &arguments->load.plan);
        plan->cells = &arguments->cell;
        plan->count = 1;
    }
    check_descriptors(plan, state);
}

/*** Options ***/

#define FIELD(member) OPTION_FIELD(struct bench_arguments, member)

static const struct command_option table[] = {
    {"models", OPTION_CUSTOM, GROUP_SERVERS, "A,B,C",
     "Models to measure (default: the suite's; without a suite all that run here, or none with "
     "--against)",
     .read = read_models, .listed = "models"},
    {"against", OPTION_CUSTOM, GROUP_SERVERS, "NAME=COMMAND",
     "Measure this server too: a command in which {port} is replaced by the port to listen on, or "
     "the HOST:PORT of one that is running; may be repeated",
     .read = read_against},
    {"reference", OPTION_TEXT, GROUP_SERVERS, "NAME",
     "Server to rank the others against (default epoll)", FIELD(plan.reference)},
    {"start-timeout", OPTION_DURATION, GROUP_SERVERS, "TIME",
     "Wait this long for a command to listen (default 10s)", FIELD(start_timeout_ns),
     .least = NS_PER_MS, .most = HOUR_NS},
    {"suite", OPTION_TEXT, GROUP_MEASURING, "NAME",
     "Measure the cells of this suite, by name or file ('proctor list suites'); the default is one "
     "cell, set by the options above",
     FIELD(suite_name), .listed = "suites"},
    {"rounds", OPTION_COUNT, GROUP_MEASURING, "N", "Slices per server and cell (default 20)",
     FIELD(rounds), .least = 1, .most = 100000},
    {"repetitions", OPTION_COUNT, GROUP_MEASURING, "N",
     "Restart the servers this often in a cell (default 10)", FIELD(repetitions), .least = 1,
     .most = SUITE_REPETITIONS_MAX},
    {"slice", OPTION_DURATION, GROUP_MEASURING, "TIME", "Length of a slice (default 100ms)",
     FIELD(slice_ns), .least = 10 * NS_PER_MS, .most = 60 * NS_PER_S},
    {"seed", OPTION_COUNT, GROUP_MEASURING, "N", "Seed of order and payloads (default 1)",
     FIELD(plan.bench.seed), .most = INT64_MAX},
    {"json", OPTION_TEXT, GROUP_OUTPUT, "FILE", "Also write the run document; - is standard output",
     FIELD(json_path)},
    {"output", OPTION_TEXT, GROUP_OUTPUT, "DIR",
     "Write DIR/run.json after every cell; makes DIR if needed", FIELD(output_folder)},
    {"resume", OPTION_FLAG, GROUP_OUTPUT, NULL, "Keep the cells that DIR/run.json already has",
     FIELD(resumes)},
    {0},
};

/* A suite says which protocol its cells speak; --path and --ready are left to the options. */
static void check_protocol(const struct argp_state *state, const struct bench_arguments *arguments)
{
    static const char *const suites[] = {"protocol", "send", "expect", "expect-prefix"};
    if (arguments->suite_name == NULL) {
        load_options_check_protocol(state, &arguments->load.plan);
        return;
    }
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        if (options_is_given(state, suites[i]))
            usage_error(state, "--%s: with --suite, the suite says it; leave it out", suites[i]);
}

static void check(const struct argp_state *state, void *options)
{
    struct bench_arguments *arguments = options;
    load_options_check_threads(state, &arguments->load.plan);
    check_protocol(state, arguments);
    if (arguments->resumes && arguments->output_folder == NULL)
        usage_error(state, "--resume: missing --output DIR, the folder of the bench to resume");
    settle_plan(arguments, state);
}

const struct command_line bench_line = {
    .tables = {{table, 0},
               {load_options, offsetof(struct bench_arguments, load)},
               {load_protocol_options, offsetof(struct bench_arguments, load)}},
    .check = check,
    .most_used = {"against", "clients", "models", "suite"},
    .help = "Starts servers side by side, loads them in turns in short slices in random order, and "
            "compares them. Shown are clients served, requests per second, latency, and what a "
            "request and a connection cost the server, each with its spread over the rounds.\v"
            "Ctrl-C keeps what has been measured; --resume continues.\n\n"
            "Example:\n  proctor bench --suite quick --output results/runs/a",
};

/*** The bench ***/

struct run {
    char *document_path; /* of --output, written after every cell; or NULL */
    FILE *stream;        /* for tables */
    int64_t begin_ns;
};

static void show_progress(size_t done, size_t all, void *context)
{
    const struct run *run = context;
    if (!isatty(STDERR_FILENO))
        return;
    double elapsed_s = (double)(clock_now_ns() - run->begin_ns) / NS_PER_S;
    fprintf(stderr, "\rslice %zu of %zu", done, all);
    if (done > 0)
        fprintf(stderr, ", %.0f s to go  ", elapsed_s * (double)(all - done) / (double)done);
}

static void cell_done(const json_t *document, const char *cell, void *context)
{
    const struct run *run = context;
    command_clear_progress();
    campaign_print_cell(run->stream, document, cell);
    if (run->document_path != NULL)
        command_write_document(json_incref((json_t *)document), run->document_path);
}

/* The document to resume, or NULL. */
static json_t *read_earlier(const struct bench_arguments *arguments, const char *path)
{
    struct run_document document;
    if (!arguments->resumes || access(path, F_OK) < 0)
        return NULL;
    command_read_run(&document, path);
    json_t *earlier = json_incref(document.json);
    run_document_release(&document);
    return earlier;
}

/* Without --engine: the engine of the bench to resume, or the cheaper one. */
static void settle_engine(struct bench_arguments *arguments, const json_t *earlier)
{
    if (arguments->load.plan.engine != NULL)
        return;
    const char *name = run_text(earlier, "plan", "engine");
    const struct engine *engine = name != NULL ? engine_find(name) : NULL;
    if (engine == NULL)
        engine = engine_choose(&arguments->load.plan);
    arguments->cell.load.engine = engine;
    arguments->cell.load.engine_is_chosen = true;
    for (size_t i = 0; i < arguments->suite.count; i++) {
        arguments->suite.cells[i].load.engine = engine;
        arguments->suite.cells[i].load.engine_is_chosen = true;
    }
}

#define BUSY_SHARE 0.9 /* of the time; from there on the load may be what is measured */

/* Said once: where the load has no processor of its own, all servers suffer from it alike. */
static void say_how_busy(FILE *stream, const struct bench_plan *plan, const json_t *document)
{
    size_t i = 0;
    json_t *result = NULL;
    double most = 0;
    json_array_foreach (json_object_get(document, "results"), i, result)
        most = fmax(most, run_number(result, "generator", "busy_share"));
    if (!plan->pinning.is_on && most > BUSY_SHARE)
        fprintf(stream,
                "The load shares the processors with the servers, and a thread of it was busy for "
                "up to %.0f %%\nof the time: the highest rates may be its own.\n",
                100 * most);
}

static void explain(FILE *stream, const struct bench_plan *plan)
{
    char text[NUMBER_TEXT_BYTES];
    fprintf(stream,
            "Medians over %u slices of %s taken in turns, ± half the distance between the "
            "quartiles;\nservers started anew %u times. CPU, calls (system calls), switches "
            "(context switches)\nand bytes are the server's.\n",
            plan->rounds, number_duration_text(text, (double)plan->slice_ns), plan->repetitions);
}

static int run_bench(struct bench_arguments *arguments)
{
    struct run run = {
        .stream = command_text_stream(arguments->json_path),
        .begin_ns = clock_now_ns(),
    };
    if (arguments->output_folder != NULL) {
        command_make_folder(arguments->output_folder);
        run.document_path = text_of("%s/run.json", arguments->output_folder);
    }
    command_check_output(run.document_path);
    command_check_output(arguments->json_path);
    json_t *earlier = read_earlier(arguments, run.document_path);
    settle_engine(arguments, earlier);
    char *reason = NULL;
    if (earlier != NULL && campaign_check_earlier(&arguments->plan, earlier, &reason) < 0)
        die(EXIT_USAGE, "%s: %s", run.document_path, reason);
    struct campaign_watch watch = {show_progress, cell_done, &run};
    json_t *document = campaign_run(&arguments->plan, earlier, &watch);
    explain(run.stream, &arguments->plan.bench);
    say_how_busy(run.stream, &arguments->plan.bench, document);
    int code = campaign_is_sound(document) ? EXIT_YES : EXIT_SUBJECT_FAILED;
    command_write_document(document, arguments->json_path);
    json_decref(earlier);
    free(run.document_path);
    return code;
}

int bench_command(int argc, char **argv)
{
    struct bench_arguments arguments = {
        .plan.bench = {.lead_in_ns = 20 * NS_PER_MS, .seed = 1},
        .start_timeout_ns = START_TIMEOUT_NS,
    };
    load_options_init(&arguments.load, 50 * NS_PER_MS);
    options_parse(&bench_line, argc, argv, &arguments);
    pinning_choose(&arguments.plan.bench.pinning, PIN_CPUS_LEAST);
    arguments.plan.bench.is_stopped = command_stop_on_signals();
    int code = run_bench(&arguments);
    if (*arguments.plan.bench.is_stopped)
        warn("bench: stopped; what was measured is kept%s",
             arguments.output_folder != NULL ? "; --resume continues" : "");
    suite_release(&arguments.suite);
    cell_release(&arguments.cell);
    return code;
}
