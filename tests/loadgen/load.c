/* Loads on small servers, each of which does one thing, right or wrong. */
#include "tests/support/load_run.h"

#include "base/io_uring_support.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void expect_all_served(const struct load_result *result, unsigned clients)
{
    const struct load_totals *totals = &result->totals;
    cr_expect_eq(totals->clients_served, clients);
    cr_expect_eq(totals->answered, totals->sent);
    cr_expect_eq(failures_total(&totals->failures), 0);
    cr_expect_eq(totals->in_flight, 0);
    cr_expect_eq(result->window_sent, totals->sent);
    cr_expect_eq(result->window_answered, totals->sent);
}

/* Nothing but this cause, this often, with a request out. */
static void expect_only(const struct load_result *result, int cause, uint64_t count)
{
    const struct failures *failures = &result->totals.failures;
    for (size_t i = 0; i < failures->kinds; i++)
        cr_expect_eq(failures->by[i].cause, cause, "%s in phase %s",
                     failure_cause_name(failures->by[i].cause),
                     failure_phase_name(failures->by[i].phase));
    cr_expect_eq(failures_of_requests(failures), count);
    cr_expect_eq(failures_total(failures), count);
    cr_expect_eq(result->totals.in_flight, 0);
}

ENGINE_TEST(load, serves_every_client_of_an_echo_server)
{
    static struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, GUESTS_MAX);
    run_until_answered(&server, &plan, GUESTS_MAX, &result);
    expect_all_served(&result, GUESTS_MAX);
    cr_expect_gt(result.latency.min_ns, 0);
    cr_expect_gt(result.generator_cpu_ns, 0);
    double throughput_per_s = (double)result.window_answered * 1e9 / (double)result.window_ns;
    cr_expect_float_eq(load_throughput_per_s(&result), throughput_per_s, 1e-6);
    load_result_release(&result);
}

ENGINE_TEST(load, serves_requests_of_every_size)
{
    static const size_t sizes[] = {1, 15, 17, 5000, 4 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        static struct tiny_server server;
        struct load_result result;
        tiny_server_start(&server, echo);
        struct load_plan plan = plan_of(&server, 3);
        plan.size_bytes = sizes[i];
        run_until_answered(&server, &plan, 3, &result);
        expect_all_served(&result, 3);
        load_result_release(&result);
    }
}

ENGINE_TEST(load, takes_a_reply_in_any_pieces)
{
    static struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, echo_byte_by_byte);
    struct load_plan plan = plan_of(&server, 3);
    plan.size_bytes = 100;
    run_until_answered(&server, &plan, 3, &result);
    expect_all_served(&result, 3);
    load_result_release(&result);
}

ENGINE_TEST(load, can_be_measured_again_and_adds_up)
{
    static struct tiny_server server;
    struct load_result result;
    uint64_t answered = 0;
    unsigned measurements = 0;
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, 5);
    struct load *load = load_new(&plan);
    load_result_init(&result);
    cr_assert_eq(load_connect(load), 5);
    while (measurements < 3 && clock_now_ns() < deadline_ns) {
        load_measure(load, WINDOW_NS, WINDOW_NS, &result);
        expect_identities(&result);
        measurements += result.answered > 0;
        answered += result.answered;
        cr_expect_eq(result.totals.answered, answered);
        cr_expect_eq(result.connect.total, 5);
        cr_expect_eq(failures_total(&result.totals.failures), 0);
    }
    cr_expect_eq(measurements, 3);
    cr_expect_eq(result.totals.clients_served, 5);
    load_free(load);
    load_result_release(&result);
    tiny_server_end(&server);
}

static void run_until_all_are_lost(answer_function *answer, unsigned clients,
                                   struct load_result *result)
{
    static struct tiny_server server;
    tiny_server_start(&server, answer);
    struct load_plan plan = plan_of(&server, clients);
    run(&server, &plan, LONG_NS, result);
    cr_expect_lt(result->window_ns, LONG_NS);
}

