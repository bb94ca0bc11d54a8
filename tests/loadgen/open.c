/* The open loop: schedules that are what they are said to be, and loads that keep to them; and
 * loads that are watched and stopped. */
#include "loadgen/plan/arrivals.h"
#include "tests/support/load_run.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/*** Schedules ***/

static void fill(int64_t *times_ns, size_t count, enum arrival_law law, double rate_per_s,
                 unsigned workers)
{
    struct arrivals arrivals[8];
    for (unsigned i = 0; i < workers; i++)
        arrivals_init(&arrivals[i], law, rate_per_s, 42, i, workers);
    for (size_t i = 0; i < count; i++)
        times_ns[i] = arrivals_next_ns(&arrivals[i % workers]);
}

Test(open_loop, a_constant_schedule_is_even_to_the_nanosecond)
{
    struct arrivals arrivals;
    arrivals_init(&arrivals, ARRIVALS_CONSTANT, 3, 1, 0, 1);
    for (int64_t i = 1; i <= 3000; i++)
        cr_assert_eq(arrivals_next_ns(&arrivals), i * NS_PER_S / 3, "arrival %d", (int)i);
}

Test(open_loop, a_schedule_is_the_same_for_any_number_of_threads)
{
    enum { COUNT = 840 };
    static int64_t alone_ns[COUNT];
    static int64_t dealt_ns[COUNT];
    static const enum arrival_law laws[] = {ARRIVALS_CONSTANT, ARRIVALS_POISSON};
    for (size_t law = 0; law < 2; law++) {
        fill(alone_ns, COUNT, laws[law], 12345, 1);
        for (unsigned workers = 2; workers <= 8; workers++) {
            fill(dealt_ns, COUNT, laws[law], 12345, workers);
            cr_expect_arr_eq(dealt_ns, alone_ns, sizeof alone_ns, "%u workers", workers);
        }
    }
}

/* The largest distance between the distribution of the distances and the exponential one, which
 * Kolmogorov and Smirnov bound by 1.63 / sqrt(n) in 99 of 100 seeds; this is a fixed seed. */
Test(open_loop, poisson_distances_are_exponential)
{
    enum { COUNT = 20000, BINS = 1000 };
    static unsigned seen[BINS + 1];
    struct arrivals arrivals;
    arrivals_init(&arrivals, ARRIVALS_POISSON, 1000, 7, 0, 1);
    int64_t before_ns = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        int64_t now_ns = arrivals_next_ns(&arrivals);
        double share = 1 - exp(-(double)(now_ns - before_ns) / 1e6);
        seen[(unsigned)(share * BINS)]++;
        before_ns = now_ns;
    }
    double worst = 0;
    unsigned sum = 0;
    for (unsigned i = 0; i < BINS; i++) {
        sum += seen[i];
        worst = fmax(worst, fabs((double)sum / COUNT - (double)(i + 1) / BINS));
    }
    cr_expect_lt(worst, 1.63 / sqrt(COUNT), "%f", worst);
}

/*** Loads ***/

static void load_open(struct tiny_server *server, unsigned clients, unsigned threads,
                      int64_t grace_ns, struct load_result *result)
{
    struct load_plan plan = plan_of(server, clients);
    plan.threads = threads;
    plan.rate_per_s = 1000;
    plan.grace_ns = grace_ns;
    struct load *load = load_new(&plan);
    load_result_init(result);
    cr_assert_eq(load_connect(load), clients);
    load_measure(load, 10 * NS_PER_MS, 100 * NS_PER_MS, result);
    load_free(load);
    tiny_server_end(server);
    expect_identities(result);
}

ENGINE_TEST(open_loop, all_that_is_due_in_the_window_is_sent_and_answered)
{
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct tiny_server server;
        struct load_result result;
        tiny_server_start(&server, echo);
        load_open(&server, 8, threads, LONG_NS, &result);
        cr_expect_eq(result.window_sent, 100, "%d sent", (int)result.window_sent);
        cr_expect_eq(result.window_answered, 100);
        cr_expect_eq(result.window_unsent, 0);
        cr_expect_eq(result.totals.sent, 109, "with those of the warm-up");
        cr_expect_eq(result.totals.clients_used, 8, "requests go round all clients");
        cr_expect_geq(result.latency.max_ns, result.service.max_ns);
        load_result_release(&result);
    }
}

ENGINE_TEST(open_loop, what_finds_no_idle_client_is_unsent)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, hold_back);
    load_open(&server, 3, 1, 10 * NS_PER_MS, &result);
    cr_expect_eq(result.totals.sent, 3);
    cr_expect_eq(result.totals.in_flight, 3);
    cr_expect_eq(result.totals.clients_used, 3);
    cr_expect_eq(result.totals.clients_served, 0);
    cr_expect_eq(result.window_sent + result.window_unsent, 100);
    load_result_release(&result);
}

ENGINE_TEST(open_loop, a_load_that_loses_all_clients_ends_and_accounts_for_the_rest)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo_with_a_wrong_byte);
    load_open(&server, 4, 2, LONG_NS, &result);
    cr_expect_eq(failures_of_requests(&result.totals.failures), 4);
    cr_expect_eq(result.window_sent + result.window_unsent, 100);
    load_result_release(&result);
}

/*** Watched and stopped ***/

struct notes {
    uint64_t answered;
    int64_t until_ns;
    unsigned windows;
    unsigned clients_served;
    struct load *to_stop;
};

