/* Theory of operation: the clients are dealt out to the workers once, and each worker has a thread
 * until the load is freed, because an engine may belong to its thread. The threads stand at a
 * barrier; each phase - opening, connecting, one measurement - lets them through, and ends at a
 * second barrier. In between nothing runs, and the workers' numbers can be read and added up
 * without a lock.
 */
#include "loadgen/load.h"

#include "base/clock.h"
#include "base/io_uring_support.h"
#include "base/memory.h"
#include "base/message.h"
#include "loadgen/protocols/protocol.h"
#include "loadgen/watcher.h"
#include "loadgen/worker/worker.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct load {
    struct load_plan plan;
    struct dialogue dialogue;
    struct worker *workers;
    struct load_thread *threads;
    void (*phase)(struct worker *worker); /* NULL: end */
    pthread_barrier_t begin;
    pthread_barrier_t end;
    struct watcher watcher;
};

struct load_thread {
    pthread_t id;
    struct load *load;
    struct worker *worker;
};

/*** Threads and phases ***/

static void *run_phases(void *argument)
{
    const struct load_thread *thread = argument;
    struct load *load = thread->load;
    for (;;) {
        pthread_barrier_wait(&load->begin);
        if (load->phase == NULL)
            break;
        load->phase(thread->worker);
        pthread_barrier_wait(&load->end);
    }
    worker_close(thread->worker);
    return NULL;
}

static void start_threads(struct load *load)
{
    unsigned count = load->plan.threads;
    pthread_barrier_init(&load->begin, NULL, count + 1);
    pthread_barrier_init(&load->end, NULL, count + 1);
    load->threads = allocate(count, sizeof *load->threads);
    for (unsigned i = 0; i < count; i++) {
        struct load_thread *thread = &load->threads[i];
        thread->load = load;
        thread->worker = &load->workers[i];
        int error = pthread_create(&thread->id, NULL, run_phases, thread);
        if (error != 0)
            die(EXIT_PROCTOR_FAILED, "cannot start a load thread: %s", strerror(error));
    }
}

static void begin_phase(struct load *load, void phase(struct worker *worker))
{
    load->phase = phase;
    pthread_barrier_wait(&load->begin);
}

static void end_phase(struct load *load)
{
    pthread_barrier_wait(&load->end);
}

static void end_threads(struct load *load)
{
    begin_phase(load, NULL);
    for (unsigned i = 0; i < load->plan.threads; i++)
        pthread_join(load->threads[i].id, NULL);
    pthread_barrier_destroy(&load->begin);
    pthread_barrier_destroy(&load->end);
    free(load->threads);
}

/*** Begin and end ***/

static struct load_plan with_defaults(const struct load_plan *plan)
{
    struct load_plan full = *plan;
    if (full.engine == NULL)
        full.engine = &engine_epoll;
    if (full.protocol == NULL)
        full.protocol = &load_protocol_echo;
    if (full.depth == 0)
        full.depth = 1;
    return full;
}

/* The error of the first worker that has none. */
static int open_engines(struct load *load)
{
    int error = 0;
    begin_phase(load, worker_open);
    end_phase(load);
    for (unsigned i = 0; i < load->plan.threads && error == 0; i++)
        error = load->workers[i].engine_error;
    return error;
}

/* All workers have the same one: which of two it was must be known of each request. */
static int take_epoll(struct load *load)
{
    begin_phase(load, worker_close);
    end_phase(load);
    load->plan.engine = &engine_epoll;
    for (unsigned i = 0; i < load->plan.threads; i++)
        load->workers[i].engine = load->plan.engine;
    return open_engines(load);
}

static void settle_engine(struct load *load)
{
    int error = open_engines(load);
    if (error == 0)
        return;
    const struct engine *engine = load->plan.engine;
    const char *reason = engine == &engine_io_uring ? io_uring_reason(error) : strerror(-error);
    if (load->plan.may_take_another && engine != &engine_epoll) {
        warn("the load uses epoll instead of %s: %s", engine->name, reason);
        error = take_epoll(load);
    }
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot open the load's engine %s: %s", engine->name, reason);
}

const struct engine *load_engine(const struct load *load)
{
    return load->plan.engine;
}

