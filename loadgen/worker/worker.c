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

#include <assert.h>
#include <errno.h>
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

/* How many of `count` are dealt out to this worker. */
static unsigned share_of(const struct worker *worker, unsigned count)
{
    unsigned workers = worker->run.plan->threads;
    return count / workers + (worker->number < count % workers);
}

/* Clients are numbered across the whole load, so a worker's own are `threads` apart. The silent
 * ones come after the others, and the slow readers last. */
static void init_clients(struct worker *worker)
{
    const struct load_plan *plan = worker->run.plan;
    uint32_t flights = power_of_two_above(plan->depth - 1);
    worker->run.alive = share_of(worker, plan->clients);
    worker->client_count = worker->run.alive + share_of(worker, plan->silent);
    worker->clients = allocate(worker->client_count, sizeof *worker->clients);
    worker->flights = allocate((size_t)worker->client_count * flights, sizeof *worker->flights);
    for (unsigned i = 0; i < worker->client_count; i++) {
        struct client *client = &worker->clients[i];
        client->number = worker->number + i * plan->threads;
        client->flights = worker->flights + (size_t)i * flights;
        client->flight_mask = flights - 1;
        client->is_silent = i >= worker->run.alive;
    }
    slow_readers_init(&worker->slow_readers, share_of(worker, plan->slow_readers),
                      worker->number + worker->client_count * plan->threads, plan->threads);
}

void worker_init(struct worker *worker, const struct load_plan *plan,
                 const struct dialogue *dialogue, unsigned number, int done_fd)
{
    *worker = (struct worker){
        .run = {.plan = plan, .dialogue = dialogue},
        .engine = plan->engine,
        .done_fd = done_fd,
        .number = number,
    };
    worker->run.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    atomic_store(&worker->run.stop_ns, NEVER_NS);
    connecting_init(&worker->connecting);
    init_clients(worker);
    dispatch_init(&worker->dispatch, plan);
    load_result_init(&worker->run.result);
}

void worker_release(struct worker *worker)
{
    for (unsigned i = 0; i < worker->client_count; i++) {
        const struct client *client = &worker->clients[i];
        if (client->state != CLIENT_APART && client->state != CLIENT_GONE)
            close(client->fd);
        reply_release(&worker->clients[i].reply);
    }
    if (worker->run.wake_fd >= 0)
        close(worker->run.wake_fd);
    slow_readers_release(&worker->slow_readers);
    dispatch_release(&worker->dispatch);
    pages_release(&worker->run.pages);
    free(worker->clients);
    free(worker->flights);
    load_result_release(&worker->run.result);
}

void worker_wake(struct worker *worker)
{
    eventfd_write(worker->run.wake_fd, 1);
}

void worker_awake(struct worker *worker)
{
    eventfd_t count = 0;
    eventfd_read(worker->run.wake_fd, &count);
}

static void pin(const struct worker *worker)
{
    const struct load_plan *plan = worker->run.plan;
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
    worker->engine_error = worker->engine->open(worker);
}

void worker_close(struct worker *worker)
{
    if (worker->engine_error == 0)
        worker->engine->close(worker);
}

/*** What happens to clients, and what follows ***/

static void act(struct worker *worker, struct client *client, enum client_next next);

static void start_connecting(struct worker *worker, struct client *client)
{
    int error = connecting_start(&worker->connecting, worker->run.plan, client);
    if (error == 0)
        worker->engine->connect(worker, client);
    else
        act(worker, client, client_connected(&worker->run, client, -error));
}

static void send_due(struct worker *worker)
{
    struct client *client = NULL;
    int64_t due_ns = 0;
    while ((client = dispatch_take(&worker->dispatch, &worker->run, &due_ns)) != NULL) {
        client_begin_request(&worker->run, client, due_ns);
        worker->engine->send(worker, client);
        dispatch_offer(&worker->dispatch, &worker->run, client);
    }
}

