/* proctor compare: has a server become worse? */
#include "cli/commands.h"
#include "cli/compare_counted.h"
#include "cli/load_options.h"

#include "base/clock.h"
#include "base/message.h"
#include "bench/compare/comparison.h"
#include "bench/compare/document.h"
#include "bench/compare/text.h"
#include "loadgen/engines/engines.h"
#include "servers/models/models.h"
#include "servers/server.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MUST_CATCH     0.05
#define TIME_TELLS     0.01 /* up to so much a change does not count where time is measured */
#define PIN_CPUS_LEAST 2    /* one for the servers, one for the load */

struct compare_arguments {
    struct comparison_plan plan;
    struct contender contenders[SIDES]; /* the control is a second BASE */
    struct load_options load;
    size_t given;
    double must_catch;
    int64_t start_timeout_ns;
    const char *json_path;
    bool explains;
    bool is_strict;
    bool is_unpinned;
    bool is_counted;
    bool is_both;
    bool profiles;
    unsigned layouts;
};

/* "5%" or "5": above 1 %, below which changes do not count, up to 100 %; counted it may be less. */
static void read_percent(struct argp_state *state, const struct command_option *option, char *value,
                         void *field)
{
    char *end = NULL;
    double percent = strtod(value, &end);
    if (end == value || (*end != '\0' && strcmp(end, "%") != 0) ||
        !(percent >= 0.05 && percent <= 100))
        usage_error(state, "--%s: '%s' is not a share from 0.05%% to 100%% (like 5%%)",
                    option->name, value);
    *(double *)field = percent / 100;
}

#define FIELD(member) OPTION_FIELD(struct compare_arguments, member)

static const struct command_option table[] = {
    {"start-timeout", OPTION_DURATION, GROUP_SERVERS, "TIME",
     "Wait this long for a command to listen (default 10s)", FIELD(start_timeout_ns),
     .least = NS_PER_MS, .most = HOUR_NS},
    {"budget", OPTION_DURATION, GROUP_MEASURING, "TIME", "Take at most this long (default 60s)",
     FIELD(plan.budget_ns), .least = NS_PER_S, .most = 24LL * 3600 * NS_PER_S},
    {"must-catch", OPTION_CUSTOM, GROUP_MEASURING, "PERCENT",
     "Smallest change for the worse that must not be missed (default 5%, counted 0.5%)",
     FIELD(must_catch), .read = read_percent},
    {"slice", OPTION_DURATION, GROUP_MEASURING, "TIME",
     "Length of a slice (default: 20 times BASE's median latency, from 10ms to 500ms)",
     FIELD(plan.bench.slice_ns), .least = 10 * NS_PER_MS, .most = 60 * NS_PER_S},
    {"seed", OPTION_COUNT, GROUP_MEASURING, "N", "Seed of order and payloads (default 1)",
     FIELD(plan.bench.seed), .most = INT64_MAX},
    {"no-pinning", OPTION_FLAG, GROUP_MEASURING, NULL,
     "Let servers and load run on all processors (default: each on its half)", FIELD(is_unpinned)},
    {"counted", OPTION_FLAG, GROUP_MEASURING, NULL,
     "Count instructions in a small virtual machine instead: exact, beside whatever load",
     FIELD(is_counted)},
    {"both", OPTION_FLAG, GROUP_MEASURING, NULL,
     "Measure time, then count, and explain where the two verdicts differ", FIELD(is_both)},
    {"repeat", OPTION_COUNT, GROUP_MEASURING, "N",
     "With --counted or --both: in so many layouts of memory (default 3)", FIELD(layouts),
     .least = 1, .most = LAYOUTS_MAX},
    {"profile", OPTION_FLAG, GROUP_OUTPUT, NULL,
     "With --counted or --both: name the ten functions whose instructions differ most",
     FIELD(profiles)},
    {"json", OPTION_TEXT, GROUP_OUTPUT, "FILE", "Also write the run document; - is standard output",
     FIELD(json_path)},
    {"explain", OPTION_FLAG, GROUP_OUTPUT, NULL, "Print the arithmetic behind every verdict",
     FIELD(explains)},
    {"strict", OPTION_FLAG, GROUP_OUTPUT, NULL, "Exit with 4 if the verdict is inconclusive",
     FIELD(is_strict)},
    {0},
};

static void take_contender(struct argp_state *state, char *value, void *options)
{
    struct compare_arguments *arguments = options;
    enum side side = arguments->given == 0 ? SIDE_BASE : SIDE_NEW;
    struct contender *contender = &arguments->contenders[side];
    if (contender_parse(contender, side_name(side), value) < 0)
        usage_error(state,
                    "'%s' is neither a model, a model file (./mine.so) nor a command containing %s",
                    value, BENCH_PORT_PLACE);
    if (contender->kind == CONTENDER_MODEL && strchr(value, '/') == NULL &&
        server_model_find(value) == NULL)
        usage_error(state, "unknown model '%s' (see 'proctor list models')", value);
    if (contender->kind == CONTENDER_RUNNING)
        usage_error(state, "'%s' is an address; compare restarts both servers, so give commands",
                    value);
    option_text(state, value);
    arguments->given++;
}

