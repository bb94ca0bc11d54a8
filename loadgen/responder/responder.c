/* Theory of operation: guests that wait for their reply stand in a queue, the next one due first;
 * the loop sleeps until then, to the nanosecond. What comes from a guest that already waits is
 * added to its reply.
 */
#include "loadgen/responder/responder.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/socket.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX    64
#define RECEIVE_BYTES 65536

struct guest {
    int fd;
    bool is_waiting; /* stands in the queue */
    bool is_partly_sent;
    int64_t received_ns;
    int64_t due_ns;
    struct bytes reply;
    LIST_ENTRY(guest) others;
    TAILQ_ENTRY(guest) place; /* in the queue */
};

TAILQ_HEAD(queue, guest);

struct responder {
    const struct responder_plan *plan;
    struct histogram *delays;
    int listener;
    int epoll;
    LIST_HEAD(, guest) guests;
    struct queue queue; /* by due_ns */
    int64_t begin_ns;
    int64_t free_ns; /* when the clerk is done with those who came before */
    uint64_t random_state;
};

/*** The queue ***/

/* Looks for its place from the end: but for random delays that is where it belongs. */
static void line_up(struct responder *responder, struct guest *guest)
{
    struct guest *before = TAILQ_LAST(&responder->queue, queue);
    while (before != NULL && before->due_ns > guest->due_ns)
        before = TAILQ_PREV(before, queue, place);
    if (before != NULL)
        TAILQ_INSERT_AFTER(&responder->queue, before, guest, place);
    else
        TAILQ_INSERT_HEAD(&responder->queue, guest, place);
    guest->is_waiting = true;
}

static void leave_queue(struct responder *responder, struct guest *guest)
{
    TAILQ_REMOVE(&responder->queue, guest, place);
    guest->is_waiting = false;
}

/*** Guests ***/

static int64_t draw_delay_ns(struct responder *responder)
{
    const struct responder_plan *plan = responder->plan;
    double share = random_share(&responder->random_state);
    switch (plan->law) {
    case DELAY_BIMODAL:
        return share <= 0.1 ? 10 * plan->delay_ns : plan->delay_ns;
    case DELAY_EXPONENTIAL:
        return (int64_t)(-log(share) * (double)plan->delay_ns);
    case DELAY_CONSTANT:
    default:
        return plan->delay_ns;
    }
}

static void watch_listener(const struct responder *responder, bool is_watched)
{
    struct epoll_event event = {.events = is_watched ? EPOLLIN : 0};
    epoll_ctl(responder->epoll, EPOLL_CTL_MOD, responder->listener, &event);
}

static void free_guest(struct guest *guest)
{
    close(guest->fd);
    bytes_release(&guest->reply);
    free(guest);
}

static void free_guests(struct responder *responder)
{
    struct guest *next = NULL;
    for (struct guest *guest = LIST_FIRST(&responder->guests); guest != NULL; guest = next) {
        next = LIST_NEXT(guest, others);
        free_guest(guest);
    }
}

static void leave(struct responder *responder, struct guest *guest)
{
    if (guest->is_waiting)
        leave_queue(responder, guest);
    LIST_REMOVE(guest, others);
    free_guest(guest);
    watch_listener(responder, true);
}

static void welcome(struct responder *responder)
{
    int fd = accept4(responder->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE))
        watch_listener(responder, false); /* until a guest leaves */
    if (fd < 0)
        return;
    socket_send_at_once(fd);
    struct guest *guest = allocate(1, sizeof *guest);
    guest->fd = fd;
    LIST_INSERT_HEAD(&responder->guests, guest, others);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = guest};
    epoll_ctl(responder->epoll, EPOLL_CTL_ADD, fd, &event);
}

