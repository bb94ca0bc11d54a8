/* The responder that tells the truth to load generators: it never answers before its time. */
#include "loadgen/responder/responder_process.h"
#include "tests/support/load_run.h"

#define CLIENTS 10
#define ROUNDS  3 /* of requests by each, at least on average */

static struct histogram latency; /* of every answer, also to what was sent after the window */

static void note(const struct load_interval *interval, void *load)
{
    histogram_merge(&latency, &interval->latency);
    if (latency.total >= ROUNDS * CLIENTS && interval->clients_served == CLIENTS)
        load_stop(load);
}

static void init(void)
{
    histogram_init(&latency);
}

static void release(void)
{
    histogram_release(&latency);
}

TestSuite(responder, .init = init, .fini = release);

/* Loads it with ten clients that begin at once, and ends it. */
static void load_responder(const struct responder_plan *plan, struct load_result *result)
{
    struct responder_process responder;
    cr_assert_eq(responder_start(&responder, plan), 0);
    struct load_plan load_plan = plan_to(&responder.address, CLIENTS);
    load_plan.threads = 1;
    struct load *load = load_new(&load_plan);
    load_result_init(result);
    cr_assert_eq(load_connect(load), CLIENTS);
    load_watch(load, 10 * NS_PER_MS, note, load);
    load_measure(load, 0, LONG_NS, result);
    load_free(load);
    struct histogram delays;
    histogram_init(&delays);
    cr_assert_eq(responder_end(&responder, &delays), 0);
    cr_expect_eq(delays.total, result->totals.answered);
    histogram_release(&delays);
    cr_assert_eq(result->totals.clients_served, CLIENTS);
    cr_assert_eq(latency.total, result->totals.answered);
}

Test(responder, waits_as_long_as_it_says)
{
    struct responder_plan plan = {.law = DELAY_CONSTANT, .delay_ns = 30 * NS_PER_MS};
    struct load_result result;
    load_responder(&plan, &result);
    cr_expect_geq(latency.min_ns, 30 * NS_PER_MS);
    load_result_release(&result);
}

Test(responder, serves_a_queue_one_by_one)
{
    struct responder_plan plan = {.law = DELAY_CONSTANT, .delay_ns = 5 * NS_PER_MS, .queues = true};
    struct load_result result;
    load_responder(&plan, &result);
    cr_expect_geq(latency.min_ns, 5 * NS_PER_MS);
    cr_expect_geq(latency.max_ns, 49 * NS_PER_MS, "%d ns", (int)latency.max_ns);
    load_result_release(&result);
}

Test(responder, answers_nothing_while_it_stalls)
{
    /* It stalls from its beginning on. */
    struct responder_plan plan = {.stall_ns = 2 * NS_PER_S, .stall_every_ns = 4 * NS_PER_S};
    struct load_result result;
    load_responder(&plan, &result);
    cr_expect_geq(result.first_service.max_ns, 100 * NS_PER_MS);
    load_result_release(&result);
}

Test(responder, delays_are_of_two_kinds_or_many)
{
    struct responder_plan plan = {.law = DELAY_BIMODAL, .delay_ns = 5 * NS_PER_MS, .seed = 1};
    struct load_result result;
    load_responder(&plan, &result);
    cr_expect_geq(latency.min_ns, 5 * NS_PER_MS);
    load_result_release(&result);
    histogram_clear(&latency);
    plan = (struct responder_plan){.law = DELAY_EXPONENTIAL, .delay_ns = 5 * NS_PER_MS, .seed = 1};
    load_responder(&plan, &result);
    cr_expect_gt(latency.max_ns, 5 * NS_PER_MS, "of many draws each is shorter");
    load_result_release(&result);
}