ENGINE_TEST(load, loses_clients_of_a_server_that_closes_after_accept)
{
    struct load_result result;
    run_until_all_are_lost(NULL, 6, &result);
    const struct load_totals *totals = &result.totals;
    cr_expect_eq(totals->clients_served, 0);
    cr_expect_eq(totals->answered, 0);
    cr_expect_eq(totals->in_flight, 0);
    cr_expect_eq(failures_of_requests(&totals->failures), totals->sent, "some are lost before");
    cr_expect_eq(failures_total(&totals->failures), 6);
    for (size_t i = 0; i < totals->failures.kinds; i++) {
        int cause = totals->failures.by[i].cause;
        cr_expect(cause == CAUSE_CLOSED || cause == ECONNRESET || cause == EPIPE, "%s",
                  failure_cause_name(cause));
    }
    load_result_release(&result);
}

ENGINE_TEST(load, finds_wrong_bytes)
{
    struct load_result result;
    run_until_all_are_lost(echo_with_a_wrong_byte, 3, &result);
    expect_only(&result, CAUSE_WRONG_BYTES, 3);
    cr_expect_eq(result.totals.clients_served, 0);
    load_result_release(&result);
}

ENGINE_TEST(load, finds_bytes_that_nobody_asked_for)
{
    struct load_result result;
    run_until_all_are_lost(echo_twice, 3, &result);
    const struct failures *failures = &result.totals.failures;
    cr_assert_eq(failures->kinds, 1);
    cr_expect_eq(failures->by[0].cause, CAUSE_UNASKED);
    cr_expect_eq(failures->by[0].phase, PHASE_IDLE, "the reply itself was right");
    cr_expect_eq(failures->by[0].count, 3);
    cr_expect_eq(result.totals.clients_served, 3);
    cr_expect_eq(result.totals.answered, 3);
    load_result_release(&result);
}

ENGINE_TEST(load, finds_replies_given_before)
{
    struct load_result result;
    run_until_all_are_lost(repeat_the_first, 1, &result);
    expect_only(&result, CAUSE_REPEATED, 1);
    cr_expect_eq(result.totals.sent, 2);
    cr_expect_eq(result.totals.answered, 1);
    cr_expect_eq(result.totals.clients_served, 1);
    load_result_release(&result);
}

ENGINE_TEST(load, finds_replies_that_belong_to_another_client)
{
    struct load_result result;
    run_until_all_are_lost(swap_two, 2, &result);
    expect_only(&result, CAUSE_OTHER_CLIENT, 2);
    cr_expect_eq(result.totals.clients_served, 0);
    load_result_release(&result);
}

ENGINE_TEST(load, finds_replies_that_break_off)
{
    struct load_result result;
    run_until_all_are_lost(break_off_and_close, 3, &result);
    expect_only(&result, CAUSE_CLOSED, 3);
    cr_expect_eq(result.totals.failures.kinds, 1);
    cr_expect_eq(result.totals.failures.by[0].phase, PHASE_PARTIAL);
    load_result_release(&result);
}

/* A late answer counts in no window: not in that of its request, not in the next. */
ENGINE_TEST(load, leaves_the_unanswered_in_flight_and_takes_a_late_answer)
{
    static struct tiny_server server;
    struct load_result result;
    tiny_server_start(&server, hold_back);
    struct load_plan plan = plan_of(&server, 2);
    plan.grace_ns = WINDOW_NS;
    struct load *load = load_new(&plan);
    load_result_init(&result);
    cr_assert_eq(load_connect(load), 2);
    measure_until_sent(load, 2, &result);
    expect_identities(&result);
    cr_expect_eq(result.totals.sent, 2);
    cr_expect_eq(result.totals.in_flight, 2);
    cr_expect_eq(result.totals.clients_served, 0);
    cr_expect_eq(failures_total(&result.totals.failures), 0);

    tiny_server_open_up(&server);
    uint64_t late = 0;
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    while (result.totals.in_flight > 0 && clock_now_ns() < deadline_ns) {
        load_measure(load, 0, WINDOW_NS, &result);
        expect_identities(&result);
        late += result.answered - result.window_answered;
    }
    cr_expect_geq(late, 2);
    cr_expect_eq(result.totals.in_flight, 0);
    cr_expect_eq(result.totals.answered, result.totals.sent);
    cr_expect_eq(result.totals.clients_served, 2);
    load_free(load);
    load_result_release(&result);
    tiny_server_end(&server);
}

