/* Theory of operation: what is true is what the responder has recorded of itself, from the receive
 * of each request to the send of its reply. What the generator measures is longer by the way there
 * and back, and by its own lateness: that offset must be the same for short and long delays, so it
 * is taken from the constant ones, and everything else is compared with truth plus offset. All
 * constant delays are asked for at one rate, so that the machine is as awake for long ones as for
 * short ones.
 *
 * A stall has its truth in arithmetic: where requests are evenly due and a stall of S comes every
 * T, a share q of them has waited no longer than S - (1 - q) T. So has a queue, M/M/1: the time in
 * it is exponential, with the mean S / (1 - load). Some hundred arrivals only come near that, so
 * their seeds are such that this very sequence of arrivals and delays, reckoned without any
 * machine, has mean, p50, p95 and p99 within 1 % of the formula.
 */
#include "loadgen/self_test.h"

#include "base/clock.h"
#include "loadgen/load.h"
#include "loadgen/responder/responder_process.h"
#include "results/document/machine.h"
#include "results/measures/statistics.h"
#include "text/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OFF_BY_SHARE 0.02
#define OFF_BY_NS    20000.0
#define SLOPE_OFF_BY 0.01
#define QUEUE_OFF_BY 0.05 /* of the formula */

#define STOLEN_SHARE     0.002 /* of the processors: then a scenario is worth repeating, */
#define REPEATING_NS_MAX (6 * NS_PER_S)

/* Of the quantiles that are compared. */
static const double quantiles[] = {0.5, 0.95, 0.99, 0.999};
static const char *const quantile_names[] = {"p50", "p95", "p99", "p99.9"};

#define QUANTILES (sizeof quantiles / sizeof quantiles[0])

/* The seed of a scenario's arrivals is this much smaller than that of its delays. */
#define SEEDS_APART 1000000

struct figures {
    double count;
    double mean_ns; /* exact */
    double quantile_ns[QUANTILES];
};

