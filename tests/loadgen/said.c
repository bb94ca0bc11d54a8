/* Loads that speak HTTP, and loads that speak into a sink. */
#include "tests/support/load_run.h"
#include "tests/support/send_whole.h"

#include <string.h>

/*** HTTP ***/

static bool answer_and_close(struct tiny_server *server, struct guest *guest, char *data,
                             size_t count)
{
    static const char reply[] =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
    (void)server, (void)data, (void)count;
    send_whole(guest->fd, reply, strlen(reply));
    return false;
}

static bool answer_until_the_end(struct tiny_server *server, struct guest *guest, char *data,
                                 size_t count)
{
    static const char reply[] = "HTTP/1.1 302 There\r\n\r\nsomething";
    (void)server, (void)data, (void)count;
    send_whole(guest->fd, reply, strlen(reply));
    return false;
}

ENGINE_TEST(http, a_server_that_says_it_will_close_is_connected_to_anew)
{
    static const struct {
        answer_function *answer;
        size_t status_class;
    } rows[] = {{answer_and_close, 2}, {answer_until_the_end, 3}};
    for (size_t i = 0; i < 2; i++) {
        struct tiny_server server;
        struct load_result result;
        tiny_server_start(&server, rows[i].answer);
        struct load_plan plan = plan_of(&server, 4);
        plan.protocol = &load_protocol_http;
        run_until_answered(&server, &plan, 8, &result);
        cr_expect_eq(failures_total(&result.totals.failures), 0);
        cr_expect_gt(result.totals.connections, 4);
        cr_expect_eq(result.totals.by_status_class[rows[i].status_class], result.totals.answered);
        load_result_release(&result);
    }
}

static bool answer_once_and_close(struct tiny_server *server, struct guest *guest, char *data,
                                  size_t count)
{
    static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    (void)server, (void)data, (void)count;
    send_whole(guest->fd, reply, strlen(reply));
    return false;
}

/* Whether the request after that is out already is up to the kernel; it is asked once more. */
ENGINE_TEST(http, a_server_that_closes_between_requests_loses_no_client)
{
    static const unsigned depths[] = {1, 4};
    for (size_t i = 0; i < 2; i++) {
        struct tiny_server server;
        struct load_result result;
        tiny_server_start(&server, answer_once_and_close);
        struct load_plan plan = plan_of(&server, 4);
        plan.protocol = &load_protocol_http;
        plan.depth = depths[i];
        run_until_answered(&server, &plan, 40, &result);
        const struct load_totals *totals = &result.totals;
        cr_expect_eq(failures_total(&totals->failures), 0);
        cr_expect_gt(totals->connections, 4);
        cr_expect_geq(totals->closed_idle + totals->sent_again, totals->connections - 4 - 4);
        load_result_release(&result);
    }
}

static bool close_unanswered(struct tiny_server *server, struct guest *guest, char *data,
                             size_t count)
{
    (void)server, (void)guest, (void)data, (void)count;
    return false;
}

/* Nothing was ever answered, so there is nothing to come back for. */
ENGINE_TEST(http, a_server_that_closes_before_a_reply_loses_its_clients)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, close_unanswered);
    struct load_plan plan = plan_of(&server, 3);
    plan.protocol = &load_protocol_http;
    run(&server, &plan, LONG_NS, &result);
    cr_expect_eq(failures_of_requests(&result.totals.failures), 3);
    cr_expect_eq(result.totals.sent_again, 0);
    cr_expect_eq(result.totals.connections, 3);
    load_result_release(&result);
}

static bool refuse(struct tiny_server *server, struct guest *guest, char *data, size_t count)
{
    static const char refusal[] = "HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno";
    static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    (void)server, (void)data, (void)count;
    const char *said = guest->kept_bytes++ == 0 ? refusal : reply;
    send_whole(guest->fd, said, strlen(said));
    return true;
}

/* A refusal is no answer, but the connection is as good as before. */
ENGINE_TEST(http, a_refusal_is_no_answer_and_loses_nobody)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, refuse);
    struct load_plan plan = plan_of(&server, 3);
    plan.protocol = &load_protocol_http;
    run_until_answered(&server, &plan, 9, &result);
    const struct load_totals *totals = &result.totals;
    expect_failures(&result, PHASE_REPLY, CAUSE_STATUS_4XX, 3);
    cr_expect_eq(failures_total(&totals->failures), 3);
    cr_expect_eq(totals->connections, 3);
    cr_expect_eq(totals->by_status_class[4], 3);
    cr_assert_eq(totals->unexpected.kinds, 1);
    cr_expect_eq(totals->unexpected.by[0].count, 3);
    load_result_release(&result);
}

/* They do not come back, and nothing has failed. */
ENGINE_TEST(http, slow_readers_leave_a_server_that_says_it_will_close)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, answer_and_close);
    run_beside_slow(&server, &load_protocol_http, 3, &result);
    cr_expect_eq(result.totals.slow_answered, 3);
    cr_expect_eq(failures_total(&result.totals.failures), 0);
    load_result_release(&result);
}

/* The reply is there, and over, before the request has been sent. */
ENGINE_TEST(http, a_reply_before_the_end_of_the_request_is_no_reply)
{
    static char path[4000000];
    struct tiny_server server;
    struct load_result result;
    memset(path, 'a', sizeof path - 1);
    path[0] = '/';
    tiny_server_start(&server, answer_until_the_end);
    struct load_plan plan = plan_of(&server, 2);
    plan.protocol = &load_protocol_http;
    plan.path = path;
    run(&server, &plan, LONG_NS, &result);
    cr_expect_eq(result.totals.answered, 0);
    cr_expect_eq(failures_of_requests(&result.totals.failures), 2);
    load_result_release(&result);
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
        plan.protocol = &load_protocol_sink;
        plan.size_bytes = rows[i].size_bytes;
        plan.depth = rows[i].depth;
        plan.requests_per_connection = rows[i].requests_per_connection;
        run_until_answered(&server, &plan, 3UL * rows[i].depth, &result);
        cr_expect_eq(failures_total(&result.totals.failures), 0);
        cr_expect_eq(result.totals.in_flight, 0, "row %zu", i);
        cr_expect_eq(result.totals.clients_served, 3);
        load_result_release(&result);
    }
}

ENGINE_TEST(sink, a_server_that_answers_is_found_out)
{
    struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, 3);
    plan.protocol = &load_protocol_sink;
    run(&server, &plan, LONG_NS, &result);
    cr_expect_eq(result.totals.clients_served + failures_total(&result.totals.failures) >= 3, true);
    for (size_t i = 0; i < result.totals.failures.kinds; i++)
        cr_expect_eq(result.totals.failures.by[i].cause, CAUSE_UNASKED);
    load_result_release(&result);
}
