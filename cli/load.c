/* proctor load: one load on one server. */
#include "cli/commands.h"
#include "cli/load_options.h"

#include "base/clock.h"
#include "base/message.h"
#include "base/quantity.h"
#include "loadgen/engines/engines.h"
#include "loadgen/load.h"
#include "loadgen/load_text.h"
#include "loadgen/readiness.h"
#include "loadgen/self_test.h"
#include "text/number.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct load_arguments {
    struct load_options load;
    int64_t warmup_ns;
    int64_t duration_ns;
    struct load_files files;
    bool is_self_test;
    pid_t server_pid; /* 0: not known */
    bool is_strict;
};

static void read_rate(struct argp_state *state, const struct command_option *option, char *value,
                      void *field)
{
    double *rate_per_s = field;
    if (quantity_parse_rate_per_s(value, rate_per_s) < 0 || *rate_per_s <= 0)
        usage_error(state, "--%s: '%s' is not a rate (like 10k or 1/min)", option->name, value);
}

static const char *const laws[] = {
    [ARRIVALS_CONSTANT] = "constant",
    [ARRIVALS_POISSON] = "poisson",
};

#define FIELD(member) OPTION_FIELD(struct load_arguments, member)

static const struct command_option table[] = {
    {"duration", OPTION_DURATION, GROUP_SCHEDULE, "TIME", "Measure for this long (default 10s)",
     FIELD(duration_ns), .least = NS_PER_MS, .most = 24 * HOUR_NS, .letter = 'd'},
    {"warmup", OPTION_DURATION, GROUP_SCHEDULE, "TIME",
     "Load the server this long before measuring (default 1s)", FIELD(warmup_ns), .most = HOUR_NS},
    {"rate", OPTION_CUSTOM, GROUP_SCHEDULE, "N[/s|/min|/h]",
     "Open loop: send this many requests, however slow the replies", FIELD(load.plan.rate_per_s),
     .read = read_rate},
    {"arrivals", OPTION_WORD, GROUP_SCHEDULE, "LAW",
     "Space the requests of --rate by this law: constant (default) or poisson",
     FIELD(load.plan.arrivals), .words = laws, .most = ARRIVALS_POISSON},
    {"seed", OPTION_COUNT, GROUP_MEASURING, "N", "Seed of payloads and schedule (default 1)",
     FIELD(load.plan.seed), .most = INT64_MAX},
    {"pid", OPTION_COUNT, GROUP_MEASURING, "PID",
     "Also measure what this server process and its descendants spend per request",
     FIELD(server_pid), .least = 1, .most = INT32_MAX},
    {"self-test", OPTION_FLAG, GROUP_MEASURING, NULL,
     "Check the load generator itself against servers with known delays; takes no HOST:PORT",
     FIELD(is_self_test)},
    {"strict", OPTION_FLAG, GROUP_OUTPUT, NULL, "Exit with 4 if the figures are suspect",
     FIELD(is_strict)},
    {"json", OPTION_TEXT, GROUP_OUTPUT, "FILE", "Also write the run document; - is standard output",
     FIELD(files.paths[LOAD_FILE_JSON])},
    {"hgrm", OPTION_TEXT, GROUP_OUTPUT, "FILE",
     "Write latency percentiles in HdrHistogram's format", FIELD(files.paths[LOAD_FILE_HGRM])},
    {"hlog", OPTION_TEXT, GROUP_OUTPUT, "FILE", "Write the histograms as an HdrHistogram log (V2)",
     FIELD(files.paths[LOAD_FILE_HLOG])},
    {"csv", OPTION_TEXT, GROUP_OUTPUT, "FILE", "Write latency percentiles as CSV",
     FIELD(files.paths[LOAD_FILE_CSV])},
    {0},
};

static void take_target(struct argp_state *state, char *value, void *options)
{
    struct load_arguments *arguments = options;
    struct address *address = &arguments->load.plan.address;
    if (address_parse(value, address) < 0 || address_port(address) == 0)
        usage_error(state, "'%s' is not HOST:PORT with a numeric host and a port from 1 to 65535",
                    value);
}

static void check(const struct argp_state *state, void *options)
{
    const struct load_arguments *arguments = options;
    const struct load_plan *plan = &arguments->load.plan;
    bool has_target = address_port(&plan->address) != 0;
    if (arguments->is_self_test && has_target)
        usage_error(state, "--self-test: it starts its own servers; give no HOST:PORT");
    if (!has_target && !arguments->is_self_test)
        usage_error(state, "missing HOST:PORT: the address of the server");
    if (options_is_given(state, "arrivals") && plan->rate_per_s <= 0)
        usage_error(state, "--arrivals: only with --rate");
    load_options_check(state, plan, 1);
    if (load_files_on_stdout(&arguments->files) > 1)
        usage_error(state, "--json, --hgrm, --hlog, --csv: only one of these can be -");
    for (size_t i = 0; i < LOAD_FILES; i++)
        command_check_output(arguments->files.paths[i]);
}