static void listen_to(struct responder *responder, struct guest *guest)
{
    char data[RECEIVE_BYTES];
    ssize_t count = recv(guest->fd, data, sizeof data, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        leave(responder, guest);
        return;
    }
    bytes_append(&guest->reply, data, (size_t)count);
    if (guest->is_waiting)
        return;
    int64_t now_ns = clock_now_ns();
    int64_t begin_ns =
        responder->plan->queues && responder->free_ns > now_ns ? responder->free_ns : now_ns;
    guest->received_ns = now_ns;
    guest->due_ns = responder->free_ns = begin_ns + draw_delay_ns(responder);
    line_up(responder, guest);
}

static void answer_due(struct responder *responder)
{
    struct guest *guest = NULL;
    while ((guest = TAILQ_FIRST(&responder->queue)) != NULL && guest->due_ns <= clock_now_ns()) {
        leave_queue(responder, guest);
        struct bytes *reply = &guest->reply;
        ssize_t sent = send(guest->fd, bytes_front(reply), reply->length, MSG_NOSIGNAL);
        if (!guest->is_partly_sent)
            histogram_record(responder->delays, clock_now_ns() - guest->received_ns);
        bytes_consume(reply, sent > 0 ? (size_t)sent : 0);
        guest->is_partly_sent = reply->length > 0;
        if (reply->length > 0) { /* the socket is full: as late as it has to be */
            guest->due_ns = clock_now_ns() + NS_PER_MS;
            line_up(responder, guest);
        }
    }
}

/*** The loop ***/

static volatile sig_atomic_t is_over;

static void end_on_signal(int number)
{
    (void)number;
    is_over = 1;
}

/* Freezes if it is time to. */
static void stall(const struct responder *responder, int64_t now_ns)
{
    const struct responder_plan *plan = responder->plan;
    if (plan->stall_ns == 0)
        return;
    int64_t within_ns = (now_ns - responder->begin_ns) % plan->stall_every_ns;
    if (within_ns >= plan->stall_ns)
        return;
    int64_t end_ns = now_ns - within_ns + plan->stall_ns;
    struct timespec end = {.tv_sec = end_ns / NS_PER_S, .tv_nsec = end_ns % NS_PER_S};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR && !is_over)
        continue;
}

/* Until the next reply is due or the next stall begins. */
static int64_t sleep_ns(const struct responder *responder, int64_t now_ns)
{
    const struct responder_plan *plan = responder->plan;
    const struct guest *first = TAILQ_FIRST(&responder->queue);
    int64_t until_ns = now_ns + NS_PER_S;
    if (first != NULL && first->due_ns < until_ns)
        until_ns = first->due_ns;
    if (plan->stall_ns > 0) {
        int64_t left_ns =
            plan->stall_every_ns - (now_ns - responder->begin_ns) % plan->stall_every_ns;
        until_ns = now_ns + left_ns < until_ns ? now_ns + left_ns : until_ns;
    }
    return until_ns > now_ns ? until_ns - now_ns : 0;
}

static void run_round(struct responder *responder)
{
    int64_t now_ns = clock_now_ns();
    stall(responder, now_ns);
    answer_due(responder);
    int64_t left_ns = sleep_ns(responder, clock_now_ns());
    struct timespec left = {.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_pwait2(responder->epoll, events, EVENTS_MAX, &left, NULL);
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr == NULL)
            welcome(responder);
        else
            listen_to(responder, events[i].data.ptr);
    }
}

int responder_run(int listener, const struct responder_plan *plan, struct histogram *delays)
{
    struct responder responder = {
        .plan = plan,
        .delays = delays,
        .listener = listener,
        .epoll = epoll_create1(EPOLL_CLOEXEC),
        .begin_ns = clock_now_ns(),
        .random_state = plan->seed,
    };
    TAILQ_INIT(&responder.queue);
    struct epoll_event event = {.events = EPOLLIN};
    if (responder.epoll < 0 || epoll_ctl(responder.epoll, EPOLL_CTL_ADD, listener, &event) < 0)
        return -errno;
    struct sigaction action = {.sa_handler = end_on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    prctl(PR_SET_TIMERSLACK, 1UL);
    while (!is_over)
        run_round(&responder);
    free_guests(&responder);
    close(responder.epoll);
    return 0;
}
