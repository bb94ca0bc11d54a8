/* proctor load: one load on one server. */
#include "cli/commands.h"
#include "cli/load_options.h"
#include "cli/load_protocol.h"

#include "base/clock.h"
#include "base/message.h"
#include "base/quantity.h"
#include "loadgen/calibration.h"
#include "loadgen/load.h"
#include "loadgen/load_text.h"
#include "loadgen/self_test.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOUR_NS (3600 * NS_PER_S)

struct load_arguments {
    struct load_plan plan;
    int64_t warmup_ns;
    int64_t duration_ns;
    struct load_files files;
    bool has_target;
    bool has_arrivals;
    bool is_self_test;
    pid_t server_pid; /* 0: not known */
    bool is_strict;
};

enum option_key {
    OPTION_DURATION = 'd',
    OPTION_WARMUP = 'w' + 256,
    OPTION_SEED,
    OPTION_RATE,
    OPTION_ARRIVALS,
    OPTION_SELF_TEST,
    OPTION_PID,
    OPTION_STRICT,
    OPTION_FILE, /* the first of LOAD_FILES */
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
    {"strict", OPTION_STRICT, NULL, 0, "Exit with 4 if the figures are suspect", 0},
    {"self-test", OPTION_SELF_TEST, NULL, 0,
     "No HOST:PORT: hold the generator itself against servers of which the delays are known", 0},
    {"json", OPTION_FILE + LOAD_FILE_JSON, "FILE", 0,
     "Write the result document too; - is standard output", 0},
    {"hgrm", OPTION_FILE + LOAD_FILE_HGRM, "FILE", 0,
     "Write the percentiles of the latency as HdrHistogram does", 0},
    {"hlog", OPTION_FILE + LOAD_FILE_HLOG, "FILE", 0,
     "Write the histograms as an HdrHistogram log (V2)", 0},
    {"csv", OPTION_FILE + LOAD_FILE_CSV, "FILE", 0,
     "Write the percentiles of the latency, comma-separated", 0},
    {0},
};

static const struct argp_child children[] = {
    {&load_options_parser, 0, NULL, 0},
    {&load_protocol_parser, 0, NULL, 0},
    {0},
};

static void take_target(const struct argp_state *state, struct load_arguments *arguments,
                        const char *value)
{
    struct address *address = &arguments->plan.address;
    if (arguments->has_target)
        usage_error(state, "one server at a time: '%s' is too many", value);
    if (address_parse(value, address) < 0 || address_port(address) == 0)
        usage_error(state, "'%s' is not HOST:PORT with a numeric host and a port from 1 to 65535",
                    value);
    arguments->has_target = true;
}

/* Ends the program if an output file cannot be made, too: better before the load than after it. */
static void check(const struct argp_state *state, const struct load_arguments *arguments)
{
    if (load_files_on_stdout(&arguments->files) > 1)
        usage_error(state, "only one of --json, --hgrm, --hlog and --csv can be -");
    if (arguments->is_self_test && arguments->has_target)
        usage_error(state, "--self-test brings its own servers; no HOST:PORT");
    if (!arguments->has_target && !arguments->is_self_test)
        usage_error(state, "which server? give HOST:PORT");
    if (arguments->has_arrivals && arguments->plan.rate_per_s <= 0)
        usage_error(state, "--arrivals: only with --rate");
    load_options_check_descriptors(state, &arguments->plan, 1);
    for (size_t i = 0; i < LOAD_FILES; i++)
        command_check_output(arguments->files.paths[i]);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct load_arguments *arguments = state->input;
    struct load_plan *plan = &arguments->plan;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = plan;
        state->child_inputs[1] = plan;
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
    case OPTION_STRICT:
        arguments->is_strict = true;
        return 0;
    case OPTION_PID:
        arguments->server_pid = (pid_t)option_count(state, "pid", value, 1, INT32_MAX);
        return 0;
    case OPTION_SELF_TEST:
        arguments->is_self_test = true;
        return 0;
    case OPTION_FILE + LOAD_FILE_JSON:
    case OPTION_FILE + LOAD_FILE_HGRM:
    case OPTION_FILE + LOAD_FILE_HLOG:
    case OPTION_FILE + LOAD_FILE_CSV:
        arguments->files.paths[key - OPTION_FILE] = value;
        return 0;
    case ARGP_KEY_ARG:
        take_target(state, arguments, value);
        return 0;
    case ARGP_KEY_END:
        check(state, arguments);
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
    .doc = "Loads a server: each client sends a request, waits for its reply, checks every byte of "
           "it, and sends the next (a closed loop). With --rate requests are due by a schedule "
           "instead (an open loop), and latency counts from when they were due. Exits with 0 if "
           "all went well; 1 if anything failed, nothing was answered, or HTTP said 4xx or 5xx; 4 "
           "with --strict if the figures are suspect. docs/load.md says what each figure means.\v"
           "Example:\n  proctor load 127.0.0.1:9500 --clients 100 --duration 5s --json run.json\n"
           "  proctor load 127.0.0.1:9500 --rate 10k --arrivals poisson",
};

