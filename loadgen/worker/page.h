/* A worker's side of being watched: two pages, of which one is being written and the other belongs
 * to the watcher. Neither waits for the other. */
#ifndef LOADGEN_WORKER_PAGE_H
#define LOADGEN_WORKER_PAGE_H

#include "loadgen/plan/result.h"

#include <stdatomic.h>
#include <stdbool.h>

struct page {
    struct histogram latency;
    unsigned clients_served;
    uint64_t failed;
};

struct pages {
    bool are_watched;
    atomic_uint wanted;  /* written by the watcher while the worker runs, */
    atomic_uint current; /* read by it */
    struct page pages[2];
};

/* Before a measurement: is the worker going to be watched? The pages' histograms are made when they
 * are first needed. */
void pages_watch(struct pages *pages, bool are_watched);
void pages_release(struct pages *pages);

/* The page that is being written. */
static inline struct page *pages_current(struct pages *pages)
{
    return &pages->pages[atomic_load_explicit(&pages->current, memory_order_relaxed) & 1];
}

/* Ends the current page with the worker's totals and begins the other one, if that is wanted. */
void pages_turn(struct pages *pages, const struct load_totals *totals);

#endif