const struct command_line load_line = {
    .tables = {{load_options, offsetof(struct load_arguments, load)},
               {load_protocol_options, offsetof(struct load_arguments, load)},
               {table, 0}},
    .arguments = "HOST:PORT",
    .argument_count = 1,
    .surplus = "only one server can be loaded",
    .take_argument = take_target,
    .check = check,
    .most_used = {"clients", "duration", "json", "protocol", "rate", "send"},
    .help = "Loads a server: each client sends a request, waits for its reply, checks every byte "
            "of it, and sends the next (a closed loop). With --rate requests are due by a schedule "
            "(an open loop), and latency counts from when they were due. The exit code is 0 if all "
            "went well; 1 if anything failed, nothing was answered, or HTTP said 4xx or 5xx; 4 "
            "with --strict if the figures are suspect. docs/load.md explains every figure.\v"
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
    signal(number, SIG_DFL); /* a second signal ends the program */
}

/* SIGINT and SIGTERM stop this load; its figures so far are still reported. NULL: they end the
 * program again. */
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
    char rate[NUMBER_TEXT_BYTES];
    char p50[NUMBER_TEXT_BYTES];
    char p99[NUMBER_TEXT_BYTES];
    const struct histogram *latency = &interval->latency;
    double length_s = (double)interval->length_ns / 1e9;
    fprintf(stderr, "%6.1fs %-6s  %7s/s  p50 %7s  p99 %7s  %u of %u served  %" PRIu64 " failed\n",
            (double)(interval->begin_ns + interval->length_ns) / 1e9, interval->phase,
            number_count_text(rate, length_s > 0 ? (double)latency->total / length_s : 0),
            number_duration_text(p50, (double)histogram_quantile_ns(latency, 0.5)),
            number_duration_text(p99, (double)histogram_quantile_ns(latency, 0.99)),
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

/* A server that answers otherwise may only be loading its data. One that does not answer at all is
 * loaded at once: the figures say so. */
static void await_ready(const struct load_plan *plan)
{
    char address[ADDRESS_TEXT_BYTES];
    char *came = NULL;
    int64_t deadline_ns = clock_now_ns() + plan->connect_timeout_ns;
    while (readiness_is_awaited(plan) &&
           readiness_try(plan, plan->connect_timeout_ns, &came) == ANSWER_OTHER &&
           clock_now_ns() < deadline_ns) {
        free(came);
        came = NULL;
        poll(NULL, 0, READINESS_PAUSE_NS / NS_PER_MS);
    }
    if (came != NULL && clock_now_ns() >= deadline_ns)
        warn("load: %s does not answer as expected (%s); it is loaded all the same",
             address_text(&plan->address, address), came);
    free(came);
}

static void measure(const struct load_arguments *arguments, struct load_report *report)
{
    struct server_meter meter;
    report->has_cost = arguments->server_pid > 0;
    if (report->has_cost && server_meter_open(&meter, arguments->server_pid) < 0)
        die(EXIT_USAGE, "load: --pid: no process %d", (int)arguments->server_pid);
    await_ready(report->plan);
    struct load *load = load_new(report->plan);
    report->engine = load_engine(load);
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
    struct machine_time begin = machine_time();
    struct surroundings surroundings = {
        .clock = machine_clock(),
        .server_is_known = arguments->server_pid > 0,
    };
    measure(arguments, report);
    surroundings.machine = machine_time_since(&begin);
    surroundings.own_cpu_ns = report->result.generator_cpu_ns;
    if (report->has_cost)
        surroundings.own_cpu_ns +=
            (int64_t)(1e3 * report->cost.of[COST_CPU] * (double)report->result.answered);
    judgement_make(&report->judgement, report->plan, &report->result, &surroundings);
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
        .warmup_ns = NS_PER_S,
        .duration_ns = 10 * NS_PER_S,
    };
    struct load_plan *plan = &arguments.load.plan;
    load_options_init(&arguments.load, 200 * NS_PER_MS);
    options_parse(&load_line, argc, argv, &arguments);
    if (arguments.is_self_test)
        return self_test();
    plan->may_take_another = plan->engine == NULL;
    if (plan->engine == NULL)
        plan->engine = engine_choose(plan), plan->engine_is_chosen = true;

    struct load_report report = {
        .plan = plan,
        .warmup_ns = arguments.warmup_ns,
        .duration_ns = arguments.duration_ns,
    };
    load_result_init(&report.result);
    measure_and_judge(&arguments, &report);
    const char *path = NULL;
    int error = load_text_write(&arguments.files, &report, &path);
    command_check_written(error, path);
    int code = exit_code(&arguments, &report);
    judgement_release(&report.judgement);
    histogram_log_release(&report.log);
    load_result_release(&report.result);
    return code;
}
