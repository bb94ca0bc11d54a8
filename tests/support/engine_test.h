/* A test that is run once with each of the load generator's engines. */
#ifndef TESTS_SUPPORT_ENGINE_TEST_H
#define TESTS_SUPPORT_ENGINE_TEST_H

#include "loadgen/worker/engine.h"

#include <criterion/criterion.h>

/* The one that the running test is to use. */
static const struct engine *engine;

static inline bool use_engine(const struct engine *wanted)
{
    const char *reason = NULL;
    engine = wanted;
    if (wanted->check(&reason) == 0)
        return true;
    cr_log_warn("not tested: %s", reason);
    return false;
}

#define ENGINE_TEST(suite, name)                                                                   \
    static void suite##_##name(void);                                                              \
    Test(suite##_by_epoll, name)                                                                   \
    {                                                                                              \
        if (use_engine(&engine_epoll))                                                             \
            suite##_##name();                                                                      \
    }                                                                                              \
    Test(suite##_by_io_uring, name)                                                                \
    {                                                                                              \
        if (use_engine(&engine_io_uring))                                                          \
            suite##_##name();                                                                      \
    }                                                                                              \
    static void suite##_##name(void)

#endif