struct load *load_new(const struct load_plan *plan)
{
    assert(plan->threads >= 1 && plan->threads <= plan->clients);
    struct load *load = allocate(1, sizeof *load);
    load->plan = with_defaults(plan);
    dialogue_init(&load->dialogue, &load->plan);
    histogram_init(&load->watcher.interval.latency);
    load->workers = allocate(plan->threads, sizeof *load->workers);
    load->watcher.workers = load->workers;
    load->watcher.count = plan->threads;
    load->watcher.done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    for (unsigned i = 0; i < plan->threads; i++)
        worker_init(&load->workers[i], &load->plan, &load->dialogue, i, load->watcher.done_fd);
    start_threads(load);
    settle_engine(load);
    return load;
}

void load_free(struct load *load)
{
    end_threads(load);
    for (unsigned i = 0; i < load->plan.threads; i++)
        worker_release(&load->workers[i]);
    close(load->watcher.done_fd);
    dialogue_release(&load->dialogue);
    histogram_release(&load->watcher.interval.latency);
    free(load->workers);
    free(load);
}

void load_watch(struct load *load, int64_t interval_ns, load_watch_function *watch, void *context)
{
    load->watcher.watch = watch;
    load->watcher.context = context;
    load->watcher.interval_ns = interval_ns;
    for (unsigned i = 0; i < load->plan.threads; i++)
        pages_watch(&load->workers[i].run.pages, watch != NULL);
}

void load_stop(struct load *load)
{
    int64_t now_ns = clock_now_ns();
    for (unsigned i = 0; i < load->plan.threads; i++) {
        atomic_store(&load->workers[i].run.stop_ns, now_ns);
        worker_wake(&load->workers[i]);
    }
}

unsigned load_connect(struct load *load)
{
    begin_phase(load, worker_connect);
    end_phase(load);
    unsigned connected = 0;
    for (unsigned i = 0; i < load->plan.threads; i++)
        connected += load->workers[i].run.result.totals.clients_connected;
    return connected;
}

/*** Measuring ***/

static int64_t later(int64_t left_ns, int64_t right_ns)
{
    return left_ns > right_ns ? left_ns : right_ns;
}

/* How long the window was, less than planned if all clients were lost before its end; and how long
 * no reply had come at its end. */
static void note_times(const struct load *load, struct load_result *result)
{
    const struct run *first = &load->workers[0].run;
    int64_t end_ns = first->window_begin_ns;
    int64_t last_answer_ns = first->window_begin_ns;
    for (unsigned i = 0; i < load->plan.threads; i++) {
        const struct worker *worker = &load->workers[i];
        int64_t window_end_ns = worker->run.window_end_ns;
        end_ns = later(end_ns, worker->ended_ns < window_end_ns ? worker->ended_ns : window_end_ns);
        last_answer_ns = later(last_answer_ns, worker->run.last_answer_ns);
    }
    result->windows = 1;
    result->window_ns = end_ns - first->window_begin_ns;
    result->planned_ns = first->window_end_ns - first->window_begin_ns;
    result->silence_ns = later(end_ns, last_answer_ns) - last_answer_ns;
}

static void add_up(const struct load *load, struct load_result *result)
{
    load_result_clear(result);
    for (unsigned i = 0; i < load->plan.threads; i++)
        load_result_merge(result, &load->workers[i].run.result);
    load_result_check(result);
}

static void run_measurement(struct load *load)
{
    eventfd_t done_before = 0;
    eventfd_read(load->watcher.done_fd, &done_before);
    begin_phase(load, worker_measure);
    if (load->watcher.watch != NULL)
        watcher_run(&load->watcher);
    end_phase(load);
}

void load_measure(struct load *load, int64_t warmup_ns, int64_t window_ns,
                  struct load_result *result)
{
    struct watcher *watcher = &load->watcher;
    watcher->begin_ns = clock_now_ns();
    watcher->window_begin_ns = watcher->begin_ns + warmup_ns;
    watcher->window_end_ns = watcher->window_begin_ns + window_ns;
    for (unsigned i = 0; i < load->plan.threads; i++) {
        struct worker *worker = &load->workers[i];
        struct run *run = &worker->run;
        run->begin_ns = watcher->begin_ns;
        run->window_begin_ns = watcher->window_begin_ns;
        run->window_end_ns = watcher->window_end_ns;
        worker->grace_end_ns = run->window_end_ns + load->plan.grace_ns;
        load_result_begin_measurement(&run->result);
        atomic_store(&worker->has_ended, false);
    }
    run_measurement(load);
    note_times(load, result);
    add_up(load, result);
}
