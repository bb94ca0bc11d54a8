/* Reports on a load while it runs: collects the full pages of the workers and passes them on. */
#ifndef LOADGEN_WATCHER_H
#define LOADGEN_WATCHER_H

#include "loadgen/worker/worker.h"

struct watcher {
    load_watch_function *watch; /* NULL: not watched */
    void *context;
    int64_t interval_ns;
    unsigned page; /* the one asked for last */
    struct load_interval interval;

    /* What it watches. */
    struct worker *workers;
    unsigned count;
    int done_fd; /* an eventfd to which each worker adds 1 at its end */
    int64_t begin_ns;
    int64_t window_begin_ns;
    int64_t window_end_ns; /* as planned */
};

/* Watches until every worker has ended. */
void watcher_run(struct watcher *watcher);

#endif
