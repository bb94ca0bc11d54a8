/* proctor respond: an echo server with known delays. */
#include "cli/commands.h"

#include "base/address.h"
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

static const char *const laws[] = {
    [DELAY_CONSTANT] = "constant",
    [DELAY_BIMODAL] = "bimodal",
    [DELAY_EXPONENTIAL] = "exponential",
};

#define FIELD(member) OPTION_FIELD(struct respond_arguments, member)

static const struct command_option table[] = {
    {"port", OPTION_COUNT, GROUP_LISTENING, "N", "Port of 127.0.0.1 (default 0: any free one)",
     FIELD(port), .most = UINT16_MAX, .letter = 'p'},
    {"delay", OPTION_DURATION, GROUP_DELAYS, "TIME", "Hold each reply back this long (default 0)",
     FIELD(plan.delay_ns), .most = 60 * NS_PER_S, .letter = 'd'},
    {"law", OPTION_WORD, GROUP_DELAYS, "NAME",
     "constant (default); bimodal: ten times the delay for one reply in ten; exponential: the "
     "delay on average",
     FIELD(plan.law), .words = laws, .most = DELAY_EXPONENTIAL},
    {"queue", OPTION_FLAG, GROUP_DELAYS, NULL,
     "Delay one reply after the other, as a single clerk would, instead of all at once",
     FIELD(plan.queues)},
    {"stall", OPTION_DURATION, GROUP_DELAYS, "TIME",
     "Do nothing for this long at the start of each --every", FIELD(plan.stall_ns),
     .most = 60 * NS_PER_S},
    {"every", OPTION_DURATION, GROUP_DELAYS, "TIME", "Time from one stall to the next (default 1s)",
     FIELD(plan.stall_every_ns), .least = NS_PER_MS, .most = 3600 * NS_PER_S},
    {"seed", OPTION_COUNT, GROUP_DELAYS, "N", "Seed of the delays (default 1)", FIELD(plan.seed),
     .most = INT64_MAX},
    {0},
};

static void check(const struct argp_state *state, void *options)
{
    const struct responder_plan *plan = &((struct respond_arguments *)options)->plan;
    if (plan->stall_ns >= plan->stall_every_ns)
        usage_error(state, "--stall: not shorter than --every, so nothing is answered; shorten it");
}

const struct command_line respond_line = {
    .tables = {{table, 0}},
    .check = check,
    .most_used = {"delay", "law", "port", "stall", "every"},
    .help = "Echoes after a known delay until SIGTERM or SIGINT, then prints how long the delays "
            "really were, to test load generators against. 'proctor load --self-test' tests "
            "proctor's own.\v"
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
    options_parse(&respond_line, argc, argv, &arguments);

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
