/* A worker's side of being watched. */
#include "loadgen/worker/worker.h"

#include <sys/eventfd.h>

void worker_wake(struct worker *worker)
{
    eventfd_write(worker->wake_fd, 1);
}

void worker_awake(struct worker *worker)
{
    eventfd_t count = 0;
    eventfd_read(worker->wake_fd, &count);
}

struct page *worker_page(struct worker *worker)
{
    return &worker->pages[atomic_load_explicit(&worker->page_current, memory_order_relaxed) & 1];
}

void worker_turn_page(struct worker *worker)
{
    unsigned wanted = atomic_load(&worker->page_wanted);
    if (wanted == atomic_load(&worker->page_current))
        return;
    struct page *page = worker_page(worker);
    page->clients_served = worker->result.totals.clients_served;
    page->failed = failures_total(&worker->result.totals.failures);
    atomic_store(&worker->page_current, wanted);
}
