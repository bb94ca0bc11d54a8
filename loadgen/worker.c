/* Theory of operation: one epoll set, level-triggered, holds every connection of the worker. A
 * request is sent straight from the place where the reply before it was completed, so a request
 * costs one send, one recv and a share of an epoll_wait; EPOLLOUT is asked for only while a send
 * was cut short. The clock is read once per completed reply; in a closed loop the end of one
 * request is the beginning of the next.
 *
 * In an open loop the clients that have nothing to do stand in a ring, and the next arrival of the
 * schedule waits in `due_ns` until it is due and somebody is idle. Arrivals that wait behind it
 * need no memory: the schedule is only asked for the next one when this one has been sent. The
 * thread sleeps to the nanosecond (epoll_pwait2 and a timer slack of 1 ns) and keeps no core busy.
 */
#include "loadgen/worker.h"

#include "base/clock.h"
#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#define EVENTS_MAX    256
#define RECEIVE_BYTES 65536

/*** Begin and end ***/

void worker_init(struct worker *worker, const struct load_plan *plan, const struct payload *payload,
                 unsigned first_connection, unsigned client_count, unsigned silent_count,
                 unsigned connection_step)
{
    *worker = (struct worker){
        .plan = plan,
        .payload = payload,
        .client_count = client_count,
        .silent_count = silent_count,
    };
    worker->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(worker->epoll_fd, EPOLL_CTL_ADD, worker->wake_fd, &event);
    atomic_store(&worker->stop_ns, NEVER_NS);
    histogram_init(&worker->pages[0].latency);
    histogram_init(&worker->pages[1].latency);
    worker->clients = allocate(client_count, sizeof *worker->clients);
    worker->request = allocate(plan->size_bytes, 1);
    worker->idle = allocate(client_count, sizeof(struct client *));
    load_result_init(&worker->result);
    for (unsigned i = 0; i < client_count; i++)
        worker->clients[i].connection = first_connection + i * connection_step;
}

static bool is_open(const struct client *client)
{
    return client->state != CLIENT_UNBORN && client->state != CLIENT_GONE;
}

void worker_release(struct worker *worker)
{
    for (unsigned i = 0; i < worker->client_count; i++)
        if (is_open(&worker->clients[i]))
            close(worker->clients[i].fd);
    if (worker->epoll_fd >= 0)
        close(worker->epoll_fd);
    if (worker->wake_fd >= 0)
        close(worker->wake_fd);
    histogram_release(&worker->pages[0].latency);
    histogram_release(&worker->pages[1].latency);
    free(worker->clients);
    free(worker->request);
    free(worker->idle);
    load_result_release(&worker->result);
}

void worker_watch(struct worker *worker, struct client *client, int operation, unsigned events)
{
    struct epoll_event event = {.events = events, .data.ptr = client};
    epoll_ctl(worker->epoll_fd, operation, client->fd, &event);
}

/*** Requests ***/

static enum failure_phase phase_of(const struct client *client)
{
    switch (client->state) {
    case CLIENT_SENDING:
        return PHASE_SEND;
    case CLIENT_WAITING:
        return client->received_bytes > 0 ? PHASE_PARTIAL : PHASE_WAIT;
    default:
        return PHASE_IDLE;
    }
}

static void lose(struct worker *worker, struct client *client, int cause)
{
    failures_count(&worker->result.totals.failures, phase_of(client), cause, 1);
    if (client->state == CLIENT_SENDING || client->state == CLIENT_WAITING)
        worker->outstanding--;
    close(client->fd);
    worker->alive -= client->state != CLIENT_SILENT;
    client->state = CLIENT_GONE;
}

