#include "servers/serving/ending.h"

#include "servers/serving/keyboard.h"
#include "servers/serving/service.h"

#include <errno.h>
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
    /* Not by a child: the listener is everybody's, and the child may be the only one to end. */
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
    alarm(DRAIN_SECONDS); /* again, for a client whose socket the first one missed */
    errno = saved_errno;
}

int service_stop_on_signals(struct service *service)
{
    signalled_service = service;
    /* Without SA_RESTART: a call that sleeps is left, so that the handler runs even where it is
     * put off until the call returns, as ThreadSanitizer does. */
    struct sigaction action = {.sa_handler = stop_on_signal};
    sigaddset(&action.sa_mask, SIGALRM);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = cut_off_on_alarm;
    sigaction(SIGALRM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    return service->options->until == UNTIL_ENTER ? keyboard_signal_at_enter(SIGTERM) : 0;
}

void service_leave_signals(void)
{
    alarm(0);
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
}
