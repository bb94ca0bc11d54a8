/* What a load thinks of its own figures. */
#include "loadgen/judgement.h"
#include "base/clock.h"

#include <criterion/criterion.h>
#include <string.h>

/* A second of 64 clients that are answered within 1 ms each, on two quiet cores. */
static struct load_plan plan;
static struct load_result result;
static struct surroundings surroundings;
static struct judgement judgement;

static char quick_clock[] = "tsc";

#define REQUESTS 64000

static void init(void)
{
    plan = (struct load_plan){.clients = 64};
    load_result_init(&result);
    result.totals = (struct load_totals){
        .clients_connected = 64,
        .connections = 64,
        .clients_used = 64,
        .clients_served = 64,
        .sent = REQUESTS,
        .answered = REQUESTS,
    };
    result.windows = 1;
    result.window_ns = NS_PER_S;
    result.window_sent = result.window_answered = REQUESTS;
    result.busiest_thread_share = 0.5;
    for (int i = 0; i < REQUESTS; i++) {
        histogram_record(&result.latency, NS_PER_MS);
        histogram_record(&result.slip, NS_PER_US);
    }
    surroundings = (struct surroundings){
        .machine = {.total_ns = 2 * NS_PER_S, .busy_ns = NS_PER_S},
        .own_cpu_ns = 9 * NS_PER_S / 10,
        .server_is_known = true,
        .clock = quick_clock,
    };
}

static void release(void)
{
    judgement_release(&judgement);
    load_result_release(&result);
}

TestSuite(judgement, .init = init, .fini = release);

static void expect(enum validity verdict, const char *reason)
{
    judgement_make(&judgement, &plan, &result, &surroundings);
    cr_expect_eq(judgement.verdict, verdict, "%s", validity_name(judgement.verdict));
    cr_expect_eq(judgement.count, reason != NULL, "%zu reasons: %s", judgement.count,
                 judgement.count > 0 ? judgement.reasons[0] : "");
    if (reason != NULL && judgement.count > 0)
        cr_expect(strstr(judgement.reasons[0], reason) != NULL, "%s", judgement.reasons[0]);
}

Test(judgement, a_quiet_run_is_valid)
{
    expect(VALID, NULL);
}

Test(judgement, a_run_without_answers_is_invalid)
{
    result.window_answered = 0;
    expect(INVALID, "no request was answered in the window");
}

Test(judgement, a_saturated_generator_is_suspect)
{
    result.busiest_thread_share = 0.95;
    expect(SUSPECT, "busy for 95 %");
}

Test(judgement, an_overflow_is_suspect)
{
    plan.rate_per_s = REQUESTS; /* Little's law is asked in a closed loop only */
    histogram_record(&result.latency, 2 * HISTOGRAM_HIGHEST_NS);
    expect(SUSPECT, "1 latencies were longer");
}

Test(judgement, slip_beyond_a_share_of_the_latency_is_suspect)
{
    plan.rate_per_s = REQUESTS;
    for (int i = 0; i < 2 * REQUESTS; i++)
        histogram_record(&result.slip, NS_PER_MS / 5);
    expect(SUSPECT, "at least 200 us late, which is 20 %");
}

Test(judgement, a_rate_that_is_not_reached_is_suspect)
{
    plan.rate_per_s = 2 * REQUESTS;
    result.window_unsent = REQUESTS;
    expect(SUSPECT, "only 50.0 % of the offered requests were answered");
}

Test(judgement, a_rate_that_does_not_fit_the_latency_is_suspect)
{
    result.window_answered /= 2;
    expect(SUSPECT, "32.0 requests in flight, but the clients had 64");
}

Test(judgement, littles_law_allows_one_window_little)
{
    result.window_answered = REQUESTS * 92 / 100;
    expect(SUSPECT, "58.9 requests in flight");
}

Test(judgement, littles_law_allows_many_windows_many_edges)
{
    result.windows = 50; /* of 20 ms, with latencies of 1 ms: 5 % */
    result.window_answered = REQUESTS * 92 / 100;
    expect(VALID, NULL);
}

Test(judgement, littles_law_is_asked_of_many_windows_too)
{
    result.windows = 50;
    result.window_answered = REQUESTS * 88 / 100;
    expect(SUSPECT, "56.3 requests in flight");
}

Test(judgement, littles_law_is_not_asked_where_not_all_are_served)
{
    result.window_answered /= 2;
    result.totals.clients_served = 1;
    expect(VALID, NULL);
}

Test(judgement, littles_law_counts_the_depth)
{
    plan.depth = 2;
    expect(SUSPECT, "64.0 requests in flight, but the clients had 128");
}

Test(judgement, littles_law_is_not_asked_of_clients_that_connect_anew)
{
    result.window_answered /= 2;
    result.totals.connections = 640;
    expect(VALID, NULL);
}

Test(judgement, a_server_that_falls_silent_is_suspect)
{
    result.silence_ns = NS_PER_S / 2;
    result.totals.in_flight = 64;
    expect(SUSPECT, "nothing in the last 0.50 s");
}

Test(judgement, a_run_that_leaves_requests_unanswered_is_suspect)
{
    result.totals.in_flight = 7;
    expect(SUSPECT, "7 requests were never answered");
}

Test(judgement, a_run_that_ends_early_is_suspect)
{
    result.planned_ns = 2 * NS_PER_S;
    expect(SUSPECT, "after 1.00 s of 2.00 s");
}

Test(judgement, a_server_that_is_not_asked_may_be_silent)
{
    result.silence_ns = NS_PER_S / 2;
    expect(VALID, NULL);
}

Test(judgement, foreign_load_is_suspect_where_it_can_be_told)
{
    surroundings.own_cpu_ns = NS_PER_S / 2;
    expect(SUSPECT, "other programs took 25 %");
    judgement_release(&judgement);
    surroundings.server_is_known = false;
    expect(VALID, NULL);
}

Test(judgement, stolen_time_is_suspect)
{
    surroundings.machine.stolen_ns = NS_PER_S / 10;
    expect(SUSPECT, "other machines on this host took 5 %");
}

Test(judgement, a_slow_clock_is_suspect)
{
    static char slow_clock[] = "hpet";
    surroundings.clock = slow_clock;
    expect(SUSPECT, "hpet, is slow to read");
}

Test(judgement, clients_that_a_server_never_serves_are_no_suspicion_in_a_bench)
{
    result.totals.clients_served = 1;
    result.totals.in_flight = 3 * 63;
    surroundings.starts = 3;
    expect(VALID, NULL);
    judgement_release(&judgement);
    result.totals.in_flight++;
    expect(SUSPECT, "190 requests were never answered");
}

Test(judgement, a_generator_that_shares_the_processors_is_no_suspicion_of_one_server)
{
    result.busiest_thread_share = 0.95;
    surroundings.shares_processors = true;
    expect(VALID, NULL);
    judgement_release(&judgement);
    surroundings.shares_processors = false;
    expect(SUSPECT, "a generator thread was busy for 95 %");
}
