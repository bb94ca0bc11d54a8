#include "servers/serving/service.h"

#include "base/memory.h"
#include "base/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Bounds `held`, however high the limit of descriptors is. */
#define DESCRIPTORS_MAX (1 << 20)

/* For each client, in the kernel; more than any protocol answers at once. */
#define UNSENT_BYTES_MAX (128 * 1024)

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

int service_reserve_descriptor(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* All on one port; if that is 0, on the one that the kernel chooses for the first. */
static int open_listeners(struct service *service)
{
    const struct service_options *options = service->options;
    size_t wanted = options->has_own_listeners && options->workers > 1 ? options->workers : 1;
    service->listeners = allocate(wanted, sizeof *service->listeners);
    struct address address = options->address;
    if (wanted > 1) { /* SO_REUSEPORT would silently share the port of another server */
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
        socket_send_at_once(listener); /* its clients inherit this, and the limit */
        socket_limit_unsent(listener, UNSENT_BYTES_MAX);
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
    /* The launcher first, so that it inherits none of our descriptors. */
    if (error == 0 && options->protocol->needs & PROTOCOL_RUNS_COMMANDS)
        error = launcher_open(&service->launcher);
    if (error == 0) {
        service->reserve_fd = service_reserve_descriptor();
        error = open_listeners(service);
    }
    if (error < 0)
        service_close(service);
    return error;
}

void service_close(struct service *service)
{
    for (size_t i = 0; i < service->listener_count; i++)
        close(service->listeners[i]);
    free(service->listeners);
    if (service->reserve_fd >= 0)
        close(service->reserve_fd);
    launcher_close(&service->launcher);
    if (service->held != NULL)
        munmap(service->held, service->held_limit * sizeof *service->held);
    if (service->counters != NULL)
        munmap(service->counters, counters_bytes(service));
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