static void act(struct worker *worker, struct client *client, enum client_next next)
{
    switch (next) {
    case NEXT_NOTHING:
        break;
    case NEXT_SEND:
        worker->engine->send(worker, client);
        break;
    case NEXT_OFFER:
        dispatch_offer(&worker->dispatch, &worker->run, client);
        send_due(worker);
        break;
    case NEXT_HANG_UP:
        dispatch_withdraw(client);
        worker->engine->hang_up(worker, client);
        break;
    case NEXT_CONNECT:
        start_connecting(worker, client);
        break;
    }
}

void worker_connected(struct worker *worker, struct client *client, int error)
{
    connecting_end(&worker->connecting, client);
    act(worker, client, client_connected(&worker->run, client, error));
}

void worker_received(struct worker *worker, struct client *client, const char *data, size_t count)
{
    act(worker, client, client_received(&worker->run, client, data, count));
}

void worker_acknowledged(struct worker *worker, struct client *client, uint32_t bytes)
{
    act(worker, client, client_acknowledged(&worker->run, client, bytes));
}

void worker_broken(struct worker *worker, struct client *client, int cause)
{
    act(worker, client, client_broken(&worker->run, client, cause));
}

void worker_closed(struct worker *worker, struct client *client)
{
    enum client_next next = client_closed(client);
    const struct run *run = &worker->run;
    if (run->now_ns < run->window_end_ns || worker->dispatch.due_ns != NEVER_NS ||
        client_outstanding(client) > 0)
        act(worker, client, next);
}

/*** Connecting everybody: some at once, or spread over a ramp, until the time is up ***/

#define CONNECTING_AT_ONCE 64 /* well below a backlog, so that none is dropped and tried again */

static void give_up_connecting(struct worker *worker)
{
    while (connecting_give_up_ns(&worker->connecting, worker->run.plan) <= worker->run.now_ns)
        worker_connected(worker, TAILQ_FIRST(&worker->connecting.clients), ETIMEDOUT);
}

static void give_up_rest(struct worker *worker, unsigned started)
{
    int cause = run_is_stopped(&worker->run) ? ECANCELED : ETIMEDOUT;
    while (worker->connecting.count > 0)
        worker_connected(worker, TAILQ_FIRST(&worker->connecting.clients), cause);
    for (; started < worker->client_count; started++)
        act(worker, &worker->clients[started],
            client_connected(&worker->run, &worker->clients[started], cause));
}

/* Lets those begin whose time has come, from the one at `*started` on; until when to wait. */
static int64_t start_some(struct worker *worker, unsigned *started, int64_t deadline_ns)
{
    const struct run *run = &worker->run;
    while (*started < worker->client_count && worker->connecting.count < CONNECTING_AT_ONCE) {
        struct client *client = &worker->clients[*started];
        int64_t begin_ns = run->begin_ns + connecting_ramp_ns(run->plan, client);
        if (begin_ns > run->now_ns)
            return begin_ns;
        start_connecting(worker, client);
        ++*started;
    }
    return deadline_ns;
}

void worker_connect(struct worker *worker)
{
    struct run *run = &worker->run;
    unsigned started = 0;
    run->now_ns = run->begin_ns = clock_now_ns();
    int64_t deadline_ns = run->begin_ns + run->plan->ramp_ns + run->plan->connect_timeout_ns;
    while ((started < worker->client_count || worker->connecting.count > 0) &&
           run->now_ns < deadline_ns && !run_is_stopped(run)) {
        int64_t until_ns = start_some(worker, &started, deadline_ns);
        if (started < worker->client_count || worker->connecting.count > 0)
            worker->engine->wait(worker, until_ns);
        run->now_ns = clock_now_ns();
    }
    give_up_rest(worker, started);
    slow_readers_connect(&worker->slow_readers, run, &worker->connecting, deadline_ns);
}

/*** Measuring ***/

static void begin_measurement(struct worker *worker)
{
    struct run *run = &worker->run;
    run->is_measuring = true;
    run->now_ns = clock_now_ns();
    run->last_answer_ns = run->now_ns;
    worker->busy_until_ns = 0;
    for (unsigned i = 0; i < worker->client_count; i++) {
        struct client *client = &worker->clients[i];
        run->now_ns = clock_now_ns();
        if (client->state == CLIENT_OPEN)
            act(worker, client, client_go_on(run, client));
        else if (client->state == CLIENT_APART)
            start_connecting(worker, client);
    }
    /* Not before: all that is late already would go to the first client. */
    dispatch_begin(&worker->dispatch, run, worker->number);
}

