/* A load on one server: many clients in a few threads, measured in windows.
 *
 * Closed loop: each client sends a request, waits for the whole reply, checks it and sends the
 * next. Open loop: requests are due by a schedule, whatever the replies do. One that is due goes to
 * the client that has been idle longest; if there is none it waits until one is, and its latency
 * counts from the time when it was due.
 *
 * A load connects its clients once and can then be measured again and again; between two
 * measurements its clients stay connected and silent. So several resident servers can be loaded
 * in turns.
 *
 * loadgen/plan/result.h says which requests count.
 */
#ifndef LOADGEN_LOAD_H
#define LOADGEN_LOAD_H

#include "loadgen/plan/plan.h"
#include "loadgen/plan/result.h"

struct load;

/* Prepares a load without connecting. `plan` is copied. Never NULL: where its engine cannot be
 * opened, and the plan allows no other, the program ends. */
struct load *load_new(const struct load_plan *plan);

/* That which it has: the plan's, or epoll in its place. */
const struct engine *load_engine(const struct load *load);

/* Connects all clients; returns how many were connected. Failures stand in the totals. */
unsigned load_connect(struct load *load);

/* Loads the server for warmup_ns + window_ns + at most the grace, and measures the window. Ends
 * early if no client is left. `result` must have been through load_result_init(). */
void load_measure(struct load *load, int64_t warmup_ns, int64_t window_ns,
                  struct load_result *result);

/* Lets `watch` be called with what is new, at the end of each phase and every interval_ns; from
 * the thread that called load_measure(), while the load goes on. */
void load_watch(struct load *load, int64_t interval_ns, load_watch_function *watch, void *context);

/* Ends connecting, or the warm-up and the window, now; what is under way has its grace. Safe in a
 * signal handler. */
void load_stop(struct load *load);

/* Closes every connection and ends the threads. */
void load_free(struct load *load);

#endif