/*** Connecting ***/

static void expect_only_connect_failures(const struct load_result *result, int cause,
                                         uint64_t count)
{
    const struct failures *failures = &result->totals.failures;
    cr_assert_eq(failures->kinds, 1);
    cr_expect_eq(failures->by[0].phase, PHASE_CONNECT);
    cr_expect_eq(failures->by[0].cause, cause, "%s", failure_cause_name(failures->by[0].cause));
    cr_expect_eq(failures->by[0].count, count);
}

ENGINE_TEST(load, tells_a_closed_port_by_its_connect_phase)
{
    struct address address;
    struct load_result result;
    cr_assert_eq(address_parse_host("127.0.0.1", 0, &address), 0);
    int bound = socket(AF_INET, SOCK_STREAM, 0); /* holds the port, serves nobody */
    cr_assert_eq(bind(bound, &address.any, address.length_bytes), 0);
    cr_assert_eq(address_of_socket(bound, &address), 0);
    struct load_plan plan = plan_to(&address, 5);
    struct load *load = load_new(&plan);
    load_result_init(&result);
    cr_expect_eq(load_connect(load), 0);
    load_measure(load, LONG_NS, LONG_NS, &result);
    expect_identities(&result);
    expect_only_connect_failures(&result, ECONNREFUSED, 5);
    cr_expect_eq(result.totals.sent, 0);
    cr_expect_eq(result.window_ns, 0);
    cr_expect(load_throughput_per_s(&result) == 0);
    load_free(load);
    load_result_release(&result);
    close(bound);
}

/* A full backlog: the kernel drops what it has no room for, and the load gives up on it. */
ENGINE_TEST(load, gives_up_connecting_at_its_time_out)
{
    struct address address;
    struct load_result result;
    cr_assert_eq(address_parse_host("127.0.0.1", 0, &address), 0);
    int listener = socket_listen(&address, 0);
    cr_assert_eq(address_of_socket(listener, &address), 0);
    struct load_plan plan = plan_to(&address, 20);
    plan.connect_timeout_ns = WINDOW_NS;
    plan.grace_ns = 0;
    struct load *load = load_new(&plan);
    load_result_init(&result);
    unsigned connected = load_connect(load);
    cr_assert_lt(connected, 20);
    load_measure(load, 0, WINDOW_NS, &result);
    expect_identities(&result);
    expect_only_connect_failures(&result, ETIMEDOUT, 20 - connected);
    cr_expect_eq(result.totals.clients_connected, connected);
    cr_expect_leq(result.totals.in_flight, connected); /* fewer, if the window was over too soon */
    load_free(load);
    load_result_release(&result);
    close(listener);
}

/* Root has as much locked memory as it likes, and so have all on kernels that count none for
 * rings. */
Test(load, takes_epoll_where_no_locked_memory_is_left_for_a_ring)
{
    const char *reason = "";
    cr_assert_eq(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){0, 0}), 0);
    cr_assert(geteuid() != 0 || setresuid(65534, 65534, 65534) == 0);
    int error = io_uring_check(&reason);
    if (error != -ENOMEM)
        cr_skip_test("opening a ring without locked memory: %s", strerror(-error));
    cr_expect(strstr(reason, "ulimit -l") != NULL, "%s", reason);
    static struct tiny_server server;
    struct load_result result;
    engine = &engine_io_uring;
    tiny_server_start(&server, echo);
    struct load_plan plan = plan_of(&server, GUESTS_MAX);
    plan.may_take_another = true;
    struct load *load = load_new(&plan);
    cr_expect_eq(load_engine(load), &engine_epoll);
    run_load(load, &plan, WINDOW_NS, &server, &result);
    cr_expect_eq(failures_total(&result.totals.failures), 0);
    load_result_release(&result);
}