/* Up to 1 % a change does not count where time is measured. */
static void check(const struct argp_state *state, void *options)
{
    const struct compare_arguments *arguments = options;
    bool is_counted = arguments->is_counted || arguments->is_both;
    if (!is_counted && arguments->must_catch <= TIME_TELLS && arguments->must_catch > 0)
        usage_error(
            state,
            "--must-catch: time is too noisy for so little; use a share above 1%%, or --counted");
    if (!is_counted && options_is_given(state, "repeat"))
        usage_error(state, "--repeat only applies with --counted");
    if (!is_counted && arguments->profiles)
        usage_error(state, "--profile only applies with --counted");
    load_options_check(state, &arguments->load.plan, SIDES);
}

const struct command_line compare_line = {
    .tables = {{load_options, offsetof(struct compare_arguments, load)},
               {load_protocol_options, offsetof(struct compare_arguments, load)},
               {table, 0}},
    .arguments = "BASE NEW",
    .listed = "models",
    .argument_count = 2,
    .missing = "argument: BASE and NEW are each a model or a command containing {port}",
    .surplus = "only two servers can be compared",
    .take_argument = take_contender,
    .check = check,
    .most_used = {"budget", "clients", "json", "must-catch", "protocol", "strict"},
    .help = "Decides whether NEW is worse than BASE. Both are a model's name or a command "
            "containing {port}; they are started again and again and loaded in turns, beside a "
            "second copy of BASE. Throughput, median latency and the server's processor time are "
            "decided by a rule with known error rates, memory from all starts; system calls and "
            "context switches are counted.\v"
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
    arguments->contenders[SIDE_BASE].start_timeout_ns = arguments->start_timeout_ns;
    arguments->contenders[SIDE_NEW].start_timeout_ns = arguments->start_timeout_ns;
    arguments->contenders[SIDE_CONTROL] = arguments->contenders[SIDE_BASE];
    arguments->contenders[SIDE_CONTROL].name = side_name(SIDE_CONTROL);
    plan->bench.contenders = arguments->contenders;
    plan->bench.count = SIDES;
    if (!arguments->is_unpinned)
        pinning_choose(&plan->bench.pinning, PIN_CPUS_LEAST);
    struct load_plan *load = &arguments->load.plan;
    load->seed = plan->bench.seed;
    if (load->engine == NULL)
        load->engine = engine_choose(load), load->engine_is_chosen = true;
    /* with --both a share may be meant for counting that time cannot tell */
    plan->rule = decision_rule_default(arguments->must_catch > TIME_TELLS ? arguments->must_catch
                                                                          : MUST_CATCH);
    cell_init(&plan->cell, load);
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

/* `timed`: what time has said of them, or NULL. */
static int compare_by_counting(struct compare_arguments *arguments, char **argv,
                               const struct comparison *timed)
{
    const struct comparison_plan *plan = &arguments->plan;
    struct gate_plan gate = {
        .contenders = arguments->contenders,
        .cell = &plan->cell,
        .slice_ns = plan->bench.slice_ns > 0 ? plan->bench.slice_ns : COUNTED_SLICE_NS,
        .layouts = arguments->layouts,
        .must_catch = arguments->must_catch > 0 ? arguments->must_catch : COUNTED_MUST_CATCH,
        .seed = plan->bench.seed,
        .profiles = arguments->profiles,
        .is_stopped = plan->bench.is_stopped,
    };
    return compare_counted(&gate, argv,
                           &(struct counted_output){arguments->json_path, arguments->explains,
                                                    arguments->is_strict, timed});
}

/* Of two exit codes the one that says more: a fault of proctor's own, then worse, then open. */
static int join_codes(int one, int other)
{
    static const int codes[] = {EXIT_PROCTOR_FAILED, EXIT_SUBJECT_FAILED, EXIT_INCONCLUSIVE};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (one == codes[i] || other == codes[i])
            return codes[i];
    return EXIT_YES;
}

static int compare_by_time(struct compare_arguments *arguments, char **argv)
{
    struct comparison comparison;
    comparison_run(&comparison, &arguments->plan, show_progress, &arguments->plan);
    command_clear_progress();
    comparison_print(command_text_stream(arguments->json_path), &comparison, arguments->explains);
    int code = exit_code_of(&comparison, arguments->is_strict);
    if (arguments->is_both && !comparison.is_cut) {
        fputc('\n', command_text_stream(arguments->json_path));
        code = join_codes(code, compare_by_counting(arguments, argv, &comparison));
    } else {
        command_write_document(comparison_describe(&comparison), arguments->json_path);
    }
    comparison_release(&comparison);
    return code;
}

int compare_command(int argc, char **argv)
{
    struct compare_arguments arguments = {
        .start_timeout_ns = START_TIMEOUT_NS,
        .plan.budget_ns = 60 * NS_PER_S,
        .plan.bench.seed = 1,
        .layouts = COUNTED_LAYOUTS,
    };
    load_options_init(&arguments.load, 50 * NS_PER_MS);
    options_parse(&compare_line, argc, argv, &arguments);
    if (compare_is_in_machine()) {
        settle_plan(&arguments);
        return compare_run_in_machine(arguments.contenders, &arguments.plan.cell.load,
                                      arguments.plan.bench.slice_ns);
    }
    command_check_output(arguments.json_path);
    arguments.plan.bench.is_stopped = command_stop_on_signals();
    settle_plan(&arguments);
    int code = arguments.is_counted && !arguments.is_both
                   ? compare_by_counting(&arguments, argv, NULL)
                   : compare_by_time(&arguments, argv);
    cell_release(&arguments.plan.cell);
    return code;
}