struct scenario {
    const char *name;
    struct responder_plan responder;
    double rate_per_s;
    enum arrival_law arrivals;
    int64_t window_ns;
    unsigned clients; /* 0: 64 */
    double load;      /* of a queue: the share of the time in which it is busy */
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
        .mean_ns = histogram_exact_mean_ns(histogram),
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
        .seed = scenario->responder.seed - SEEDS_APART,
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

/*** The report ***/

struct self_test {
    FILE *stream;
    double offset_ns; /* there and back */
    int off;
    int error;
    int64_t repeating_ns;
};

static void print_row(struct self_test *test, const char *scenario, const char *figure,
                      double true_ns, double measured_ns, double share)
{
    char text[2][NUMBER_TEXT_BYTES];
    double difference_ns = measured_ns - true_ns;
    bool is_off = fabs(difference_ns) > fmax(share * true_ns, OFF_BY_NS);
    test->off += is_off;
    fprintf(test->stream, "%-30s %-6s %9s %9s  %+7.2f%% %+10.1fus%s\n", scenario, figure,
            number_duration_text(text[0], true_ns), number_duration_text(text[1], measured_ns),
            100 * difference_ns / true_ns, difference_ns / 1e3, is_off ? "  off" : "");
}

/*** Constant delays ***/

#define CONSTANTS            7
#define CONSTANTS_RATE_PER_S 2000
#define NARROW_NS            (50 * NS_PER_MS) /* below, a slot of the histogram is under 20 us */

static const int64_t constants_ns[CONSTANTS] = {
    50 * NS_PER_US, 200 * NS_PER_US, NS_PER_MS, 5 * NS_PER_MS,
    20 * NS_PER_MS, 100 * NS_PER_MS, NS_PER_S,
};

/* What was true and what was measured for one delay: the median, or the exact mean where the
 * median is known too roughly. */
static void measure_constant(struct self_test *test, int64_t delay_ns, double *true_ns,
                             double *measured_ns)
{
    struct scenario scenario = {
        .responder = {.law = DELAY_CONSTANT, .delay_ns = delay_ns, .seed = SEEDS_APART},
        .rate_per_s = CONSTANTS_RATE_PER_S,
        .window_ns = 700 * NS_PER_MS,
        .clients = 64 + (unsigned)(2 * delay_ns * CONSTANTS_RATE_PER_S / NS_PER_S),
    };
    struct outcome outcome = {0};
    if (test->error == 0)
        test->error = play(&scenario, &outcome);
    bool is_narrow = delay_ns < NARROW_NS;
    *true_ns = is_narrow ? outcome.truth.quantile_ns[0] : outcome.truth.mean_ns;
    *measured_ns = is_narrow ? outcome.latency.quantile_ns[0] : outcome.latency.mean_ns;
}

static void print_constants(struct self_test *test, const double *true_ns,
                            const double *measured_ns)
{
    for (size_t i = 0; i < CONSTANTS; i++) {
        char text[NUMBER_TEXT_BYTES];
        char name[64];
        double delay_ns = (double)constants_ns[i];
        snprintf(name, sizeof name, "constant %s", number_duration_text(text, delay_ns));
        print_row(test, name, constants_ns[i] < NARROW_NS ? "p50" : "mean",
                  true_ns[i] + test->offset_ns, measured_ns[i], 0);
    }
    const size_t last = CONSTANTS - 1;
    double slope = (measured_ns[last] - measured_ns[0]) / (true_ns[last] - true_ns[0]);
    test->off += fabs(slope - 1) > SLOPE_OFF_BY;
    fprintf(test->stream, "slope %.5f, offset %.1fus (the round trip, subtracted everywhere)\n",
            slope, test->offset_ns / 1e3);
}

static void compare_constants(struct self_test *test, const struct scenario *unused)
{
    (void)unused;
    double true_ns[CONSTANTS];
    double measured_ns[CONSTANTS];
    double offsets_ns[CONSTANTS];
    for (size_t i = 0; i < CONSTANTS; i++) {
        measure_constant(test, constants_ns[i], &true_ns[i], &measured_ns[i]);
        offsets_ns[i] = measured_ns[i] - true_ns[i];
    }
    test->offset_ns = statistics_spread(offsets_ns, CONSTANTS).median;
    print_constants(test, true_ns, measured_ns);
}

/*** Delays by chance, queues, stalls ***/

/* The time in an M/M/1 queue. */
static void compare_with_formula(struct self_test *test, const struct scenario *scenario,
                                 const struct figures *measured)
{
    const char *const name = "- by the formula of M/M/1";
    double mean_ns = (double)scenario->responder.delay_ns / (1 - scenario->load);
    print_row(test, name, "mean", mean_ns + test->offset_ns, measured->mean_ns, QUEUE_OFF_BY);
    for (size_t i = 0; quantiles[i] <= 0.99; i++)
        print_row(test, name, quantile_names[i], -log(1 - quantiles[i]) * mean_ns + test->offset_ns,
                  measured->quantile_ns[i], QUEUE_OFF_BY);
}

static void compare_quantiles(struct self_test *test, const struct scenario *scenario)
{
    struct outcome outcome = {0};
    test->error = play(scenario, &outcome);
    const struct figures *truth = &outcome.truth;
    const struct figures *latency = &outcome.latency;
    print_row(test, scenario->name, "mean", truth->mean_ns + test->offset_ns, latency->mean_ns,
              OFF_BY_SHARE);
    for (size_t i = 0; i < QUANTILES; i++)
        if (truth->count * (1 - quantiles[i]) >= 3) /* less is one request's luck */
            print_row(test, scenario->name, quantile_names[i],
                      truth->quantile_ns[i] + test->offset_ns, latency->quantile_ns[i],
                      OFF_BY_SHARE);
    if (scenario->load > 0)
        compare_with_formula(test, scenario, latency);
}

static void compare_stall(struct self_test *test, const struct scenario *scenario)
{
    struct outcome outcome = {0};
    test->error = play(scenario, &outcome);
    const double stall_ns = (double)scenario->responder.stall_ns;
    const double every_ns = (double)scenario->responder.stall_every_ns;
    for (size_t i = 1; i < QUANTILES; i++)
        print_row(test, scenario->name, quantile_names[i], stall_ns - (1 - quantiles[i]) * every_ns,
                  outcome.latency.quantile_ns[i], OFF_BY_SHARE);
    char text[3][NUMBER_TEXT_BYTES];
    fprintf(test->stream,
            "- as a tool that counts from the send would report it: p95 %s, p99 %s, p99.9 %s\n",
            number_duration_text(text[0], outcome.service.quantile_ns[1]),
            number_duration_text(text[1], outcome.service.quantile_ns[2]),
            number_duration_text(text[2], outcome.service.quantile_ns[3]));
}

/*** All of them ***/

typedef void compare_function(struct self_test *test, const struct scenario *scenario);

static double stolen_share_since(const struct machine_time *begin)
{
    struct machine_time since = machine_time_since(begin);
    return since.total_ns > 0 ? (double)since.stolen_ns / (double)since.total_ns : 0;
}

/* Plays a scenario; once more, if figures are off and other machines had taken the processors, as
 * long as there is time for that. */
static void run(struct self_test *test, compare_function *compare, const struct scenario *scenario)
{
    for (;;) {
        char *text = NULL;
        size_t text_bytes = 0;
        struct self_test attempt = *test;
        struct machine_time begin = machine_time();
        int64_t begin_ns = clock_now_ns();
        attempt.stream = open_memstream(&text, &text_bytes);
        compare(&attempt, scenario);
        fclose(attempt.stream);
        int64_t took_ns = clock_now_ns() - begin_ns;
        bool was_disturbed = stolen_share_since(&begin) > STOLEN_SHARE;
        bool is_final = attempt.error < 0 || attempt.off == test->off || !was_disturbed ||
                        test->repeating_ns + took_ns > REPEATING_NS_MAX;
        if (is_final) {
            fputs(text, test->stream);
            attempt.stream = test->stream;
            *test = attempt;
        }
        free(text);
        if (is_final)
            return;
        test->repeating_ns += took_ns;
        fprintf(test->stream, "(repeated: other machines on this host took the processors)\n");
    }
}

int self_test_run(FILE *stream)
{
    static const struct {
        compare_function *compare;
        struct scenario scenario;
    } tests[] = {
        {compare_constants, {.name = "constant"}},
        {compare_quantiles,
         {
             .name = "1ms, once in ten times 10ms",
             .responder = {.law = DELAY_BIMODAL, .delay_ns = NS_PER_MS, .seed = SEEDS_APART + 2},
             .rate_per_s = 1000,
             .window_ns = 2 * NS_PER_S,
         }},
        {compare_quantiles,
         {
             .name = "queue, 5ms each, half busy",
             .responder = {.law = DELAY_EXPONENTIAL,
                           .delay_ns = 5 * NS_PER_MS,
                           .queues = true,
                           .seed = SEEDS_APART + 144388},
             .load = 0.5,
             .rate_per_s = 100,
             .arrivals = ARRIVALS_POISSON,
             .window_ns = 5 * NS_PER_S,
         }},
        {compare_quantiles,
         {
             .name = "queue, 5ms each, 7/10 busy",
             .responder = {.law = DELAY_EXPONENTIAL,
                           .delay_ns = 5 * NS_PER_MS,
                           .queues = true,
                           .seed = SEEDS_APART + 145272},
             .load = 0.7,
             .rate_per_s = 140,
             .arrivals = ARRIVALS_POISSON,
             .window_ns = 5 * NS_PER_S,
         }},
        {compare_stall,
         {
             .name = "stall 100ms every 1s",
             .responder = {.law = DELAY_CONSTANT,
                           .stall_ns = 100 * NS_PER_MS,
                           .stall_every_ns = NS_PER_S,
                           .seed = SEEDS_APART},
             .rate_per_s = 1000,
             .window_ns = 4 * NS_PER_S,
             .clients = 16,
         }},
    };
    struct self_test test = {.stream = stream};
    struct machine_time begin = machine_time();
    fprintf(stream, "%-30s %-6s %9s %9s  %8s %12s\n", "scenario", "figure", "true", "measured",
            "off by", "");
    for (size_t i = 0; i < sizeof tests / sizeof tests[0] && test.error == 0; i++)
        run(&test, tests[i].compare, &tests[i].scenario);
    if (test.error < 0)
        return test.error;
    fprintf(stream, "%d figures off; other machines on this host took %.1f %% of the processors\n",
            test.off, 100 * stolen_share_since(&begin));
    return test.off;
}