static int self_test(void)
{
    int off = self_test_run(stdout);
    if (off < 0)
        die(EXIT_PROCTOR_FAILED, "load: the self-test cannot run: %s", strerror(-off));
    return off == 0 ? EXIT_YES : EXIT_SUBJECT_FAILED;
}

static struct load *running;

static void stop_running(int number)
{
    load_stop(running);
    signal(number, SIG_DFL); /* the second time is meant otherwise */
}

/* SIGINT and SIGTERM end the load in order, and what was measured is told. NULL: no load any
 * more. */
static void stop_on_signals(struct load *load)
{
    struct sigaction action = {.sa_handler = load != NULL ? stop_running : SIG_DFL};
    if (load != NULL)
        running = load;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void show(const struct load_interval *interval, unsigned clients)
{
    char rate[QUANTITY_TEXT_BYTES];
    char p50[QUANTITY_TEXT_BYTES];
    char p99[QUANTITY_TEXT_BYTES];
    const struct histogram *latency = &interval->latency;
    double length_s = (double)interval->length_ns / 1e9;
    fprintf(stderr, "%6.1fs %-6s  %7s/s  p50 %7s  p99 %7s  %u of %u served  %" PRIu64 " failed\n",
            (double)(interval->begin_ns + interval->length_ns) / 1e9, interval->phase,
            quantity_count_text(length_s > 0 ? (double)latency->total / length_s : 0, rate),
            quantity_duration_text((double)histogram_quantile_ns(latency, 0.5), p50),
            quantity_duration_text((double)histogram_quantile_ns(latency, 0.99), p99),
            interval->clients_served, clients, interval->failed);
}

static void note_interval(const struct load_interval *interval, void *context)
{
    struct load_report *report = context;
    if (interval->latency.total > 0)
        histogram_log_add(&report->log, interval->phase, interval->begin_ns, interval->length_ns,
                          &interval->latency);
    if (isatty(STDERR_FILENO))
        show(interval, report->plan->clients);
}

static void measure(const struct load_arguments *arguments, struct load_report *report)
{
    struct server_meter meter;
    report->has_cost = arguments->server_pid > 0;
    if (report->has_cost && server_meter_open(&meter, arguments->server_pid) < 0)
        die(EXIT_USAGE, "load: --pid: there is no process %d", (int)arguments->server_pid);
    struct load *load = load_new(report->plan);
    stop_on_signals(load);
    if (isatty(STDERR_FILENO) || arguments->files.paths[LOAD_FILE_HLOG] != NULL)
        load_watch(load, NS_PER_S, note_interval, report);
    load_connect(load);
    report->log.start_ns = clock_wall_ns();
    if (report->has_cost)
        server_meter_begin(&meter);
    load_measure(load, arguments->warmup_ns, arguments->duration_ns, &report->result);
    if (report->has_cost) {
        const struct load_result *result = &report->result;
        server_meter_end(&meter, result->answered, result->totals.clients_connected, &report->cost);
        server_meter_close(&meter);
    }
    stop_on_signals(NULL);
    load_free(load);
}

static void measure_and_judge(const struct load_arguments *arguments, struct load_report *report)
{
    struct surroundings surroundings = {
        .begin = machine_time(),
        .clock = machine_clock(),
        .server_is_known = arguments->server_pid > 0,
    };
    measure(arguments, report);
    surroundings.end = machine_time();
    surroundings.own_cpu_ns = report->result.generator_cpu_ns;
    if (report->has_cost)
        surroundings.own_cpu_ns +=
            (int64_t)(1e3 * report->cost.cpu_us_per_request * (double)report->result.answered);
    judgement_make(&report->judgement, &arguments->plan, &report->result, &surroundings);
    free(surroundings.clock);
}

static int exit_code(const struct load_arguments *arguments, const struct load_report *report)
{
    const struct load_result *result = &report->result;
    const uint64_t *statuses = result->totals.by_status_class;
    if (failures_total(&result->totals.failures) > 0 || result->window_answered == 0 ||
        statuses[4] + statuses[5] > 0)
        return EXIT_SUBJECT_FAILED;
    return arguments->is_strict && report->judgement.verdict != VALID ? EXIT_INCONCLUSIVE
                                                                      : EXIT_YES;
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
    if (arguments.plan.engine == NULL)
        arguments.plan.engine = calibration_choose(&arguments.plan);

    struct load_report report = {
        .plan = &arguments.plan,
        .warmup_ns = arguments.warmup_ns,
        .duration_ns = arguments.duration_ns,
    };
    load_result_init(&report.result);
    measure_and_judge(&arguments, &report);
    const char *path = NULL;
    int error = load_text_write(&arguments.files, &report, &path);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot write %s: %s", path, strerror(-error));
    int code = exit_code(&arguments, &report);
    judgement_release(&report.judgement);
    histogram_log_release(&report.log);
    load_result_release(&report.result);
    return code;
}
