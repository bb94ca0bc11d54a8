/* Theory of operation: the worker's loop waits in its engine until something has happened to a
 * client or until it has something to do by itself - a request that comes due, a slow reader's next
 * bite, the end of the window - and then does that. All time is read by the engine, as close to the
 * event as it can be: once per reply, and there the end of one request is the beginning of the
 * next.
 */
#include "loadgen/worker/worker.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/message.h"
#include "loadgen/worker/dispatch.h"
#include "loadgen/worker/slow_readers.h"

#include <assert.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

/*** Begin and end ***/

static uint32_t power_of_two_above(uint32_t number)
{
    uint32_t power = 1;
    while (power <= number)
        power *= 2;
    return power;
}

static void init_clients(struct worker *worker, unsigned silent_count, unsigned step)
{
    uint32_t flights = power_of_two_above(worker->plan->depth - 1);
    worker->flight_mask = flights - 1;
    worker->clients = allocate(worker->client_count, sizeof *worker->clients);
    worker->flights = allocate((size_t)worker->client_count * flights, sizeof *worker->flights);
    for (unsigned i = 0; i < worker->client_count; i++) {
        struct client *client = &worker->clients[i];
        client->number = worker->number + i * step;
        client->flights = worker->flights + (size_t)i * flights;
        client->is_silent = i >= worker->client_count - silent_count;
    }
    worker->alive = worker->client_count - silent_count;
}

void worker_init(struct worker *worker, const struct load_plan *plan,
                 const struct dialogue *dialogue, unsigned number, unsigned client_count,
                 unsigned silent_count, unsigned step)
{
    *worker = (struct worker){
        .plan = plan,
        .dialogue = dialogue,
        .engine = plan->engine,
        .number = number,
        .client_count = client_count,
    };
    worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    atomic_store(&worker->stop_ns, NEVER_NS);
    TAILQ_INIT(&worker->connecting);
    init_clients(worker, silent_count, step);
    dispatch_init(worker);
    load_result_init(&worker->result);
}

void worker_release(struct worker *worker)
{
    for (unsigned i = 0; i < worker->client_count; i++) {
        const struct client *client = &worker->clients[i];
        if (client->state != CLIENT_APART && client->state != CLIENT_GONE)
            close(client->fd);
        reply_release(&worker->clients[i].reply);
    }
    if (worker->wake_fd >= 0)
        close(worker->wake_fd);
    slow_readers_free(worker->slow_readers);
    dispatch_release(worker);
    histogram_release(&worker->pages[0].latency);
    histogram_release(&worker->pages[1].latency);
    free(worker->clients);
    free(worker->flights);
    load_result_release(&worker->result);
}

static void pin(const struct worker *worker)
{
    const struct load_plan *plan = worker->plan;
    if (plan->cpu_count == 0)
        return;
    unsigned cpu = plan->cpus[worker->number % plan->cpu_count];
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(cpu, &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus) < 0)
        die(EXIT_USAGE, "cannot pin a load thread to processor %u", cpu);
}

void worker_open(struct worker *worker)
{
    pin(worker);
    prctl(PR_SET_TIMERSLACK, 1UL);
    int error = worker->engine->open(worker);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot open a load's %s engine: %s", worker->engine->name,
            strerror(-error));
}

void worker_close(struct worker *worker)
{
    worker->engine->close(worker);
}

/*** Measuring ***/

static void begin_measurement(struct worker *worker)
{
    worker->is_measuring = true;
    worker->now_ns = clock_now_ns();
    worker->last_answer_ns = worker->now_ns;
    worker->busy_until_ns = 0;
    for (unsigned i = 0; i < worker->client_count; i++) {
        struct client *client = &worker->clients[i];
        worker->now_ns = clock_now_ns();
        if (client->state == CLIENT_OPEN)
            worker_use(worker, client);
        else if (client->state == CLIENT_APART)
            worker_start_connecting(worker, client);
    }
    dispatch_begin(worker); /* now, or all that is late already would go to the first client */
}

static int64_t earlier(int64_t left_ns, int64_t right_ns)
{
    return left_ns < right_ns ? left_ns : right_ns;
}

/* Its window ends when it hears of it, and not before: what it has sent meanwhile is in it. */
static void stop_if_told(struct worker *worker)
{
    if (atomic_load(&worker->stop_ns) >= worker->window_end_ns)
        return;
    worker->window_end_ns = earlier(worker->now_ns, worker->window_end_ns);
    worker->grace_end_ns = worker->window_end_ns + worker->plan->grace_ns;
    dispatch_end_at(worker, worker->window_end_ns);
}

static bool goes_on(const struct worker *worker)
{
    if (worker->alive == 0)
        return false;
    bool has_open_ends = worker->outstanding > 0 || worker->due_ns != NEVER_NS;
    return worker->now_ns < worker->window_end_ns ||
           (has_open_ends && worker->now_ns < worker->grace_end_ns);
}

/* When there is something to do even if nothing happens. */
static int64_t next_ns(const struct worker *worker)
{
    int64_t end_ns =
        worker->now_ns < worker->window_end_ns ? worker->window_end_ns : worker->grace_end_ns;
    return earlier(earlier(end_ns, dispatch_next_ns(worker)),
                   earlier(worker_give_up_ns(worker), slow_readers_next_ns(worker->slow_readers)));
}

static double busy_share(const struct worker *worker)
{
    int64_t elapsed_ns = worker->busy_until_ns - worker->begin_ns;
    return elapsed_ns > 0 ? (double)worker->busy_ns / (double)elapsed_ns : 0;
}

static void check(const struct worker *worker)
{
    uint64_t outstanding = 0;
    for (unsigned i = 0; i < worker->client_count; i++)
        outstanding += client_outstanding(&worker->clients[i]);
    assert(outstanding == worker->outstanding);
    load_result_check(&worker->result);
}

static void end_measurement(struct worker *worker)
{
    dispatch_count_unsent(worker);
    worker->is_measuring = false;
    worker->ended_ns = worker->now_ns;
    worker->result.totals.in_flight = worker->outstanding;
    worker->result.totals.connecting = worker->connecting_count;
    worker->result.busiest_thread_share = busy_share(worker);
    check(worker);
    atomic_store(&worker->has_ended, true);
    eventfd_write(worker->done_fd, 1);
}

/* In the grace a generator only waits: that would make a busy one look idle. */
static void note_busy(struct worker *worker, int64_t cpu_begin_ns)
{
    if (worker->busy_until_ns != 0)
        return;
    worker->busy_ns = clock_thread_cpu_ns() - cpu_begin_ns;
    worker->busy_until_ns = worker->now_ns;
}

void worker_measure(struct worker *worker)
{
    int64_t cpu_begin_ns = clock_thread_cpu_ns();
    begin_measurement(worker);
    while (goes_on(worker)) {
        worker->engine->wait(worker, next_ns(worker));
        worker->now_ns = clock_now_ns();
        worker_turn_page(worker);
        stop_if_told(worker);
        worker_give_up_connecting(worker);
        slow_readers_act(worker->slow_readers, worker);
        dispatch_send_due(worker);
        if (worker->now_ns >= worker->window_end_ns)
            note_busy(worker, cpu_begin_ns);
    }
    note_busy(worker, cpu_begin_ns);
    worker->result.generator_cpu_ns += clock_thread_cpu_ns() - cpu_begin_ns;
    end_measurement(worker);
}
