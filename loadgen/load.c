/* Theory of operation: the clients are dealt out to the workers once. Each phase, connecting or
 * one measurement, starts a thread per worker and joins them all; in between, nothing runs and the
 * workers' numbers can be read and added up without a lock.
 */
#include "loadgen/load.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/message.h"
#include "loadgen/watcher.h"
#include "loadgen/worker.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct load {
    struct load_plan plan;
    struct payload payload;
    struct worker *workers;
    struct watcher watcher;
    int done_fd;
};

/* How many of `count` are dealt out to worker number `worker`. */
static unsigned share_of(unsigned count, unsigned worker, unsigned workers)
{
    return count / workers + (worker < count % workers);
}

struct load *load_new(const struct load_plan *plan)
{
    assert(plan->threads >= 1 && plan->threads <= plan->clients);
    struct load *load = allocate(1, sizeof *load);
    load->plan = *plan;
    payload_init(&load->payload, plan->size_bytes, plan->seed);
    histogram_init(&load->watcher.interval.latency);
    load->workers = allocate(plan->threads, sizeof *load->workers);
    load->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    for (unsigned i = 0; i < plan->threads; i++) {
        unsigned clients = share_of(plan->clients, i, plan->threads);
        unsigned silent = share_of(plan->silent, i, plan->threads);
        worker_init(&load->workers[i], &load->plan, &load->payload, i, clients + silent, silent,
                    plan->threads);
        load->workers[i].done_fd = load->done_fd;
    }
    return load;
}

void load_free(struct load *load)
{
    for (unsigned i = 0; i < load->plan.threads; i++)
        worker_release(&load->workers[i]);
    close(load->done_fd);
    payload_release(&load->payload);
    histogram_release(&load->watcher.interval.latency);
    free(load->workers);
    free(load);
}

/*** Phases ***/

static void *connect_thread(void *worker)
{
    worker_connect(worker);
    return NULL;
}

static void *measure_thread(void *worker)
{
    worker_measure(worker);
    return NULL;
}

/* To be freed. */
static pthread_t *start_threads(struct load *load, void *phase(void *worker))
{
    pthread_t *threads = allocate(load->plan.threads, sizeof *threads);
    for (unsigned i = 0; i < load->plan.threads; i++) {
        int error = pthread_create(&threads[i], NULL, phase, &load->workers[i]);
        if (error != 0)
            die(EXIT_PROCTOR_FAILED, "cannot start a load thread: %s", strerror(error));
    }
    return threads;
}

static void join_threads(const struct load *load, const pthread_t *threads)
{
    for (unsigned i = 0; i < load->plan.threads; i++)
        pthread_join(threads[i], NULL);
}

void load_watch(struct load *load, int64_t interval_ns, load_watch_function *watch, void *context)
{
    load->watcher.watch = watch;
    load->watcher.context = context;
    load->watcher.interval_ns = interval_ns;
    for (unsigned i = 0; i < load->plan.threads; i++)
        load->workers[i].is_watched = watch != NULL;
}

void load_stop(struct load *load)
{
    int64_t now_ns = clock_now_ns();
    for (unsigned i = 0; i < load->plan.threads; i++) {
        atomic_store(&load->workers[i].stop_ns, now_ns);
        worker_wake(&load->workers[i]);
    }
}

unsigned load_connect(struct load *load)
{
    pthread_t *threads = start_threads(load, connect_thread);
    join_threads(load, threads);
    free(threads);
    unsigned connected = 0;
    for (unsigned i = 0; i < load->plan.threads; i++)
        connected += load->workers[i].result.totals.clients_connected;
    return connected;
}

static void add_totals(struct load_totals *into, const struct load_totals *from)
{
    into->clients_connected += from->clients_connected;
    into->silent_connected += from->silent_connected;
    into->clients_used += from->clients_used;
    into->clients_served += from->clients_served;
    into->sent += from->sent;
    into->answered += from->answered;
    into->in_flight += from->in_flight;
    failures_merge(&into->failures, &from->failures);
}

static void clear_histograms(struct load_result *result)
{
    histogram_clear(&result->latency);
    histogram_clear(&result->service);
    histogram_clear(&result->slip);
    histogram_clear(&result->connect);
    histogram_clear(&result->first_service);
}

static void merge_histograms(struct load_result *into, const struct load_result *from)
{
    histogram_merge(&into->latency, &from->latency);
    histogram_merge(&into->service, &from->service);
    histogram_merge(&into->slip, &from->slip);
    histogram_merge(&into->connect, &from->connect);
    histogram_merge(&into->first_service, &from->first_service);
}

