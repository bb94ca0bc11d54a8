/* proctor load: one load on one server. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/message.h"
#include "base/socket.h"
#include "loadgen/load.h"
#include "loadgen/load_document.h"
#include "results/document.h"

#include <stdio.h>
#include <string.h>

#define HOUR_NS (3600 * NS_PER_S)

struct load_arguments {
    struct load_plan plan;
    int64_t warmup_ns;
    int64_t duration_ns;
    const char *json_path;
    bool has_target;
};

enum option_key {
    OPTION_CLIENTS = 'c',
    OPTION_THREADS = 't',
    OPTION_DURATION = 'd',
    OPTION_WARMUP = 'w' + 256,
    OPTION_SIZE,
    OPTION_SEED,
    OPTION_JSON,
};

static const struct argp_option options[] = {
    {"clients", OPTION_CLIENTS, "N", 0, "Clients connected at once (default 64)", 0},
    {"threads", OPTION_THREADS, "N", 0, "Threads that play them (default 1)", 0},
    {"duration", OPTION_DURATION, "TIME", 0, "Length of the measured window (default 10s)", 0},
    {"warmup", OPTION_WARMUP, "TIME", 0, "Load before the window, not measured (default 1s)", 0},
    {"size", OPTION_SIZE, "BYTES", 0, "Size of a request and of its reply (default 64)", 0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the payloads (default 1)", 0},
    {"json", OPTION_JSON, "FILE", 0, "Write the result document too; - is standard output", 0},
    {0},
};

/* What only shows when all options are known. */
static void check_plan(const struct load_arguments *arguments, const struct argp_state *state)
{
    const struct load_plan *plan = &arguments->plan;
    if (!arguments->has_target)
        usage_error(state, "which server? give HOST:PORT");
    if (plan->threads > plan->clients)
        usage_error(state, "--threads: %u threads for %u clients leave some without work",
                    plan->threads, plan->clients);
    size_t needed = plan->clients + plan->threads + 16;
    size_t limit = socket_raise_descriptor_limit();
    if (needed > limit)
        usage_error(state, "--clients: %u clients need %zu descriptors; the limit here is %zu",
                    plan->clients, needed, limit);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct load_arguments *arguments = state->input;
    struct load_plan *plan = &arguments->plan;
    switch (key) {
    case OPTION_CLIENTS:
        plan->clients = (unsigned)option_count(state, "clients", value, 1, 1000000);
        return 0;
    case OPTION_THREADS:
        plan->threads = (unsigned)option_count(state, "threads", value, 1, 1024);
        return 0;
    case OPTION_DURATION:
        arguments->duration_ns =
            option_duration_ns(state, "duration", value, NS_PER_MS, 24 * HOUR_NS);
        return 0;
    case OPTION_WARMUP:
        arguments->warmup_ns = option_duration_ns(state, "warmup", value, 0, HOUR_NS);
        return 0;
    case OPTION_SIZE:
        plan->size_bytes = (size_t)option_count(state, "size", value, 1, 1 << 30);
        return 0;
    case OPTION_SEED:
        plan->seed = option_count(state, "seed", value, 0, UINT64_MAX);
        return 0;
    case OPTION_JSON:
        arguments->json_path = value;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->has_target)
            usage_error(state, "one server at a time: '%s' is too many", value);
        if (address_parse(value, &plan->address) < 0 || address_port(&plan->address) == 0)
            usage_error(state, "'%s' is not HOST:PORT with a numeric host", value);
        arguments->has_target = true;
        return 0;
    case ARGP_KEY_END:
        check_plan(arguments, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "HOST:PORT",
    .doc = "Loads an echo server: each client sends a request, waits for its reply, checks every "
           "byte of it, and sends the next (a closed loop). Exits with 1 if anything failed or "
           "nobody was served.\v"
           "Example:\n  proctor load 127.0.0.1:9500 --clients 100 --duration 5s --json run.json",
};

static void write_document(const struct load_arguments *arguments, const struct load_result *result)
{
    json_t *document = document_new(SCHEMA_RUN);
    json_object_set_new(document, "plan",
                        json_pack("{s:s, s:f, s:f}", "command", "load",           //
                                  "warmup_s", (double)arguments->warmup_ns / 1e9, //
                                  "duration_s", (double)arguments->duration_ns / 1e9));
    json_object_set_new(document, "seed", json_integer((json_int_t)arguments->plan.seed));
    json_object_set_new(document, "results",
                        json_pack("[o]", load_describe(&arguments->plan, result)));
    int error = document_write(document, arguments->json_path);
    json_decref(document);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot write %s: %s", arguments->json_path, strerror(-error));
}

static void say_unreachable(const struct load_arguments *arguments, const struct failures *failures)
{
    char address[ADDRESS_TEXT_BYTES];
    warn("load: none of %u clients could connect to %s", arguments->plan.clients,
         address_text(&arguments->plan.address, address));
    load_print_failures(stderr, "  ", failures);
}

int load_command(int argc, char **argv)
{
    struct load_arguments arguments = {
        .plan =
            {
                .clients = 64,
                .threads = 1,
                .size_bytes = 64,
                .connect_timeout_ns = 5 * NS_PER_S,
                .grace_ns = 200 * NS_PER_MS,
                .seed = 1,
            },
        .warmup_ns = NS_PER_S,
        .duration_ns = 10 * NS_PER_S,
    };
    command_parse(&parser, argc, argv, 0, &arguments);

    struct load *load = load_new(&arguments.plan);
    struct load_result result;
    load_result_init(&result);
    load_connect(load);
    load_measure(load, arguments.warmup_ns, arguments.duration_ns, &result);
    load_free(load);

    if (arguments.json_path != NULL)
        write_document(&arguments, &result);
    bool document_on_stdout = arguments.json_path != NULL && strcmp(arguments.json_path, "-") == 0;
    if (result.totals.clients_connected == 0)
        say_unreachable(&arguments, &result.totals.failures);
    else
        load_print(document_on_stdout ? stderr : stdout, &arguments.plan, &result);
    bool failed = failures_total(&result.totals.failures) > 0 || result.totals.answered == 0;
    load_result_release(&result);
    return failed ? EXIT_SUBJECT_FAILED : EXIT_YES;
}
