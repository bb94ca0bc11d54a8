/* What clients can do beside sending one request after the other: have several outstanding, connect
 * anew, read slowly, be acknowledged; and how servers that go wrong with them are named. */
#include "base/address.h"
#include "base/clock.h"
#include "base/socket.h"
#include "loadgen/exchange.h"
#include "loadgen/load.h"
#include "tests/engine_test.h"
#include "tests/tiny_server.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#define WINDOW_NS (50 * NS_PER_MS)
#define LONG_NS   (60 * NS_PER_S)

static struct load_plan plan_of(const struct tiny_server *server, unsigned clients)
{
    return (struct load_plan){
        .address = server->address,
        .clients = clients,
        .threads = clients < 3 ? clients : 3,
        .engine = engine,
        .size_bytes = 64,
        .path = "/",
        .connect_timeout_ns = LONG_NS,
        .grace_ns = LONG_NS,
        .seed = 5,
    };
}

/* Loads the server, once everybody is connected, and ends it. */
static void run(struct tiny_server *server, const struct load_plan *plan, int64_t window_ns,
                struct load_result *result)
{
    struct load *load = load_new(plan);
    load_result_init(result);
    cr_expect_eq(load_connect(load), plan->clients);
    load_measure(load, 0, window_ns, result);
    load_free(load);
    tiny_server_end(server);
    const struct load_totals *totals = &result->totals;
    cr_expect_eq(totals->sent,
                 totals->answered + failures_of_requests(&totals->failures) + totals->in_flight);
}

static void expect_failures(const struct load_result *result, enum failure_phase phase, int cause,
                            uint64_t count)
{
    const struct failures *failures = &result->totals.failures;
    uint64_t found = 0;
    for (size_t i = 0; i < failures->kinds; i++)
        if (failures->by[i].phase == phase && failures->by[i].cause == cause)
            found += failures->by[i].count;
    cr_expect_eq(found, count, "%d of %s in phase %s", (int)found, failure_cause_name(cause),
                 failure_phase_name(phase));
}

/*** Depth ***/

ENGINE_TEST(depth, so_many_requests_are_outstanding)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, never_answer);
    struct load_plan plan = plan_of(&server, 3);
    plan.depth = 5;
    plan.grace_ns = 0;
    run(&server, &plan, WINDOW_NS, &result);
    cr_expect_eq(result.totals.sent, 15);
    cr_expect_eq(result.totals.in_flight, 15);
    cr_expect_eq(result.totals.clients_served, 0);
    cr_expect_gt(result.silence_ns, 0);
    load_result_release(&result);
}

ENGINE_TEST(depth, replies_of_every_size_are_told_apart)
{
    static const size_t sizes[] = {1, 17, 300, 20000};
    static const unsigned depths[] = {2, 3, 64};
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 3; j++) {
            struct tiny_server server;
            struct load_result result;
            tiny_server_start(&server, i % 2 == 0 ? echo : echo_byte_by_byte);
            struct load_plan plan = plan_of(&server, 4);
            plan.depth = depths[j];
            plan.size_bytes = sizes[i] < 1000 || i % 2 == 0 ? sizes[i] : 1000;
            run(&server, &plan, WINDOW_NS, &result);
            cr_expect_eq(failures_total(&result.totals.failures), 0);
            cr_expect_eq(result.totals.in_flight, 0);
            cr_expect_eq(result.totals.clients_served, 4);
            cr_expect_geq(result.totals.answered, 4 * depths[j]);
            load_result_release(&result);
        }
}

/* Due requests go to whoever is idle, and only then to whoever has one outstanding. */
ENGINE_TEST(depth, idle_clients_come_first)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, never_answer);
    struct load_plan plan = plan_of(&server, 8);
    plan.threads = 1;
    plan.depth = 10;
    plan.rate_per_s = 200; /* 8 within 40 ms, and no ninth before the window's end */
    plan.grace_ns = 0;
    run(&server, &plan, 44 * NS_PER_MS, &result);
    cr_expect_leq(result.totals.sent, 8);
    cr_expect_eq(result.totals.clients_used, result.totals.sent);
    load_result_release(&result);
}

