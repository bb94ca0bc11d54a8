/* Theory of operation: what is true is what the responder has recorded of itself, from the receive
 * of each request to the send of its reply. What the generator measures is longer by the way there
 * and back, and by its own lateness: that offset must be the same for short and long delays, so it
 * is taken from the constant ones, and everything else is compared with truth plus offset. A stall
 * has its truth in arithmetic: where requests are evenly due and a stall of S comes every T, a
 * share q of them has waited no longer than S - (1 - q) T.
 */
#include "loadgen/self_test.h"

#include "base/clock.h"
#include "base/quantity.h"
#include "loadgen/load.h"
#include "loadgen/responder_process.h"
#include "results/statistics.h"

#include <math.h>
#include <string.h>

#define OFF_BY_SHARE 0.02
#define OFF_BY_NS    20000.0
#define SLOPE_OFF_BY 0.01

/* Of the quantiles that are compared. */
static const double quantiles[] = {0.5, 0.95, 0.99, 0.999};

#define QUANTILES (sizeof quantiles / sizeof quantiles[0])

struct figures {
    double count;
    double mean_ns;
    double quantile_ns[QUANTILES];
};

struct scenario {
    const char *name;
    struct responder_plan responder;
    double rate_per_s;
    enum arrival_law arrivals;
    int64_t window_ns;
    unsigned clients; /* 0: as many as there is ever need of */
};

struct outcome {
    struct figures truth;
    struct figures latency;
    struct figures service;
};

static struct figures figures_of(const struct histogram *histogram)
{
    struct figures figures = {
        .count = (double)histogram->total,
        .mean_ns = histogram_mean_ns(histogram),
    };
    for (size_t i = 0; i < QUANTILES; i++)
        figures.quantile_ns[i] = (double)histogram_quantile_ns(histogram, quantiles[i]);
    return figures;
}

/*** One scenario ***/

static void measure(const struct address *address, const struct scenario *scenario,
                    struct outcome *outcome)
{
    struct load_plan plan = {
        .address = *address,
        .clients = scenario->clients > 0 ? scenario->clients : 64,
        .threads = 1,
        .size_bytes = 64,
        .rate_per_s = scenario->rate_per_s,
        .arrivals = scenario->arrivals,
        .connect_timeout_ns = 5 * NS_PER_S,
        .grace_ns = 3 * NS_PER_S,
        .seed = 1,
    };
    struct load *load = load_new(&plan);
    struct load_result result;
    load_result_init(&result);
    load_connect(load);
    load_measure(load, 0, scenario->window_ns, &result);
    load_free(load);
    outcome->latency = figures_of(&result.latency);
    outcome->service = figures_of(&result.service);
    load_result_release(&result);
}

/* 0 or -errno. */
static int play(const struct scenario *scenario, struct outcome *outcome)
{
    struct responder_process responder;
    int error = responder_start(&responder, &scenario->responder);
    if (error < 0)
        return error;
    measure(&responder.address, scenario, outcome);
    struct histogram delays;
    histogram_init(&delays);
    error = responder_end(&responder, &delays);
    outcome->truth = figures_of(&delays);
    histogram_release(&delays);
    return error;
}

/*** Comparing ***/

static bool is_off(double measured_ns, double true_ns)
{
    return fabs(measured_ns - true_ns) > fmax(OFF_BY_SHARE * true_ns, OFF_BY_NS);
}

static int print_row(FILE *stream, const char *scenario, const char *figure, double true_ns,
                     double measured_ns)
{
    char text[2][QUANTITY_TEXT_BYTES];
    bool off = is_off(measured_ns, true_ns);
    fprintf(stream, "%-30s %-6s %9s %9s  %+7.2f%% %+10.1fus%s\n", scenario, figure,
            quantity_duration_text(true_ns, text[0]), quantity_duration_text(measured_ns, text[1]),
            100 * (measured_ns - true_ns) / true_ns, (measured_ns - true_ns) / 1e3,
            off ? "  off" : "");
    return off;
}

#define CONSTANTS 7

/* The straight line through what was measured over what is true, by least squares, each point
 * weighted by the inverse of the true delay squared, so that the short ones count too. */
