#include "servers/serving/ending.h"

#include "servers/serving/service.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#define DRAIN_SECONDS 2

static void shut_clients(struct service *service, int how)
{
    int highest = atomic_load(&service->held_highest);
    for (int client = 0; client <= highest; client++)
        if (atomic_load(&service->held[client]))
            shutdown(client, how);
}

void service_stop(struct service *service)
{
    int saved_errno = errno;
    atomic_store(&service->stopping, true);
    /* Not in a child: all processes share the listener, and perhaps only this child is to end. */
    for (size_t i = 0; i < service->listener_count && getpid() == service->owner; i++)
        shutdown(service->listeners[i], SHUT_RD);
    shut_clients(service, SHUT_RD);
    alarm(DRAIN_SECONDS);
    errno = saved_errno;
}

static struct service *signalled_service;

static void stop_on_signal(int number)
{
    (void)number;
    service_stop(signalled_service);
}

static void cut_off_on_alarm(int number)
{
    (void)number;
    int saved_errno = errno;
    shut_clients(signalled_service, SHUT_RDWR);
    alarm(DRAIN_SECONDS); /* again, for a client that came too late for this one */
    errno = saved_errno;
}

/* In a thread of its own, so that every model can be ended so; the end of stdin counts as Enter. */
static void *wait_for_enter(void *unused)
{
    char key = 0;
    ssize_t count = 0;
    do
        count = read(STDIN_FILENO, &key, 1);
    while ((count == 1 && key != '\n') || (count < 0 && errno == EINTR));
    kill(getpid(), SIGTERM);
    return unused;
}

static int stop_at_enter(void)
{
    /* This thread takes no signals: they must wake the thread that serves. */
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, wait_for_enter, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0)
        pthread_detach(thread);
    return -error;
}

int service_stop_on_signals(struct service *service)
{
    signalled_service = service;
    /* Without SA_RESTART, so that a sleeping call returns: ThreadSanitizer runs the handler only
     * then. */
    struct sigaction action = {.sa_handler = stop_on_signal};
    sigaddset(&action.sa_mask, SIGALRM);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = cut_off_on_alarm;
    sigaction(SIGALRM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    return service->options->until == UNTIL_ENTER ? stop_at_enter() : 0;
}

void service_leave_signals(void)
{
    alarm(0);
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
}