/* One wrong reply is one wrong reply, whatever else was outstanding. */
ENGINE_TEST(depth, requests_behind_a_wrong_reply_are_given_up)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo_with_a_wrong_byte);
    struct load_plan plan = plan_of(&server, 2);
    plan.depth = 4;
    run(&server, &plan, LONG_NS, &result);
    expect_failures(&result, PHASE_WAIT, CAUSE_WRONG_BYTES, 2);
    expect_failures(&result, PHASE_WAIT, CAUSE_GIVEN_UP, 6);
    cr_expect_eq(failures_total(&result.totals.failures), 8);
    load_result_release(&result);
}

/*** Connecting anew ***/

ENGINE_TEST(churn, connections_have_their_share_and_are_made_anew)
{
    static const struct {
        unsigned requests, depth;
        double rate_per_s;
    } rows[] = {{1, 1, 0}, {3, 1, 0}, {5, 2, 0}, {2, 8, 0}, {1, 1, 500}, {4, 2, 500}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tiny_server server;
        struct load_result result;
        tiny_server_start(&server, echo);
        struct load_plan plan = plan_of(&server, 6);
        plan.requests_per_connection = rows[i].requests;
        plan.depth = rows[i].depth;
        plan.rate_per_s = rows[i].rate_per_s;
        run(&server, &plan, 2 * WINDOW_NS, &result);
        const struct load_totals *totals = &result.totals;
        cr_expect_eq(failures_total(&totals->failures), 0);
        cr_expect_eq(totals->in_flight, 0);
        cr_expect_gt(totals->connections, 6);
        cr_expect_leq(totals->connections, server.admitted);
        cr_expect_leq(totals->answered, totals->connections_served * rows[i].requests);
        cr_expect_gt(totals->answered, (totals->connections_served - 7) * rows[i].requests);
        cr_expect_eq(result.connect.total, totals->connections);
        cr_expect_eq(result.first_service.total, totals->connections_served);
        if (rows[i].rate_per_s > 0)
            cr_expect_eq(result.window_answered, 49, "%d", (int)result.window_answered);
        load_result_release(&result);
    }
}

ENGINE_TEST(churn, goes_on_from_one_measurement_to_the_next)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, 3);
    plan.requests_per_connection = 2;
    struct load *load = load_new(&plan);
    load_result_init(&result);
    load_connect(load);
    uint64_t connections = 0;
    for (int i = 0; i < 3; i++) {
        load_measure(load, 0, WINDOW_NS, &result);
        cr_expect_gt(result.totals.connections, connections);
        connections = result.totals.connections;
        cr_expect_eq(failures_total(&result.totals.failures), 0);
    }
    load_free(load);
    load_result_release(&result);
    tiny_server_end(&server);
}

/*** HTTP ***/

static bool answer_and_close(struct tiny_server *server, struct guest *guest, char *data,
                             size_t count)
{
    static const char reply[] =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
    (void)server, (void)data, (void)count;
    socket_send_all(guest->fd, reply, strlen(reply));
    return false;
}

static bool answer_until_the_end(struct tiny_server *server, struct guest *guest, char *data,
                                 size_t count)
{
    static const char reply[] = "HTTP/1.1 500 No\r\n\r\nsomething";
    (void)server, (void)data, (void)count;
    socket_send_all(guest->fd, reply, strlen(reply));
    return false;
}

ENGINE_TEST(http, a_server_that_says_it_will_close_is_connected_to_anew)
{
    static const struct {
        answer_function *answer;
        size_t status_class;
    } rows[] = {{answer_and_close, 2}, {answer_until_the_end, 5}};
    for (size_t i = 0; i < 2; i++) {
        struct tiny_server server;
        struct load_result result;
        tiny_server_start(&server, rows[i].answer);
        struct load_plan plan = plan_of(&server, 4);
        plan.exchange = &exchange_http;
        run(&server, &plan, WINDOW_NS, &result);
        cr_expect_eq(failures_total(&result.totals.failures), 0);
        cr_expect_gt(result.totals.connections, 4);
        cr_expect_gt(result.totals.answered, 4);
        cr_expect_eq(result.totals.by_status_class[rows[i].status_class], result.totals.answered);
        load_result_release(&result);
    }
}

/*** Sink ***/