static double busy_share(const struct worker *worker)
{
    int64_t elapsed_ns = worker->ended_ns - worker->begin_ns;
    return elapsed_ns > 0 ? (double)worker->result.generator_cpu_ns / (double)elapsed_ns : 0;
}

static void add_up(const struct load *load, struct load_result *result)
{
    result->totals = (struct load_totals){0};
    clear_histograms(result);
    result->window_unsent = result->window_sent = result->window_answered = result->answered = 0;
    result->generator_cpu_ns = 0;
    result->busiest_thread_share = 0;
    for (unsigned i = 0; i < load->plan.threads; i++) {
        const struct load_result *part = &load->workers[i].result;
        add_totals(&result->totals, &part->totals);
        merge_histograms(result, part);
        result->window_unsent += part->window_unsent;
        result->window_sent += part->window_sent;
        result->window_answered += part->window_answered;
        result->answered += part->answered;
        result->generator_cpu_ns += part->generator_cpu_ns;
        result->busiest_thread_share =
            fmax(result->busiest_thread_share, busy_share(&load->workers[i]));
    }
    const struct load_totals *totals = &result->totals;
    assert(totals->sent ==
           totals->answered + failures_of_requests(&totals->failures) + totals->in_flight);
    assert(totals->clients_served <= totals->clients_used);
    assert(totals->clients_used <= totals->clients_connected);
    assert(totals->clients_connected == result->connect.total);
    assert(totals->clients_served == result->first_service.total);
}

/* How much of the window was measured: less than planned if all clients were lost before. */
static int64_t measured_ns(const struct load *load)
{
    int64_t longest_ns = 0;
    for (unsigned i = 0; i < load->plan.threads; i++) {
        const struct worker *worker = &load->workers[i];
        int64_t end_ns =
            worker->ended_ns < worker->window_end_ns ? worker->ended_ns : worker->window_end_ns;
        if (end_ns - worker->window_begin_ns > longest_ns)
            longest_ns = end_ns - worker->window_begin_ns;
    }
    return longest_ns;
}

static void run_measurement(struct load *load)
{
    struct measurement measurement = {
        .workers = load->workers,
        .count = load->plan.threads,
        .done_fd = load->done_fd,
        .begin_ns = load->workers[0].begin_ns,
        .window_begin_ns = load->workers[0].window_begin_ns,
        .window_end_ns = load->workers[0].window_end_ns,
    };
    eventfd_t done_before = 0;
    eventfd_read(load->done_fd, &done_before);
    pthread_t *threads = start_threads(load, measure_thread);
    if (load->watcher.watch != NULL)
        watcher_run(&load->watcher, &measurement);
    join_threads(load, threads);
    free(threads);
}

void load_measure(struct load *load, int64_t warmup_ns, int64_t window_ns,
                  struct load_result *result)
{
    int64_t begin_ns = clock_now_ns();
    for (unsigned i = 0; i < load->plan.threads; i++) {
        struct worker *worker = &load->workers[i];
        worker->begin_ns = begin_ns;
        worker->window_begin_ns = begin_ns + warmup_ns;
        worker->window_end_ns = worker->window_begin_ns + window_ns;
        worker->grace_end_ns = worker->window_end_ns + load->plan.grace_ns;
        histogram_clear(&worker->result.latency);
        histogram_clear(&worker->result.service);
        histogram_clear(&worker->result.slip);
        worker->result.window_unsent = worker->result.window_sent = worker->result.window_answered =
            0;
        worker->result.answered = 0;
        worker->result.generator_cpu_ns = 0;
        atomic_store(&worker->has_ended, false);
    }
    run_measurement(load);
    result->window_ns = measured_ns(load);
    add_up(load, result);
}

/*** Results ***/

double load_throughput_per_s(const struct load_result *result)
{
    if (result->window_ns == 0)
        return 0;
    return (double)result->window_answered * (double)NS_PER_S / (double)result->window_ns;
}

void load_result_init(struct load_result *result)
{
    *result = (struct load_result){0};
    histogram_init(&result->latency);
    histogram_init(&result->service);
    histogram_init(&result->slip);
    histogram_init(&result->connect);
    histogram_init(&result->first_service);
}

void load_result_release(struct load_result *result)
{
    histogram_release(&result->latency);
    histogram_release(&result->service);
    histogram_release(&result->slip);
    histogram_release(&result->connect);
    histogram_release(&result->first_service);
}
