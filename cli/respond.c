/* proctor respond: an echo server of which the delays are known. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/message.h"
#include "base/socket.h"
#include "loadgen/responder/responder.h"
#include "text/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct respond_arguments {
    uint16_t port;
    struct responder_plan plan;
};

enum option_key {
    OPTION_PORT = 'p',
    OPTION_DELAY = 'd',
    OPTION_LAW = 'l' + 256,
    OPTION_QUEUE,
    OPTION_STALL,
    OPTION_EVERY,
    OPTION_SEED,
};

static const struct argp_option options[] = {
    {"port", OPTION_PORT, "N", 0, "Port of 127.0.0.1 (default 0: the kernel chooses)", 0},
    {"delay", OPTION_DELAY, "TIME", 0, "How long a reply is held back (default 0)", 0},
    {"law", OPTION_LAW, "NAME", 0,
     "constant (default); bimodal: ten times the delay once in ten times; exponential: the delay "
     "on average",
     0},
    {"queue", OPTION_QUEUE, NULL, 0,
     "Delays come one after the other, as with a single clerk, not side by side", 0},
    {"stall", OPTION_STALL, "TIME", 0, "Do nothing for so long at the beginning of …", 0},
    {"every", OPTION_EVERY, "TIME", 0, "… every such time (default 1s)", 0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the delays (default 1)", 0},
    {0},
};

static enum delay_law parse_law(const struct argp_state *state, const char *value)
{
    static const char *const names[] = {
        [DELAY_CONSTANT] = "constant",
        [DELAY_BIMODAL] = "bimodal",
        [DELAY_EXPONENTIAL] = "exponential",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(value, names[i]) == 0)
            return (enum delay_law)i;
    usage_error(state, "--law: '%s' is none of constant, bimodal, exponential", value);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct respond_arguments *arguments = state->input;
    struct responder_plan *plan = &arguments->plan;
    switch (key) {
    case OPTION_PORT:
        arguments->port = (uint16_t)option_count(state, "port", value, 0, UINT16_MAX);
        return 0;
    case OPTION_DELAY:
        plan->delay_ns = option_duration_ns(state, "delay", value, 0, 60 * NS_PER_S);
        return 0;
    case OPTION_LAW:
        plan->law = parse_law(state, value);
        return 0;
    case OPTION_QUEUE:
        plan->queues = true;
        return 0;
    case OPTION_STALL:
        plan->stall_ns = option_duration_ns(state, "stall", value, 0, 60 * NS_PER_S);
        return 0;
    case OPTION_EVERY:
        plan->stall_every_ns =
            option_duration_ns(state, "every", value, NS_PER_MS, 3600 * NS_PER_S);
        return 0;
    case OPTION_SEED:
        plan->seed = option_count(state, "seed", value, 0, INT64_MAX);
        return 0;
    case ARGP_KEY_ARG:
        usage_error(state, "'%s' is too many", value);
    case ARGP_KEY_END:
        if (plan->stall_ns >= plan->stall_every_ns)
            usage_error(state, "--stall: longer than --every, so that nothing would ever be said");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .doc = "Echoes what it receives after a known delay until SIGTERM or SIGINT, and then says how "
           "long the delays really were: the truth that a load generator can be held against. "
           "'proctor load --self-test' does that for proctor's own.\v"
           "Example:\n  proctor respond --port 9500 --stall 100ms --every 1s &\n"
           "  proctor load 127.0.0.1:9500 --rate 1000",
};

static void print_truth(const struct histogram *delays)
{
    static const struct {
        const char *name;
        double quantile;
    } rows[] = {{"p50", 0.5}, {"p95", 0.95}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}};
    char text[NUMBER_TEXT_BYTES];
    printf("%" PRIu64 " replies; held back for", delays->total);
    printf(" %s on average", number_duration_text(text, histogram_mean_ns(delays)));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        printf(", %s %s", rows[i].name,
               number_duration_text(text, (double)histogram_quantile_ns(delays, rows[i].quantile)));
    putchar('\n');
}

int respond_command(int argc, char **argv)
{
    struct respond_arguments arguments = {.plan = {.stall_every_ns = NS_PER_S, .seed = 1}};
    command_parse(&parser, argc, argv, 0, &arguments);

    struct address address;
    char text[ADDRESS_TEXT_BYTES];
    address_parse_host("127.0.0.1", arguments.port, &address);
    int listener = socket_listen(&address, SOMAXCONN);
    if (listener < 0)
        die(EXIT_PROCTOR_FAILED, "respond: cannot listen on %s: %s", address_text(&address, text),
            strerror(-listener));
    socket_raise_descriptor_limit();
    socket_set_nonblocking(listener);
    address_of_socket(listener, &address);
    printf("listening on %s (responder)\n", address_text(&address, text));
    fflush(stdout);

    struct histogram delays;
    histogram_init(&delays);
    int error = responder_run(listener, &arguments.plan, &delays);
    if (error < 0)
        warn("respond: %s", strerror(-error));
    else
        print_truth(&delays);
    histogram_release(&delays);
    close(listener);
    return error < 0 ? EXIT_PROCTOR_FAILED : EXIT_YES;
}
