#include "servers/service.h"

#include "base/socket.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#define DRAIN_SECONDS 2

/* More descriptors than this are not used, however high the limit: it bounds `held`. */
#define DESCRIPTORS_MAX (1 << 20)

/*** Opening and closing ***/

static void *map_zeroed(size_t size_bytes, int sharing)
{
    void *block = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
    return block == MAP_FAILED ? NULL : block;
}

static int open_reserve(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

int service_open(struct service *service, const struct service_options *options)
{
    *service = (struct service){.listener = -1, .options = options, .reserve_fd = -1};
    size_t limit = socket_raise_descriptor_limit();
    service->held_limit = limit < DESCRIPTORS_MAX ? limit : DESCRIPTORS_MAX;
    service->held = map_zeroed(service->held_limit * sizeof *service->held, MAP_PRIVATE);
    service->counters = map_zeroed(sizeof *service->counters, MAP_SHARED);
    int error = service->held == NULL || service->counters == NULL ? -ENOMEM : 0;
    if (error == 0) {
        service->reserve_fd = open_reserve();
        service->listener = socket_listen(&options->address, options->backlog);
        error = service->listener < 0 ? service->listener : 0;
    }
    if (error < 0)
        service_close(service);
    return error;
}

void service_close(struct service *service)
{
    if (service->listener >= 0)
        close(service->listener);
    if (service->reserve_fd >= 0)
        close(service->reserve_fd);
    if (service->held != NULL)
        munmap(service->held, service->held_limit * sizeof *service->held);
    if (service->counters != NULL)
        munmap(service->counters, sizeof *service->counters);
}

/*** Stopping ***/

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
    shutdown(service->listener, SHUT_RD);
    shut_clients(service, SHUT_RD);
    alarm(DRAIN_SECONDS);
    errno = saved_errno;
}

bool service_is_stopping(struct service *service)
{
    return atomic_load(&service->stopping);
}

int service_outcome(struct service *service)
{
    return atomic_load(&service->failure);
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

void service_stop_on_signals(struct service *service)
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
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

/*** Clients ***/

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
    atomic_fetch_add(&service->counters->accepted, 1);
    socket_send_at_once(client);
    raise_highest(service, client);
    atomic_store(&service->held[client], true);
    /* Held first, asked afterwards: service_stop() does it the other way round, so one of the
     * two sees the other. */
    if (service_is_stopping(service))
        shutdown(client, SHUT_RD);
}

void service_let_go(struct service *service, int client)
{
    atomic_store(&service->held[client], false);
    close(client);
}

void service_refuse(struct service *service, int client)
{
    atomic_fetch_add(&service->counters->refused, 1);
    close(client);
}

static void turn_one_away(struct service *service)
{
    int reserve_fd = atomic_exchange(&service->reserve_fd, -1);
    if (reserve_fd >= 0)
        close(reserve_fd);
    struct pollfd listener = {.fd = service->listener, .events = POLLIN};
    int client = -1;
    if (poll(&listener, 1, 0) == 1)
        client = accept4(service->listener, NULL, NULL, SOCK_CLOEXEC);
    if (client >= 0)
        service_refuse(service, client);
    else
        poll(NULL, 0, 10); /* another thread was quicker to the descriptor: let one be freed */
    atomic_store(&service->reserve_fd, open_reserve());
}

void service_accept_failed(struct service *service, int error)
{
    switch (error) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        turn_one_away(service);
        break;
    case EBADF:
    case EFAULT:
    case EINVAL:
    case ENOTSOCK:
    case EOPNOTSUPP:
        /* The listener itself. After service_stop() that is meant to be. */
        if (!service_is_stopping(service)) {
            atomic_store(&service->failure, -error);
            service_stop(service);
        }
        break;
    default:
        /* EAGAIN, EINTR, ECONNABORTED and what the network did to that one client. */
        break;
    }
}