/* Sends what is left of the request. */
static void push(struct worker *worker, struct client *client)
{
    size_t size_bytes = worker->plan->size_bytes;
    payload_write(worker->payload, client->connection, client->sequence, worker->request);
    while (client->sent_bytes < size_bytes) {
        ssize_t sent = send(client->fd, worker->request + client->sent_bytes,
                            size_bytes - client->sent_bytes, MSG_NOSIGNAL);
        if (sent >= 0) {
            client->sent_bytes += (size_t)sent;
        } else if (errno == EAGAIN) {
            if (client->state != CLIENT_SENDING)
                worker_watch(worker, client, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            client->state = CLIENT_SENDING;
            return;
        } else if (errno != EINTR) {
            client->state = CLIENT_SENDING;
            lose(worker, client, errno);
            return;
        }
    }
    if (client->state == CLIENT_SENDING)
        worker_watch(worker, client, EPOLL_CTL_MOD, EPOLLIN);
    client->state = CLIENT_WAITING;
}

static bool is_in_window(const struct worker *worker, int64_t time_ns)
{
    return time_ns >= worker->window_begin_ns && time_ns < worker->window_end_ns;
}

static void begin_request(struct worker *worker, struct client *client, int64_t due_ns,
                          int64_t now_ns)
{
    if (client->sequence++ == 0)
        worker->result.totals.clients_used++;
    client->sent_bytes = 0;
    client->received_bytes = 0;
    client->due_ns = due_ns;
    client->sent_ns = now_ns;
    worker->outstanding++;
    worker->result.totals.sent++;
    if (is_in_window(worker, due_ns)) {
        worker->result.window_sent++;
        histogram_record(&worker->result.slip, now_ns - due_ns);
    }
    push(worker, client);
}

/*** The schedule ***/

static bool is_scheduled(const struct worker *worker)
{
    return worker->plan->rate_per_s > 0;
}

static void take_next_arrival(struct worker *worker)
{
    int64_t due_ns = worker->begin_ns + arrivals_next_ns(&worker->arrivals);
    worker->due_ns = due_ns < worker->window_end_ns ? due_ns : NEVER_NS;
}

static void add_idle(struct worker *worker, struct client *client)
{
    unsigned place = (worker->idle_first + worker->idle_count++) % worker->client_count;
    worker->idle[place] = client;
}

/* The client that has been idle longest, or NULL. One that was lost meanwhile is passed over. */
static struct client *take_idle(struct worker *worker)
{
    while (worker->idle_count > 0) {
        struct client *client = worker->idle[worker->idle_first];
        worker->idle_first = (worker->idle_first + 1) % worker->client_count;
        worker->idle_count--;
        if (client->state == CLIENT_IDLE)
            return client;
    }
    return NULL;
}

/* Sends what is due, as far as there are clients for it. */
static void send_due(struct worker *worker, int64_t now_ns)
{
    struct client *client = NULL;
    while (worker->due_ns <= now_ns && (client = take_idle(worker)) != NULL) {
        begin_request(worker, client, worker->due_ns, now_ns);
        take_next_arrival(worker);
    }
}

/* Counts what was due in the window and is left. */
static void count_unsent(struct worker *worker)
{
    while (worker->due_ns != NEVER_NS) {
        worker->result.window_unsent += is_in_window(worker, worker->due_ns);
        take_next_arrival(worker);
    }
}

/*** Replies ***/

static void finish_request(struct worker *worker, struct client *client)
{
    int64_t now_ns = clock_now_ns();
    struct load_result *result = &worker->result;
    client->state = CLIENT_IDLE;
    worker->outstanding--;
    if (client->replies++ == 0) {
        result->totals.clients_served++;
        histogram_record(&result->first_service, now_ns - client->connecting_since_ns);
    }
    result->totals.answered++;
    result->answered++;
    if (worker->is_watched)
        histogram_record(&worker_page(worker)->latency, now_ns - client->due_ns);
    if (is_in_window(worker, client->due_ns)) {
        result->window_answered++;
        histogram_record(&result->latency, now_ns - client->due_ns);
        histogram_record(&result->service, now_ns - client->sent_ns);
    }
    if (is_scheduled(worker)) {
        add_idle(worker, client);
        send_due(worker, now_ns);
    } else if (now_ns < worker->window_end_ns) {
        begin_request(worker, client, now_ns, now_ns);
    }
}

static int cause_of(enum payload_verdict verdict)
{
    static const int causes[] = {
        [PAYLOAD_WRONG_BYTES] = CAUSE_WRONG_BYTES,
        [PAYLOAD_OTHER_CLIENT] = CAUSE_OTHER_CLIENT,
        [PAYLOAD_REPEATED] = CAUSE_REPEATED,
    };
    return causes[verdict];
}

static void take(struct worker *worker, struct client *client, const char *data, size_t count)
{
    bool is_out = client->state == CLIENT_SENDING || client->state == CLIENT_WAITING;
    /* A server may send back the beginning of a request whose end it does not have yet. */
    if (!is_out || client->received_bytes + count > client->sent_bytes) {
        lose(worker, client, CAUSE_UNASKED);
        return;
    }
    enum payload_verdict verdict = payload_check(
        worker->payload, client->connection, client->sequence, client->received_bytes, data, count);
    if (verdict != PAYLOAD_RIGHT) {
        lose(worker, client, cause_of(verdict));
        return;
    }
    client->received_bytes += count;
    if (client->received_bytes == worker->plan->size_bytes)
        finish_request(worker, client);
}

/* Receives until the reply is complete or nothing more is there. */
static void pull(struct worker *worker, struct client *client)
{
    char buffer[RECEIVE_BYTES];
    uint32_t sequence = client->sequence;
    do {
        ssize_t count = recv(client->fd, buffer, sizeof buffer, 0);
        if (count > 0)
            take(worker, client, buffer, (size_t)count);
        else if (count == 0)
            lose(worker, client, CAUSE_CLOSED);
        else if (errno == EAGAIN)
            return;
        else if (errno != EINTR)
            lose(worker, client, errno);
    } while (client->state == CLIENT_WAITING && client->sequence == sequence);
}

/*** Measuring ***/

static void begin_idle_clients(struct worker *worker)
{
    for (unsigned i = 0; i < worker->client_count; i++) {
        struct client *client = &worker->clients[i];
        if (!is_open(client))
            continue;
        worker_watch(worker, client, EPOLL_CTL_MOD,
                     client->state == CLIENT_SENDING ? EPOLLIN | EPOLLOUT : EPOLLIN);
        if (client->state != CLIENT_IDLE)
            continue;
        int64_t now_ns = clock_now_ns();
        if (is_scheduled(worker))
            add_idle(worker, client);
        else
            begin_request(worker, client, now_ns, now_ns);
    }
}

static void begin_schedule(struct worker *worker)
{
    worker->idle_first = worker->idle_count = 0;
    worker->due_ns = NEVER_NS;
    if (!is_scheduled(worker))
        return;
    const struct load_plan *plan = worker->plan;
    unsigned number = worker->clients[0].connection; /* as load_new() deals them out */
    arrivals_init(&worker->arrivals, plan->arrivals, plan->rate_per_s, plan->seed, number,
                  plan->threads);
    take_next_arrival(worker);
    prctl(PR_SET_TIMERSLACK, 1UL);
}

static void stop_if_told(struct worker *worker)
{
    int64_t stop_ns = atomic_load(&worker->stop_ns);
    if (stop_ns >= worker->window_end_ns)
        return;
    worker->window_end_ns = stop_ns;
    worker->grace_end_ns = stop_ns + worker->plan->grace_ns;
    if (worker->due_ns >= stop_ns)
        worker->due_ns = NEVER_NS;
}

static bool goes_on(const struct worker *worker, int64_t now_ns)
{
    if (worker->alive == 0)
        return false;
    bool has_open_ends = worker->outstanding > 0 || worker->due_ns != NEVER_NS;
    return now_ns < worker->window_end_ns || (has_open_ends && now_ns < worker->grace_end_ns);
}

static int wait_for_events(const struct worker *worker, int64_t now_ns, struct epoll_event *events)
{
    int64_t until_ns =
        now_ns < worker->window_end_ns ? worker->window_end_ns : worker->grace_end_ns;
    if (worker->idle_count > 0 && worker->due_ns < until_ns)
        until_ns = worker->due_ns;
    int64_t left_ns = until_ns > now_ns ? until_ns - now_ns : 0;
    struct timespec left = {.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
    return epoll_pwait2(worker->epoll_fd, events, EVENTS_MAX, &left, NULL);
}

static void check_identities(const struct worker *worker)
{
    const struct load_result *result = &worker->result;
    assert(result->totals.sent == result->totals.answered +
                                      failures_of_requests(&result->totals.failures) +
                                      worker->outstanding);
    assert(result->latency.total == result->window_answered);
    assert(result->service.total == result->window_answered);
    assert(result->slip.total == result->window_sent);
    assert(result->window_answered <= result->window_sent);
    uint64_t replies = 0;
    for (unsigned i = 0; i < worker->client_count; i++)
        replies += worker->clients[i].replies;
    assert(replies == result->totals.answered);
}

void worker_measure(struct worker *worker)
{
    int64_t cpu_begin_ns = clock_thread_cpu_ns();
    begin_schedule(worker);
    begin_idle_clients(worker);
    int64_t now_ns = clock_now_ns();
    while (goes_on(worker, now_ns)) {
        struct epoll_event events[EVENTS_MAX];
        int count = wait_for_events(worker, now_ns, events);
        for (int i = 0; i < count; i++) {
            struct client *client = events[i].data.ptr;
            if (client == NULL) {
                worker_awake(worker);
                continue;
            }
            if (events[i].events & EPOLLOUT)
                push(worker, client);
            if (events[i].events & ~(unsigned)EPOLLOUT && is_open(client))
                pull(worker, client);
        }
        now_ns = clock_now_ns();
        worker_turn_page(worker);
        stop_if_told(worker);
        send_due(worker, now_ns);
    }
    count_unsent(worker);
    worker->ended_ns = now_ns;
    worker->result.generator_cpu_ns += clock_thread_cpu_ns() - cpu_begin_ns;
    worker->result.totals.in_flight = worker->outstanding;
    check_identities(worker);
    atomic_store(&worker->has_ended, true);
    eventfd_write(worker->done_fd, 1);
}
