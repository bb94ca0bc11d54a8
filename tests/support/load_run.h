/* A load on a tiny server, with the engine of the running test.
 *
 * Whether a test passes does not depend on how fast the machine is, nor on when it lets which
 * thread run: a closed loop goes on until what the test counts has happened; an open one, of which
 * a short window is enough, has a long grace. A load that loses all its clients ends by itself. */
#ifndef TESTS_SUPPORT_LOAD_RUN_H
#define TESTS_SUPPORT_LOAD_RUN_H

#include "base/address.h"
#include "base/clock.h"
#include "base/socket.h"
#include "loadgen/load.h"
#include "loadgen/protocols/protocol.h"
#include "tests/support/engine_test.h"
#include "tests/support/tiny_server.h"

#include <criterion/criterion.h>

#define WINDOW_NS (50 * NS_PER_MS)
#define LONG_NS   (60 * NS_PER_S)

static inline struct load_plan plan_to(const struct address *address, unsigned clients)
{
    return (struct load_plan){
        .address = *address,
        .clients = clients,
        .threads = clients < 3 ? clients : 3,
        .engine = engine,
        .may_take_another = true, /* all rings of a user share what memory he may lock */
        .size_bytes = 64,
        .path = "/",
        .connect_timeout_ns = LONG_NS,
        .grace_ns = LONG_NS,
        .seed = 5,
    };
}

static inline struct load_plan plan_of(const struct tiny_server *server, unsigned clients)
{
    return plan_to(&server->address, clients);
}

/* What must hold of every result, whatever the server did. */
static inline void expect_identities(const struct load_result *result)
{
    const struct load_totals *totals = &result->totals;
    cr_expect_eq(totals->sent,
                 totals->answered + failures_of_requests(&totals->failures) + totals->in_flight);
    cr_expect_leq(totals->clients_served, totals->clients_connected);
    cr_expect_eq(result->connect.total, totals->connections);
    cr_expect_eq(result->first_service.total, totals->connections_served);
    cr_expect_eq(result->latency.total, result->window_answered);
    cr_expect_eq(result->service.total, result->window_answered);
    cr_expect_eq(result->slip.total, result->window_sent);
    cr_expect_leq(result->window_answered, result->window_sent);
    cr_expect_leq(result->window_answered, result->answered);
    cr_expect_leq(result->answered, totals->answered);
}

/* Loads the server, once everybody is connected, and ends it. `load` is freed. */
static inline void run_load(struct load *load, const struct load_plan *plan, int64_t window_ns,
                            struct tiny_server *server, struct load_result *result)
{
    load_result_init(result);
    cr_expect_eq(load_connect(load), plan->clients);
    load_measure(load, 0, window_ns, result);
    load_free(load);
    tiny_server_end(server);
    expect_identities(result);
    cr_expect_eq(result->totals.clients_connected, plan->clients);
    cr_expect_leq(result->window_ns, window_ns);
}

static inline void run(struct tiny_server *server, const struct load_plan *plan, int64_t window_ns,
                       struct load_result *result)
{
    run_load(load_new(plan), plan, window_ns, server, result);
}

struct stop {
    struct load *load;
    unsigned clients;
    uint64_t wanted, answered;
};

static inline void stop_when_answered(const struct load_interval *interval, void *context)
{
    struct stop *stop = context;
    stop->answered += interval->latency.total;
    if (stop->answered >= stop->wanted && interval->clients_served == stop->clients)
        load_stop(stop->load);
}

/* The same, for as long as it takes until so many replies have come, and one to every client. */
static inline void run_until_answered(struct tiny_server *server, const struct load_plan *plan,
                                      uint64_t replies, struct load_result *result)
{
    struct stop stop = {load_new(plan), plan->clients, replies, 0};
    load_watch(stop.load, 10 * NS_PER_MS, stop_when_answered, &stop);
    run_load(stop.load, plan, LONG_NS, server, result);
    cr_expect_geq(result->totals.answered, replies);
    cr_expect_lt(result->window_ns, LONG_NS, "the load has not been stopped");
}

/* In windows, as many as it takes until so many requests have been sent in all. */
static inline void measure_until_sent(struct load *load, uint64_t sent, struct load_result *result)
{
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    do
        load_measure(load, 0, WINDOW_NS, result);
    while (result->totals.sent < sent && clock_now_ns() < deadline_ns);
}

/* Two clients beside three slow readers, until these have had so many replies or have failed. */
static inline void run_beside_slow(struct tiny_server *server, const struct load_protocol *protocol,
                                   uint64_t replies, struct load_result *result)
{
    struct load_plan plan = plan_of(server, 2);
    plan.protocol = protocol;
    plan.slow_readers = 3;
    struct load *load = load_new(&plan);
    load_result_init(result);
    cr_expect_eq(load_connect(load), 2);
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    do
        load_measure(load, 0, WINDOW_NS, result);
    while (result->totals.slow_answered < replies && failures_total(&result->totals.failures) < 3 &&
           clock_now_ns() < deadline_ns);
    load_free(load);
    tiny_server_end(server);
}

static inline void expect_failures(const struct load_result *result, enum failure_phase phase,
                                   int cause, uint64_t count)
{
    const struct failures *failures = &result->totals.failures;
    uint64_t found = 0;
    for (size_t i = 0; i < failures->kinds; i++)
        if (failures->by[i].phase == phase && failures->by[i].cause == cause)
            found += failures->by[i].count;
    cr_expect_eq(found, count, "%d of %s in phase %s", (int)found, failure_cause_name(cause),
                 failure_phase_name(phase));
}

#endif
