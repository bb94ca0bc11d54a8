/* The tests of the conformance suite that a model is let off, each with its reason, in one table.
 * There are none for protocols: every protocol runs on every model. */
#ifndef TESTS_SUPPORT_EXCEPTIONS_H
#define TESTS_SUPPORT_EXCEPTIONS_H

/* Why the model is let off the test, or NULL. */
const char *exception_of(const char *test, const char *model);

/* To stand at the beginning of a test that the table names. */
#define SKIP_EXCEPTIONS(test, model)                                                               \
    do {                                                                                           \
        const char *reason_of_exception = exception_of(test, model);                               \
        if (reason_of_exception != NULL)                                                           \
            cr_skip_test("%s: %s", model, reason_of_exception);                                    \
    } while (0)

#endif