static int64_t earlier(int64_t left_ns, int64_t right_ns)
{
    return left_ns < right_ns ? left_ns : right_ns;
}

/* The window ends when the worker notices, so that what it has sent until then is in it. */
static void stop_if_told(struct worker *worker)
{
    struct run *run = &worker->run;
    if (atomic_load(&run->stop_ns) >= run->window_end_ns)
        return;
    run->window_end_ns = earlier(run->now_ns, run->window_end_ns);
    worker->grace_end_ns = run->window_end_ns + run->plan->grace_ns;
    dispatch_end_at(&worker->dispatch, run->window_end_ns);
}

static bool goes_on(const struct worker *worker)
{
    const struct run *run = &worker->run;
    if (run->alive == 0)
        return false;
    bool has_open_ends = run->outstanding > 0 || worker->dispatch.due_ns != NEVER_NS;
    return run->now_ns < run->window_end_ns ||
           (has_open_ends && run->now_ns < worker->grace_end_ns);
}

/* When there is something to do even if nothing happens. */
static int64_t next_ns(struct worker *worker)
{
    const struct run *run = &worker->run;
    int64_t end_ns = run->now_ns < run->window_end_ns ? run->window_end_ns : worker->grace_end_ns;
    return earlier(earlier(end_ns, dispatch_next_ns(&worker->dispatch)),
                   earlier(connecting_give_up_ns(&worker->connecting, run->plan),
                           worker->slow_readers.next_ns));
}

static double busy_share(const struct worker *worker)
{
    int64_t elapsed_ns = worker->busy_until_ns - worker->run.begin_ns;
    return elapsed_ns > 0 ? (double)worker->busy_ns / (double)elapsed_ns : 0;
}

static void check(const struct worker *worker)
{
    uint64_t outstanding = 0;
    for (unsigned i = 0; i < worker->client_count; i++)
        outstanding += client_outstanding(&worker->clients[i]);
    assert(outstanding == worker->run.outstanding);
    load_result_check(&worker->run.result);
}

static void end_measurement(struct worker *worker)
{
    struct run *run = &worker->run;
    run->result.window_unsent += dispatch_drop_unsent(&worker->dispatch, run);
    run->is_measuring = false;
    worker->ended_ns = run->now_ns;
    run->result.totals.in_flight = run->outstanding;
    run->result.totals.connecting = worker->connecting.count;
    run->result.busiest_thread_share = busy_share(worker);
    check(worker);
    atomic_store(&worker->has_ended, true);
    eventfd_write(worker->done_fd, 1);
}

/* Without the grace, in which a generator only waits: a busy one would look idle. */
static void note_busy(struct worker *worker, int64_t cpu_begin_ns)
{
    if (worker->busy_until_ns != 0)
        return;
    worker->busy_ns = clock_thread_cpu_ns() - cpu_begin_ns;
    worker->busy_until_ns = worker->run.now_ns;
}

void worker_measure(struct worker *worker)
{
    struct run *run = &worker->run;
    int64_t cpu_begin_ns = clock_thread_cpu_ns();
    begin_measurement(worker);
    while (goes_on(worker)) {
        worker->engine->wait(worker, next_ns(worker));
        run->now_ns = clock_now_ns();
        pages_turn(&run->pages, &run->result.totals);
        stop_if_told(worker);
        give_up_connecting(worker);
        slow_readers_act(&worker->slow_readers, run);
        send_due(worker);
        if (run->now_ns >= run->window_end_ns)
            note_busy(worker, cpu_begin_ns);
    }
    note_busy(worker, cpu_begin_ns);
    run->result.generator_cpu_ns += clock_thread_cpu_ns() - cpu_begin_ns;
    end_measurement(worker);
}
