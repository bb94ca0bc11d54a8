#include "servers/serving/clients.h"

#include "servers/serving/ending.h"
#include "servers/serving/service.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

size_t service_clients(const struct service *service)
{
    size_t clients = 0;
    for (size_t process = 0; process < service->process_count; process++)
        clients += atomic_load(&service->counters->held[process]);
    return clients;
}

/* Is a client waiting to be accepted? */
static bool is_awaited(const struct service *service)
{
    for (size_t i = 0; i < service->listener_count; i++) {
        struct pollfd listener = {.fd = service->listeners[i], .events = POLLIN};
        if (poll(&listener, 1, 0) == 1 && listener.revents == POLLIN)
            return true;
    }
    return false;
}

/* By a signal, because only the process that accepts can end the service. */
static void end_if_due(const struct service *service, bool first_has_left)
{
    enum until until = service->options->until;
    if ((until == UNTIL_FIRST_CLIENT && first_has_left) ||
        (until == UNTIL_LAST_CLIENT && service_clients(service) == 0 && !is_awaited(service)))
        kill(service->owner, SIGTERM);
}

void service_enter_child(struct service *service, size_t child)
{
    service->process = 1 + child; /* 0 is the parent */
    assert(service->process < service->process_count);
}

void service_forget_child(struct service *service, size_t child)
{
    const struct protocol *protocol = service->options->protocol;
    if (protocol->process_ended != NULL)
        protocol->process_ended(&service->options->protocol_options, 1 + child);
    if (atomic_exchange(&service->counters->held[1 + child], 0) > 0)
        end_if_due(service, false);
}

static void raise_highest(struct service *service, int client)
{
    int highest = atomic_load(&service->held_highest);
    while (client > highest &&
           !atomic_compare_exchange_weak(&service->held_highest, &highest, client))
        continue;
}

void service_admit(struct service *service, int client)
{
    assert((size_t)client < service->held_limit);
    atomic_fetch_add(&service->counters->held[service->process], 1);
    if (atomic_fetch_add(&service->counters->accepted, 1) == 0)
        atomic_store(&service->first_client, client);
    raise_highest(service, client);
    atomic_store(&service->held[client], true);
    /* First hold the client, then look at `stopping`. service_stop() does the opposite, so one of
     * the two notices the other. */
    if (service_is_stopping(service))
        shutdown(client, SHUT_RD);
}

void service_let_go(struct service *service, int client)
{
    bool was_first = client == atomic_load(&service->first_client);
    atomic_store(&service->held[client], false);
    close(client);
    atomic_fetch_sub(&service->counters->held[service->process], 1);
    end_if_due(service, was_first);
}

void service_refuse(struct service *service, int client)
{
    atomic_fetch_add(&service->counters->refused, 1);
    close(client);
}

static void turn_one_away(struct service *service, int listener)
{
    int reserve = atomic_exchange(&service->reserve_fd, -1);
    if (reserve >= 0)
        close(reserve);
    struct pollfd waiting = {.fd = listener, .events = POLLIN};
    int client = -1;
    if (poll(&waiting, 1, 0) == 1)
        client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (client >= 0)
        service_refuse(service, client);
    else
        poll(NULL, 0, 10); /* another thread took the descriptor: wait until one is free */
    atomic_store(&service->reserve_fd, service_reserve_descriptor());
}

void service_accept_failed(struct service *service, int listener, int error)
{
    switch (error) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        turn_one_away(service, listener);
        break;
    case EBADF:
    case EFAULT:
    case EINVAL:
    case ENOTSOCK:
    case EOPNOTSUPP:
        /* The listener itself is broken, or service_stop() has shut it down. */
        if (!service_is_stopping(service)) {
            atomic_store(&service->failure, -error);
            service_stop(service);
        }
        break;
    default:
        /* EAGAIN, EINTR, ECONNABORTED, or a network error of that one client. */
        break;
    }
}