static int compare_constants(FILE *stream, double *offset_ns, int *error)
{
    static const int64_t delays_ns[CONSTANTS] = {
        50 * NS_PER_US, 200 * NS_PER_US, NS_PER_MS, 5 * NS_PER_MS,
        20 * NS_PER_MS, 100 * NS_PER_MS, NS_PER_S,
    };
    double offsets_ns[CONSTANTS] = {0};
    double true_ns[CONSTANTS] = {0};
    double slope = 0;
    for (size_t i = 0; i < CONSTANTS && *error == 0; i++) {
        struct scenario scenario = {
            .responder = {.law = DELAY_CONSTANT, .delay_ns = delays_ns[i]},
            .rate_per_s = delays_ns[i] < NS_PER_S ? 200 : 20,
            .window_ns = 3 * NS_PER_S / 2,
        };
        struct outcome outcome = {0};
        *error = play(&scenario, &outcome);
        true_ns[i] = outcome.truth.quantile_ns[0];
        offsets_ns[i] = outcome.latency.quantile_ns[0] - true_ns[i];
    }
    if (*error < 0)
        return 0;
    double sorted_ns[CONSTANTS];
    memcpy(sorted_ns, offsets_ns, sizeof sorted_ns);
    *offset_ns = statistics_spread(sorted_ns, CONSTANTS).median;
    slope = 1 + (offsets_ns[CONSTANTS - 1] - offsets_ns[0]) / (true_ns[CONSTANTS - 1] - true_ns[0]);
    int off = fabs(slope - 1) > SLOPE_OFF_BY;
    for (size_t i = 0; i < CONSTANTS; i++) {
        char text[QUANTITY_TEXT_BYTES];
        char name[64];
        snprintf(name, sizeof name, "constant %s",
                 quantity_duration_text((double)delays_ns[i], text));
        off += print_row(stream, name, "p50", true_ns[i] + *offset_ns, true_ns[i] + offsets_ns[i]);
    }
    fprintf(stream, "slope %.4f, offset %.1fus (there and back, taken off everywhere)\n", slope,
            *offset_ns / 1e3);
    return off;
}

static int compare_quantiles(FILE *stream, const struct scenario *scenario, double offset_ns,
                             int *error)
{
    static const char *const names[QUANTILES] = {"p50", "p95", "p99", "p99.9"};
    struct outcome outcome = {0};
    if (*error == 0)
        *error = play(scenario, &outcome);
    if (*error < 0)
        return 0;
    int off = print_row(stream, scenario->name, "mean", outcome.truth.mean_ns + offset_ns,
                        outcome.latency.mean_ns);
    for (size_t i = 0; i < QUANTILES; i++)
        if (outcome.truth.count * (1 - quantiles[i]) >= 3) /* less is one request's luck */
            off +=
                print_row(stream, scenario->name, names[i],
                          outcome.truth.quantile_ns[i] + offset_ns, outcome.latency.quantile_ns[i]);
    return off;
}

static int compare_stall(FILE *stream, int *error)
{
    static const struct scenario scenario = {
        .name = "stall 100ms every 1s",
        .responder = {.law = DELAY_CONSTANT,
                      .stall_ns = 100 * NS_PER_MS,
                      .stall_every_ns = NS_PER_S},
        .rate_per_s = 1000,
        .window_ns = 5 * NS_PER_S,
        .clients = 16,
    };
    struct outcome outcome = {0};
    if (*error == 0)
        *error = play(&scenario, &outcome);
    if (*error < 0)
        return 0;
    static const double true_ns[QUANTILES] = {0, 50e6, 90e6, 99e6};
    static const char *const names[QUANTILES] = {"", "p95", "p99", "p99.9"};
    int off = 0;
    for (size_t i = 1; i < QUANTILES; i++)
        off +=
            print_row(stream, scenario.name, names[i], true_ns[i], outcome.latency.quantile_ns[i]);
    char text[3][QUANTITY_TEXT_BYTES];
    fprintf(stream,
            "… as a tool that counts from the send would have it: p95 %s, p99 %s, p99.9 %s\n",
            quantity_duration_text(outcome.service.quantile_ns[1], text[0]),
            quantity_duration_text(outcome.service.quantile_ns[2], text[1]),
            quantity_duration_text(outcome.service.quantile_ns[3], text[2]));
    return off;
}

int self_test_run(FILE *stream)
{
    static const struct scenario scenarios[] = {
        {
            .name = "1ms, once in ten times 10ms",
            .responder = {.law = DELAY_BIMODAL, .delay_ns = NS_PER_MS, .seed = 2},
            .rate_per_s = 1000,
            .window_ns = 2 * NS_PER_S,
        },
        {
            .name = "queue, 5ms each, half busy",
            .responder =
                {.law = DELAY_EXPONENTIAL, .delay_ns = 5 * NS_PER_MS, .queues = true, .seed = 3},
            .rate_per_s = 100,
            .arrivals = ARRIVALS_POISSON,
            .window_ns = 3 * NS_PER_S,
        },
        {
            .name = "queue, 5ms each, 7/10 busy",
            .responder =
                {.law = DELAY_EXPONENTIAL, .delay_ns = 5 * NS_PER_MS, .queues = true, .seed = 4},
            .rate_per_s = 140,
            .arrivals = ARRIVALS_POISSON,
            .window_ns = 3 * NS_PER_S,
        },
    };
    double offset_ns = 0;
    int error = 0;
    fprintf(stream, "%-30s %-6s %9s %9s  %8s %12s\n", "scenario", "figure", "true", "measured",
            "off by", "");
    int off = compare_constants(stream, &offset_ns, &error);
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
        off += compare_quantiles(stream, &scenarios[i], offset_ns, &error);
    off += compare_stall(stream, &error);
    if (error < 0)
        return error;
    fprintf(stream, "%d figures off by more than %.0f%% and %.0fus\n", off, 100 * OFF_BY_SHARE,
            OFF_BY_NS / 1e3);
    return off;
}
