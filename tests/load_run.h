/* A load on a tiny server, with the engine of the running test. Windows are short and graces long:
 * whether a test passes does not depend on how fast the machine is. */
#ifndef TESTS_LOAD_RUN_H
#define TESTS_LOAD_RUN_H

#include "base/address.h"
#include "base/clock.h"
#include "base/socket.h"
#include "loadgen/exchange.h"
#include "loadgen/load.h"
#include "tests/engine_test.h"
#include "tests/tiny_server.h"

#include <criterion/criterion.h>

#define WINDOW_NS (50 * NS_PER_MS)
#define LONG_NS   (60 * NS_PER_S)

static inline struct load_plan plan_of(const struct tiny_server *server, unsigned clients)
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
static inline void run(struct tiny_server *server, const struct load_plan *plan, int64_t window_ns,
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
