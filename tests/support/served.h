/* A reference server under test, and plain blocking clients of it. */
#ifndef TESTS_SUPPORT_SERVED_H
#define TESTS_SUPPORT_SERVED_H

#include "bench/target.h"

#include <criterion/criterion.h> /* has to come first */
#include <criterion/parameterized.h>
#include <stdbool.h>
#include <stddef.h>

/*** Parameters ***/

/* A model and a protocol. Criterion copies parameters byte by byte: no pointers in here. */
struct pair {
    char model[16];
    char protocol[16];
};

/* Every model with every protocol, or with one of them; Criterion's parameter array. */
struct criterion_test_params every_model_with(const char *only_protocol);

bool is(const char *name, const char *expected);

/*** Servers and clients ***/

/* Starts `proctor serve MODEL` with further words, a NULL-terminated list; fails the test if it
 * does not come up. Stop with served_stop(). */
struct target served_start(const char *model, const char *const further[]);

/* The same, under a limit of open descriptors. */
struct target served_start_limited(const char *model, int descriptors);

/* SIGTERM; the test fails unless the server then ends with exit code 0. */
void served_stop(struct target *server);

/* Waits until it has `count` threads and children, beside its main thread. */
void served_wait_for_tasks(const struct target *server, size_t count);

/* How many those are before any client, with --workers 2. */
size_t served_tasks_of(const struct pair *pair);

/* How many descriptors its processes hold at this moment, and how many tasks there are. */
size_t served_holdings(const struct target *server);

/* A server learns of a leave a moment later: waits until it holds as many as are allowed, or fewer;
 * how many then. */
size_t served_wait_for_holdings(const struct target *server, size_t allowed);

/* A connected client whose receives give up after a long time, so that a hang fails the test. */
int client_connect(const struct target *server);

void client_send(int client, const void *data, size_t count);

/* Receives until `count` bytes have come or the stream has ended; how many came. A reset counts as
 * an end. */
size_t client_receive(int client, void *data, size_t count);

/* Sends one byte to an echo server: did it come back? */
bool client_is_echoed(int client);

/* Tries with one client after another until one is echoed: a server learns of free places, and a
 * worker of its end, a moment later. */
bool client_gets_through(const struct target *server);

#endif
