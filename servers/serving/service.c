#include "servers/serving/service.h"

#include "base/memory.h"
#include "base/socket.h"
#include "servers/serving/keyboard.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
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

static size_t counters_bytes(const struct service *service)
{
    return sizeof *service->counters + service->process_count * sizeof service->counters->held[0];
}

static int open_reserve(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* All on one port: with port 0, on the one that the kernel has chosen for the first. */
static int open_listeners(struct service *service)
{
    const struct service_options *options = service->options;
    size_t wanted = options->has_own_listeners && options->workers > 1 ? options->workers : 1;
    service->listeners = allocate(wanted, sizeof *service->listeners);
    struct address address = options->address;
    if (wanted > 1) { /* sharing a port with somebody else's server would go unnoticed */
        int alone = socket_listen(&address, 0);
        if (alone < 0)
            return alone;
        close(alone);
    }
    while (service->listener_count < wanted) {
        int listener = wanted > 1 ? socket_listen_beside(&address, options->backlog)
                                  : socket_listen(&address, options->backlog);
        if (listener < 0)
            return listener;
        socket_send_at_once(listener); /* which its clients inherit */
        service->listeners[service->listener_count++] = listener;
        address_of_socket(listener, &address);
    }
    return 0;
}

int service_open(struct service *service, const struct service_options *options)
{
    *service = (struct service){
        .options = options,
        .owner = getpid(),
        .launcher.requests = -1,
        .first_client = -1,
        .reserve_fd = -1,
    };
    service->process_count = 1 + options->max_clients + service_workers(service);
    size_t limit = socket_raise_descriptor_limit();
    service->held_limit = limit < DESCRIPTORS_MAX ? limit : DESCRIPTORS_MAX;
    service->held = map_zeroed(service->held_limit * sizeof *service->held, MAP_PRIVATE);
    service->counters = map_zeroed(counters_bytes(service), MAP_SHARED);
    int error = service->held == NULL || service->counters == NULL ? -ENOMEM : 0;
    /* First the launcher, which shall have none of our descriptors. */
    if (error == 0 && options->protocol->needs & PROTOCOL_RUNS_COMMANDS)
        error = launcher_open(&service->launcher);
    if (error == 0) {
        service->reserve_fd = open_reserve();
        error = open_listeners(service);
    }
    if (error < 0)
        service_close(service);
    return error < 0 ? error : 0;
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

/*** What models ask ***/

int service_listener(const struct service *service)
{
    return service->listeners[0];
}

size_t service_workers(const struct service *service)
{
    size_t asked = service->options->workers;
    return asked > 0 ? asked : (size_t)sysconf(_SC_NPROCESSORS_ONLN);
}

size_t service_max_clients(const struct service *service)
{
    return service->options->max_clients;
}

bool service_is_stopping(const struct service *service)
{
    return atomic_load(&service->stopping);
}

int service_outcome(const struct service *service)
{
    return atomic_load(&service->failure);
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

static void leave_signals(const struct service *service)
{
    if (signalled_service != service)
        return;
    alarm(0);
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signalled_service = NULL;
}

void service_close(struct service *service)
{
    leave_signals(service);
    for (size_t i = 0; i < service->listener_count; i++)
        close(service->listeners[i]);
    free(service->listeners);
    close_if_open(service->reserve_fd);
    launcher_close(&service->launcher);
    if (service->held != NULL)
        munmap(service->held, service->held_limit * sizeof *service->held);
    if (service->counters != NULL)
        munmap(service->counters, counters_bytes(service));
}

/*** Clients ***/

size_t service_clients(const struct service *service)
{
    size_t clients = 0;
    for (size_t process = 0; process < service->process_count; process++)
        clients += atomic_load(&service->counters->held[process]);
    return clients;
}

/* Does somebody wait to be accepted? */
static bool is_awaited(const struct service *service)
{
    for (size_t i = 0; i < service->listener_count; i++) {
        struct pollfd listener = {.fd = service->listeners[i], .events = POLLIN};
        if (poll(&listener, 1, 0) == 1 && listener.revents == POLLIN)
            return true;
    }
    return false;
}

/* The signal, because only the process that accepts can end the service. */
static void end_if_due(const struct service *service, bool first_has_left)
{
    enum until until = service->options->until;
    if ((until == UNTIL_FIRST_CLIENT && first_has_left) ||
        (until == UNTIL_LAST_CLIENT && service_clients(service) == 0 && !is_awaited(service)))
        kill(service->owner, SIGTERM);
}

void service_enter_process(struct service *service, size_t process)
{
    assert(process < service->process_count);
    service->process = process;
}

void service_forget_process(struct service *service, size_t process)
{
    if (atomic_exchange(&service->counters->held[process], 0) > 0)
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
    /* Held first, asked afterwards: service_stop() does it the other way round, so one of the
     * two sees the other. */
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
    close_if_open(atomic_exchange(&service->reserve_fd, -1));
    struct pollfd waiting = {.fd = listener, .events = POLLIN};
    int client = -1;
    if (poll(&waiting, 1, 0) == 1)
        client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (client >= 0)
        service_refuse(service, client);
    else
        poll(NULL, 0, 10); /* another thread was quicker to the descriptor: let one be freed */
    atomic_store(&service->reserve_fd, open_reserve());
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
