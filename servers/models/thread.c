/* One thread per client.
 *
 * What it does         Accepts a client, starts a thread that serves it as the sequential server
 *                      does, and goes straight back to accept.
 * What a client costs  A descriptor, a thread and its stack (STACK_BYTES of address space, of
 *                      which a few pages are touched). Per request one recv and one send, and a
 *                      switch to the thread and away from it.
 * Where it breaks      At --max-clients threads, or earlier at the machine's limit of threads or
 *                      memory, where pthread_create fails: the client is refused and counted, and
 *                      those being served notice nothing.
 *                      Try: proctor load HOST:PORT --clients 1000, and look at the memory.
 * Compare with         fork.c: a thread is cheaper than a process to start and to switch to,
 *                      but now the clients share the process: what one changes, all see.
 */
#include "servers/server.h"

#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#define STACK_BYTES ((size_t)128 * 1024)

/* How many threads are still serving, so that the server can wait for the last of them. */
struct crew {
    struct service *service;
    pthread_attr_t attributes;
    pthread_mutex_t lock;
    pthread_cond_t one_left;
    size_t serving;
};

/* What a new thread is told. */
struct visit {
    struct crew *crew;
    int client;
};

static size_t count_serving(struct crew *crew, int change)
{
    pthread_mutex_lock(&crew->lock);
    size_t serving = crew->serving += (size_t)change;
    pthread_cond_signal(&crew->one_left);
    pthread_mutex_unlock(&crew->lock);
    return serving;
}

static void *serve_client(void *argument)
{
    struct visit visit = *(struct visit *)argument;
    free(argument);
    connection_serve(connection_open(visit.crew->service, visit.client));
    count_serving(visit.crew, -1);
    return NULL;
}

static void start_thread(struct crew *crew, int client)
{
    struct visit *visit = allocate(1, sizeof *visit);
    *visit = (struct visit){.crew = crew, .client = client};
    pthread_t thread;
    if (count_serving(crew, +1) <= service_max_clients(crew->service) &&
        pthread_create(&thread, &crew->attributes, serve_client, visit) == 0)
        return;
    count_serving(crew, -1);
    free(visit);
    service_refuse(crew->service, client);
}

static void wait_for_all(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    while (crew->serving > 0)
        pthread_cond_wait(&crew->one_left, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
}

static int serve_thread(struct service *service)
{
    struct crew crew = {
        .service = service,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .one_left = PTHREAD_COND_INITIALIZER,
    };
    pthread_attr_init(&crew.attributes);
    pthread_attr_setstacksize(&crew.attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&crew.attributes, PTHREAD_CREATE_DETACHED);
    int listener = service_listener(service);

    while (!service_is_stopping(service)) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0)
            start_thread(&crew, client);
        else
            service_accept_failed(service, listener, errno);
    }
    wait_for_all(&crew);
    pthread_attr_destroy(&crew.attributes);
    return service_outcome(service);
}

const struct server_model model_thread = {
    .interface = SERVER_INTERFACE,
    .name = "thread",
    .summary = "one thread per client",
    .serve = serve_thread,
};
