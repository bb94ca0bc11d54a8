/* proctor load: one load on one server. */
#include "cli/commands.h"
#include "cli/load_options.h"

#include "base/clock.h"
#include "base/message.h"
#include "base/quantity.h"
#include "bench/server_cost.h"
#include "loadgen/load.h"
#include "loadgen/load_document.h"
#include "loadgen/self_test.h"
#include "results/document.h"
#include "results/histogram_log.h"
#include "results/output_file.h"
#include "results/percentile_text.h"

#include <stdio.h>
#include <string.h>

#define HOUR_NS (3600 * NS_PER_S)

struct load_arguments {
    struct load_plan plan;
    int64_t warmup_ns;
    int64_t duration_ns;
    const char *json_path;
    const char *hgrm_path;
    const char *hlog_path;
    const char *csv_path;
    bool has_target;
    bool has_arrivals;
    bool is_self_test;
    pid_t server_pid; /* 0: not known */
};

enum option_key {
    OPTION_DURATION = 'd',
    OPTION_WARMUP = 'w' + 256,
    OPTION_SEED,
    OPTION_RATE,
    OPTION_ARRIVALS,
    OPTION_SELF_TEST,
    OPTION_PID,
    OPTION_JSON,
    OPTION_HGRM,
    OPTION_HLOG,
    OPTION_CSV,
};

static const struct argp_option options[] = {
    {"duration", OPTION_DURATION, "TIME", 0, "Length of the measured window (default 10s)", 0},
    {"warmup", OPTION_WARMUP, "TIME", 0, "Load before the window, not measured (default 1s)", 0},
    {"rate", OPTION_RATE, "N[/s|/min|/h]", 0,
     "Open loop: send this many requests, whatever the replies do", 0},
    {"arrivals", OPTION_ARRIVALS, "LAW", 0, "When they are due: constant (default) or poisson", 0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the payloads and of the schedule (default 1)", 0},
    {"pid", OPTION_PID, "PID", 0,
     "The server's process: say what it and its descendants spent per request", 0},
    {"self-test", OPTION_SELF_TEST, NULL, 0,
     "No HOST:PORT: hold the generator itself against servers of which the delays are known", 0},
    {"json", OPTION_JSON, "FILE", 0, "Write the result document too; - is standard output", 0},
    {"hgrm", OPTION_HGRM, "FILE", 0, "Write the percentiles of the latency as HdrHistogram does",
     0},
    {"hlog", OPTION_HLOG, "FILE", 0, "Write the histograms as an HdrHistogram log (V2)", 0},
    {"csv", OPTION_CSV, "FILE", 0, "Write the percentiles of the latency, comma-separated", 0},
    {0},
};

static const struct argp_child children[] = {{&load_options_parser, 0, NULL, 0}, {0}};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct load_arguments *arguments = state->input;
    struct load_plan *plan = &arguments->plan;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = plan;
        return 0;
    case OPTION_DURATION:
        arguments->duration_ns =
            option_duration_ns(state, "duration", value, NS_PER_MS, 24 * HOUR_NS);
        return 0;
    case OPTION_WARMUP:
        arguments->warmup_ns = option_duration_ns(state, "warmup", value, 0, HOUR_NS);
        return 0;
    case OPTION_SEED:
        plan->seed = option_count(state, "seed", value, 0, INT64_MAX);
        return 0;
    case OPTION_JSON:
        arguments->json_path = value;
        return 0;
    case OPTION_RATE:
        if (quantity_parse_rate_per_s(value, &plan->rate_per_s) < 0 || plan->rate_per_s <= 0)
            usage_error(state, "--rate: '%s' is not a rate (like 10k or 1/min)", value);
        return 0;
    case OPTION_ARRIVALS:
        arguments->has_arrivals = true;
        if (strcmp(value, "poisson") == 0)
            plan->arrivals = ARRIVALS_POISSON;
        else if (strcmp(value, "constant") != 0)
            usage_error(state, "--arrivals: '%s' is neither constant nor poisson", value);
        return 0;
    case OPTION_PID:
        arguments->server_pid = (pid_t)option_count(state, "pid", value, 1, INT32_MAX);
        return 0;
    case OPTION_SELF_TEST:
        arguments->is_self_test = true;
        return 0;
    case OPTION_HGRM:
        arguments->hgrm_path = value;
        return 0;
    case OPTION_HLOG:
        arguments->hlog_path = value;
        return 0;
    case OPTION_CSV:
        arguments->csv_path = value;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->has_target)
            usage_error(state, "one server at a time: '%s' is too many", value);
        if (address_parse(value, &plan->address) < 0 || address_port(&plan->address) == 0)
            usage_error(state, "'%s' is not HOST:PORT with a numeric host", value);
        arguments->has_target = true;
        return 0;
    case ARGP_KEY_END:
        if (arguments->is_self_test && arguments->has_target)
            usage_error(state, "--self-test brings its own servers; no HOST:PORT");
        if (!arguments->has_target && !arguments->is_self_test)
            usage_error(state, "which server? give HOST:PORT");
        if (arguments->has_arrivals && plan->rate_per_s <= 0)
            usage_error(state, "--arrivals: only with --rate");
        load_options_check_descriptors(state, plan, 1);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .children = children,
    .args_doc = "HOST:PORT",
    .doc = "Loads an echo server: each client sends a request, waits for its reply, checks every "
           "byte of it, and sends the next (a closed loop). With --rate requests are due by a "
           "schedule instead (an open loop), and latency counts from when they were due. Exits "
           "with 1 if anything failed or nobody was served.\v"
           "Example:\n  proctor load 127.0.0.1:9500 --clients 100 --duration 5s --json run.json\n"
           "  proctor load 127.0.0.1:9500 --rate 10k --arrivals poisson",
};