ENGINE_TEST(sink, messages_count_when_they_are_acknowledged)
{
    static const struct {
        size_t size_bytes;
        unsigned depth, requests_per_connection;
    } rows[] = {{64, 1, 0}, {1, 8, 0}, {100000, 3, 0}, {64, 2, 5}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tiny_server server;
        struct load_result result;
        tiny_server_start(&server, never_answer);
        struct load_plan plan = plan_of(&server, 3);
        plan.exchange = &exchange_sink;
        plan.size_bytes = rows[i].size_bytes;
        plan.depth = rows[i].depth;
        plan.requests_per_connection = rows[i].requests_per_connection;
        run(&server, &plan, WINDOW_NS, &result);
        cr_expect_eq(failures_total(&result.totals.failures), 0);
        cr_expect_eq(result.totals.in_flight, 0, "row %zu", i);
        cr_expect_eq(result.totals.clients_served, 3);
        cr_expect_geq(result.totals.answered, 3 * rows[i].depth);
        load_result_release(&result);
    }
}

ENGINE_TEST(sink, a_server_that_answers_is_found_out)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, 3);
    plan.exchange = &exchange_sink;
    run(&server, &plan, LONG_NS, &result);
    cr_expect_eq(result.totals.clients_served + failures_total(&result.totals.failures) >= 3, true);
    for (size_t i = 0; i < result.totals.failures.kinds; i++)
        cr_expect_eq(result.totals.failures.by[i].cause, CAUSE_UNASKED);
    load_result_release(&result);
}

/*** Slow readers ***/

static void run_beside_slow(struct tiny_server *server, struct load_result *result)
{
    struct load_plan plan = plan_of(server, 2);
    plan.slow_readers = 3;
    struct load *load = load_new(&plan);
    load_result_init(result);
    cr_expect_eq(load_connect(load), 2);
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    do
        load_measure(load, 0, WINDOW_NS, result);
    while (result->totals.slow_answered == 0 && failures_total(&result->totals.failures) < 3 &&
           clock_now_ns() < deadline_ns);
    load_free(load);
    tiny_server_end(server);
}

ENGINE_TEST(slow_readers, read_what_they_asked_for)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo);
    run_beside_slow(&server, &result);
    cr_expect_eq(result.totals.slow_connected, 3);
    cr_expect_gt(result.totals.slow_answered, 0);
    cr_expect_eq(failures_total(&result.totals.failures), 0);
    cr_expect_eq(result.totals.clients_connected, 2);
    load_result_release(&result);
}

/* Serves small requests rightly, and what is long wrongly. */
static bool spoil_the_long(struct tiny_server *server, struct guest *guest, char *data,
                           size_t count)
{
    data[0] ^= count > 64;
    return echo(server, guest, data, count);
}

ENGINE_TEST(slow_readers, wrong_replies_to_them_are_failures_of_their_own)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, spoil_the_long);
    run_beside_slow(&server, &result);
    expect_failures(&result, PHASE_SLOW, CAUSE_WRONG_BYTES, 3);
    cr_expect_eq(failures_of_requests(&result.totals.failures), 0);
    cr_expect_eq(result.totals.clients_served, 2);
    load_result_release(&result);
}

/*** Servers that go wrong ***/

ENGINE_TEST(hostile, a_server_that_resets_is_named)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, reset);
    struct load_plan plan = plan_of(&server, 5);
    run(&server, &plan, LONG_NS, &result);
    expect_failures(&result, PHASE_WAIT, ECONNRESET, 5);
    cr_expect_eq(failures_total(&result.totals.failures), 5);
    load_result_release(&result);
}

ENGINE_TEST(hostile, a_connection_that_ends_fails_all_that_is_outstanding_on_it)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, break_off_and_close);
    struct load_plan plan = plan_of(&server, 2);
    plan.depth = 3;
    plan.size_bytes = 40;
    run(&server, &plan, LONG_NS, &result);
    cr_expect_eq(failures_of_requests(&result.totals.failures), 6);
    cr_expect_eq(result.totals.answered, 0);
    load_result_release(&result);
}

/*** Connecting slowly ***/

ENGINE_TEST(ramp, connecting_takes_its_time)
{
    struct tiny_server server;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, 8);
    plan.ramp_ns = 80 * NS_PER_MS;
    struct load *load = load_new(&plan);
    int64_t begin_ns = clock_now_ns();
    cr_expect_eq(load_connect(load), 8);
    cr_expect_geq(clock_now_ns() - begin_ns, 70 * NS_PER_MS, "the last of eight comes after 7/8");
    load_free(load);
    tiny_server_end(&server);
}
