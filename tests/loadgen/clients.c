/* What clients can do beside sending one request after the other: have several outstanding, connect
 * anew, read slowly; and how servers that go wrong with them are named. */
#include "tests/support/load_run.h"
#include "tests/support/send_whole.h"

#include <errno.h>
#include <string.h>

/*** Depth ***/

ENGINE_TEST(depth, so_many_requests_are_outstanding)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, never_answer);
    struct load_plan plan = plan_of(&server, 3);
    plan.depth = 5;
    plan.grace_ns = 0;
    struct load *load = load_new(&plan);
    load_result_init(&result);
    cr_expect_eq(load_connect(load), 3);
    measure_until_sent(load, 15, &result);
    cr_expect_eq(result.totals.sent, 15);
    cr_expect_eq(result.totals.in_flight, 15);
    cr_expect_eq(result.totals.clients_served, 0);
    cr_expect_gt(result.silence_ns, 0);
    load_result_release(&result);
    load_free(load);
    tiny_server_end(&server);
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
            run_until_answered(&server, &plan, 4UL * depths[j], &result);
            cr_expect_eq(failures_total(&result.totals.failures), 0);
            cr_expect_eq(result.totals.in_flight, 0);
            cr_expect_eq(result.totals.clients_served, 4);
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

/* All of them are due before anybody can send. */
ENGINE_TEST(depth, idle_clients_come_first_where_all_is_late)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, 8);
    plan.threads = 1;
    plan.depth = 10;
    plan.rate_per_s = 1e6;
    run(&server, &plan, 8500, &result);
    cr_expect_eq(result.totals.sent, 8);
    cr_expect_eq(result.totals.clients_used, 8);
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

struct loss {
    struct load *load;
    int64_t noticed_ns; /* since the begin of the measurement */
};

static void stop_a_window_after_a_loss(const struct load_interval *interval, void *context)
{
    struct loss *loss = context;
    int64_t now_ns = interval->begin_ns + interval->length_ns;
    if (loss->noticed_ns == 0 && interval->failed > 0)
        loss->noticed_ns = now_ns;
    if (loss->noticed_ns > 0 && now_ns > loss->noticed_ns + WINDOW_NS)
        load_stop(loss->load);
}

/* Who is lost while it may take more must not be missed by those who may, too. */
ENGINE_TEST(depth, a_lost_client_leaves_its_place)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, reset_at_the_second);
    struct load_plan plan = plan_of(&server, 3);
    plan.threads = 1;
    plan.depth = 4;
    plan.rate_per_s = 500;
    plan.grace_ns = 0;
    struct loss loss = {.load = load_new(&plan)};
    load_watch(loss.load, 10 * NS_PER_MS, stop_a_window_after_a_loss, &loss);
    run_load(loss.load, &plan, LONG_NS, &server, &result);
    cr_expect_eq(result.totals.in_flight, 8, "%d: the two that are left can hold four each",
                 (int)result.totals.in_flight);
    cr_expect_gt(result.window_unsent, 0);
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
        bool is_scheduled = rows[i].rate_per_s > 0;
        if (is_scheduled)
            run(&server, &plan, 2 * WINDOW_NS, &result);
        else
            run_until_answered(&server, &plan, 12UL * rows[i].requests, &result);
        const struct load_totals *totals = &result.totals;
        cr_expect_eq(failures_total(&totals->failures), 0);
        cr_expect_eq(totals->in_flight, 0);
        cr_expect_gt(totals->connections, 6);
        cr_expect_leq(totals->connections, server.admitted);
        cr_expect_leq(totals->answered, totals->connections_served * rows[i].requests);
        cr_expect_gt(totals->answered, (totals->connections_served - 7) * rows[i].requests);
        cr_expect_eq(result.connect.total, totals->connections);
        cr_expect_eq(result.first_service.total, totals->connections_served);
        if (is_scheduled)
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
    for (uint64_t connections = 3; connections < 12; connections = result.totals.connections) {
        uint64_t before = connections;
        int64_t deadline_ns = clock_now_ns() + LONG_NS;
        do
            load_measure(load, 0, WINDOW_NS, &result);
        while (result.totals.connections == before && clock_now_ns() < deadline_ns);
        cr_assert_gt(result.totals.connections, before);
        cr_expect_eq(failures_total(&result.totals.failures), 0);
    }
    load_free(load);
    load_result_release(&result);
    tiny_server_end(&server);
}

/*** Slow readers ***/

ENGINE_TEST(slow_readers, read_what_they_asked_for)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo);
    run_beside_slow(&server, &load_protocol_echo, 1, &result);
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
    run_beside_slow(&server, &load_protocol_echo, 1, &result);
    expect_failures(&result, PHASE_SLOW, CAUSE_WRONG_BYTES, 3);
    cr_expect_eq(failures_of_requests(&result.totals.failures), 0);
    cr_expect_eq(result.totals.clients_served, 2);
    load_result_release(&result);
}

static bool chatter(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    (void)server, (void)data, (void)count;
    return send_whole(guest->fd, "x\nx\nx\nx\n", 8) == 0;
}

ENGINE_TEST(slow_readers, replies_that_nobody_asked_for_are_found_out)
{
    static char line[60000];
    struct tiny_server server;
    struct load_result result;
    memset(line, 'a', sizeof line - 1);
    tiny_server_start(&server, chatter);
    struct load_plan plan = plan_of(&server, 1);
    plan.slow_readers = 3;
    plan.protocol = &load_protocol_exchange;
    plan.send = line;
    plan.rate_per_s = 0.001; /* the other one has nothing to say */
    struct load *load = load_new(&plan);
    load_result_init(&result);
    load_connect(load);
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    do
        load_measure(load, 0, WINDOW_NS, &result);
    while (failures_total(&result.totals.failures) < 3 && clock_now_ns() < deadline_ns);
    expect_failures(&result, PHASE_SLOW, CAUSE_UNASKED, 3);
    load_free(load);
    load_result_release(&result);
    tiny_server_end(&server);
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