/* `cost` is NULL if the server's process is not known. */
static void write_document(const struct load_arguments *arguments, const struct load_result *result,
                           const struct server_cost *cost)
{
    json_t *described = load_describe(&arguments->plan, result);
    if (cost != NULL)
        json_object_set_new(described, "server", server_cost_describe(cost));
    json_t *document = document_new(SCHEMA_RUN);
    json_object_set_new(document, "plan",
                        json_pack("{s:s, s:f, s:f}", "command", "load",           //
                                  "warmup_s", (double)arguments->warmup_ns / 1e9, //
                                  "duration_s", (double)arguments->duration_ns / 1e9));
    json_object_set_new(document, "seed", json_integer((json_int_t)arguments->plan.seed));
    json_object_set_new(document, "results", json_pack("[o]", described));
    command_write_document(document, arguments->json_path);
}

static int write_hgrm(FILE *stream, const void *latency)
{
    return percentile_text_write_hgrm(stream, latency);
}

static int write_csv(FILE *stream, const void *latency)
{
    return percentile_text_write_csv(stream, latency);
}

static int write_log(FILE *stream, const void *content)
{
    const struct load_result *result = content;
    struct histogram_log_entry entries[] = {
        {.tag = "latency", .histogram = &result->latency},
        {.tag = "connect", .histogram = &result->connect},
    };
    entries[0].length_ns = entries[1].length_ns = result->window_ns;
    struct histogram_log log = {
        .start_ns = clock_wall_ns() - (clock_now_ns() - result->window_begin_ns),
        .entries = entries,
        .count = sizeof entries / sizeof entries[0],
    };
    return histogram_log_write(stream, &log);
}

static void write_histograms(const struct load_arguments *arguments,
                             const struct load_result *result)
{
    const struct {
        const char *path;
        output_function *output;
        const void *content;
    } files[] = {
        {arguments->hgrm_path, write_hgrm, &result->latency},
        {arguments->csv_path, write_csv, &result->latency},
        {arguments->hlog_path, write_log, result},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (files[i].path == NULL)
            continue;
        int error = output_file_write(files[i].path, files[i].output, files[i].content);
        if (error < 0)
            die(EXIT_PROCTOR_FAILED, "cannot write %s: %s", files[i].path, strerror(-error));
    }
}

/* Does one of the files go to standard output, so that the text must not? */
static bool takes_stdout(const struct load_arguments *arguments)
{
    const char *const paths[] = {arguments->json_path, arguments->hgrm_path, arguments->hlog_path,
                                 arguments->csv_path};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (paths[i] != NULL && strcmp(paths[i], "-") == 0)
            return true;
    return false;
}

static void say_unreachable(const struct load_arguments *arguments, const struct failures *failures)
{
    char address[ADDRESS_TEXT_BYTES];
    warn("load: none of %u clients could connect to %s", arguments->plan.clients,
         address_text(&arguments->plan.address, address));
    load_print_failures(stderr, "  ", failures);
}

static int self_test(void)
{
    int off = self_test_run(stdout);
    if (off < 0)
        die(EXIT_PROCTOR_FAILED, "load: the self-test cannot run: %s", strerror(-off));
    return off == 0 ? EXIT_YES : EXIT_SUBJECT_FAILED;
}

static void run(const struct load_arguments *arguments, struct load_result *result,
                struct server_cost *cost)
{
    struct server_meter meter;
    bool is_metered = arguments->server_pid > 0;
    if (is_metered && server_meter_open(&meter, arguments->server_pid) < 0)
        die(EXIT_USAGE, "load: --pid: there is no process %d", (int)arguments->server_pid);
    struct load *load = load_new(&arguments->plan);
    load_connect(load);
    if (is_metered)
        server_meter_begin(&meter);
    load_measure(load, arguments->warmup_ns, arguments->duration_ns, result);
    if (is_metered) {
        server_meter_end(&meter, result->answered, result->totals.clients_connected, cost);
        server_meter_close(&meter);
    }
    load_free(load);
}

static void print(FILE *stream, const struct load_arguments *arguments,
                  const struct load_result *result, const struct server_cost *cost)
{
    load_print(stream, &arguments->plan, result);
    if (arguments->server_pid > 0)
        server_cost_print(stream, cost);
}

int load_command(int argc, char **argv)
{
    struct load_arguments arguments = {
        .plan = load_options_defaults(200 * NS_PER_MS),
        .warmup_ns = NS_PER_S,
        .duration_ns = 10 * NS_PER_S,
    };
    command_parse(&parser, argc, argv, 0, &arguments);

    if (arguments.is_self_test)
        return self_test();

    struct load_result result;
    struct server_cost cost;
    load_result_init(&result);
    run(&arguments, &result, &cost);

    if (result.totals.clients_connected == 0)
        say_unreachable(&arguments, &result.totals.failures);
    else
        print(takes_stdout(&arguments) ? stderr : stdout, &arguments, &result, &cost);
    if (arguments.json_path != NULL)
        write_document(&arguments, &result, arguments.server_pid > 0 ? &cost : NULL);
    write_histograms(&arguments, &result);
    bool failed = failures_total(&result.totals.failures) > 0 || result.window_answered == 0;
    load_result_release(&result);
    return failed ? EXIT_SUBJECT_FAILED : EXIT_YES;
}