static void note(const struct load_interval *interval, void *context)
{
    struct notes *notes = context;
    notes->answered += interval->latency.total;
    cr_expect_eq(interval->begin_ns, notes->until_ns, "no gap between intervals");
    notes->until_ns = interval->begin_ns + interval->length_ns;
    notes->windows += strcmp(interval->phase, "window") == 0;
    notes->clients_served = interval->clients_served;
    bool is_enough = notes->answered > 0 && notes->windows >= 2 && notes->clients_served == 8;
    if (notes->to_stop != NULL && is_enough)
        load_stop(notes->to_stop);
}

/* In a closed loop: 50 ms of warm-up and the window. */
static void load_watched(int64_t window_ns, bool stops, struct notes *notes,
                         struct load_result *result)
{
    struct tiny_server server;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, 8);
    struct load *load = load_new(&plan);
    *notes = (struct notes){.to_stop = stops ? load : NULL};
    load_result_init(result);
    load_watch(load, 20 * NS_PER_MS, note, notes);
    cr_assert_eq(load_connect(load), 8);
    load_measure(load, 50 * NS_PER_MS, window_ns, result);
    load_free(load);
    tiny_server_end(&server);
}

ENGINE_TEST(watched, intervals_hold_every_answer_once)
{
    struct notes notes;
    struct load_result result;
    load_watched(100 * NS_PER_MS, false, &notes, &result);
    cr_expect_eq(notes.answered, result.totals.answered);
    cr_expect_eq(notes.clients_served, result.totals.clients_served);
    cr_expect_eq(result.window_ns, 100 * NS_PER_MS);
    load_result_release(&result);
}

ENGINE_TEST(watched, a_stopped_load_ends_in_order)
{
    struct notes notes;
    struct load_result result;
    load_watched(LONG_NS, true, &notes, &result);
    cr_expect_lt(result.window_ns, LONG_NS);
    cr_expect_geq(notes.windows, 1);
    cr_expect_eq(notes.clients_served, 8);
    cr_expect_eq(notes.answered, result.totals.answered);
    cr_expect_eq(result.totals.answered, result.totals.sent);
    cr_expect_eq(result.totals.in_flight, 0);
    load_result_release(&result);
}

ENGINE_TEST(watched, a_load_that_is_stopped_beforehand_connects_nobody)
{
    struct tiny_server server;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, 2);
    struct load *load = load_new(&plan);
    load_stop(load);
    cr_expect_eq(load_connect(load), 0);
    load_free(load);
    tiny_server_end(&server);
}

/*** Silent clients ***/

ENGINE_TEST(silent, clients_are_connected_and_say_nothing)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, 4);
    plan.silent = 7;
    run_until_answered(&server, &plan, 4, &result);
    cr_expect_eq(server.guest_count, 11);
    cr_expect_eq(result.totals.silent_connected, 7);
    cr_expect_eq(result.totals.clients_connected, 4);
    cr_expect_eq(result.totals.clients_used, 4);
    cr_expect_eq(result.totals.clients_served, 4);
    cr_expect_eq(failures_total(&result.totals.failures), 0);
    load_result_release(&result);
}

/* Serves whoever has said something, and closes all others. */
static bool close_the_silent(struct tiny_server *server, struct guest *guest, char *data,
                             size_t count)
{
    guest->kept_bytes = 1;
    for (size_t i = 0; i < server->guest_count; i++) {
        struct guest *other = &server->guests[i];
        if (other->kept_bytes > 0 || other->fd < 0)
            continue;
        close(other->fd);
        other->fd = -1;
    }
    return echo(server, guest, data, count);
}

static void stop_after_three_failures(const struct load_interval *interval, void *load)
{
    if (interval->failed == 3)
        load_stop(load);
}

static void stop_after_thirty_failures(const struct load_interval *interval, void *load)
{
    if (interval->failed == 30)
        load_stop(load);
}

/* Some of them have been closed before their connect(2) was seen to have ended. */
ENGINE_TEST(silent, clients_that_are_closed_at_once_are_failures)
{
    struct tiny_server server;
    tiny_server_start_keeping(&server, echo, 2);
    struct load_plan plan = plan_of(&server, 2);
    plan.silent = 30;
    plan.threads = 1;
    struct load *load = load_new(&plan);
    struct load_result result;
    load_result_init(&result);
    load_watch(load, 10 * NS_PER_MS, stop_after_thirty_failures, load);
    load_connect(load);
    load_measure(load, 0, LONG_NS, &result);
    load_free(load);
    tiny_server_end(&server);
    cr_expect_eq(failures_total(&result.totals.failures), 30);
    cr_expect_lt(result.window_ns, LONG_NS, "they were not all noticed");
    load_result_release(&result);
}

ENGINE_TEST(silent, clients_that_are_closed_are_failures)
{
    struct tiny_server server;
    tiny_server_start(&server, close_the_silent);
    struct load_plan plan = plan_of(&server, 1);
    plan.silent = 3;
    struct load *load = load_new(&plan);
    struct load_result result;
    load_result_init(&result);
    load_watch(load, 10 * NS_PER_MS, stop_after_three_failures, load);
    load_connect(load);
    load_measure(load, 0, LONG_NS, &result);
    load_free(load);
    tiny_server_end(&server);
    cr_expect_eq(failures_total(&result.totals.failures), 3);
    cr_expect_eq(failures_of_requests(&result.totals.failures), 0);
    cr_expect_eq(result.totals.clients_served, 1, "the one that is used is not harmed");
    cr_expect_lt(result.window_ns, LONG_NS, "the three were not noticed");
    load_result_release(&result);
}
