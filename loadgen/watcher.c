/* Theory of operation: each worker writes one of two pages. The watcher asks for the other to be
 * begun and wakes the worker, which turns the page between two rounds of its loop; the page that it
 * has left is then the watcher's. So neither waits for a lock, and nothing is lost or counted
 * twice.
 */
#include "loadgen/watcher.h"

#include "base/clock.h"

#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>

static void add_page(struct load_interval *interval, struct page *page)
{
    histogram_merge(&interval->latency, &page->latency);
    histogram_clear(&page->latency);
}

/* Of a worker that has ended, both pages are there to be taken. */
static void take_page(struct load_interval *interval, struct worker *worker, unsigned page)
{
    while (atomic_load(&worker->run.pages.current) != page && !atomic_load(&worker->has_ended))
        sched_yield(); /* it has been woken and is in the middle of a round */
    if (!atomic_load(&worker->has_ended)) {
        struct page *left = &worker->run.pages.pages[(page - 1) & 1];
        add_page(interval, left);
        interval->clients_served += left->clients_served;
        interval->failed += left->failed;
        return;
    }
    add_page(interval, &worker->run.pages.pages[0]);
    add_page(interval, &worker->run.pages.pages[1]);
    interval->clients_served += worker->run.result.totals.clients_served;
    interval->failed += failures_total(&worker->run.result.totals.failures);
}

static void tell(struct watcher *watcher, const char *phase)
{
    struct load_interval *interval = &watcher->interval;
    watcher->page++;
    for (unsigned i = 0; i < watcher->count; i++) {
        atomic_store(&watcher->workers[i].run.pages.wanted, watcher->page);
        worker_wake(&watcher->workers[i]);
    }
    interval->clients_served = 0;
    interval->failed = 0;
    for (unsigned i = 0; i < watcher->count; i++)
        take_page(interval, &watcher->workers[i], watcher->page);
    interval->phase = phase;
    interval->length_ns = clock_now_ns() - watcher->begin_ns - interval->begin_ns;
    watcher->watch(interval, watcher->context);
    interval->begin_ns += interval->length_ns;
    histogram_clear(&interval->latency);
}

/* Until then, or until every worker has ended: then false. `ended` counts them. */
static bool sleep_until(const struct watcher *watcher, uint64_t *ended, int64_t time_ns)
{
    while (*ended < watcher->count) {
        int64_t left_ns = time_ns - clock_now_ns();
        if (left_ns <= 0)
            return true;
        struct timespec left = {.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
        struct pollfd done = {.fd = watcher->done_fd, .events = POLLIN};
        eventfd_t more = 0;
        if (ppoll(&done, 1, &left, NULL) == 1 && eventfd_read(done.fd, &more) == 0)
            *ended += more;
    }
    return false;
}

static const char *phase_at(const struct watcher *watcher, int64_t now_ns)
{
    int64_t stop_ns = atomic_load(&watcher->workers[0].run.stop_ns);
    if (now_ns >= watcher->window_end_ns || now_ns >= stop_ns)
        return "drain";
    return now_ns >= watcher->window_begin_ns ? "window" : "warmup";
}

/* The next time to look: an interval later, or at the end of the phase. */
static int64_t next_look_ns(const struct watcher *watcher, int64_t now_ns)
{
    int64_t next_ns = now_ns + watcher->interval_ns;
    if (now_ns < watcher->window_begin_ns && next_ns > watcher->window_begin_ns)
        return watcher->window_begin_ns;
    if (now_ns < watcher->window_end_ns && next_ns > watcher->window_end_ns)
        return watcher->window_end_ns;
    return next_ns;
}

void watcher_run(struct watcher *watcher)
{
    uint64_t ended = 0;
    int64_t look_ns = watcher->begin_ns;
    watcher->interval.begin_ns = 0;
    histogram_clear(&watcher->interval.latency);
    bool goes_on = true;
    while (goes_on) {
        const char *phase = phase_at(watcher, look_ns);
        look_ns = next_look_ns(watcher, look_ns);
        goes_on = sleep_until(watcher, &ended, look_ns);
        tell(watcher, phase);
    }
}
