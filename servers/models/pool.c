/* A fixed number of threads, and a queue before them.
 *
 * What it does         One thread accepts and puts each client into a queue; --workers threads take
 *                      clients out of it and serve each from its first byte to its last.
 * What a client costs  A place in the queue, then a worker for as long as it stays. Per request one
 *                      recv and one send.
 * Where it breaks      At client number --workers + 1: it is accepted and waits in the queue until
 *                      a worker is free; what it sends lies unread. At --max-clients, served and
 *                      queued together, the next one is refused and counted: the queue is bounded,
 *                      because one without bounds only hides that nobody is served any more.
 *                      Try: proctor load HOST:PORT --clients 64, and see how many were served
 * Compare with         thread.c: no client waits for a thread to start, and no number of
 *                      clients makes more threads; the price is the limit of prefork.c.
 */
#include "servers/server.h"

#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

struct pool {
    struct service *service;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct connection **queue; /* a ring of max_clients places */
    size_t first;
    size_t queued;
    size_t serving;
    bool closed; /* no more clients will come */
};

static bool enqueue(struct pool *pool, int client)
{
    size_t limit = service_max_clients(pool->service);
    pthread_mutex_lock(&pool->lock);
    bool has_place = pool->queued + pool->serving < limit;
    if (has_place)
        pool->queue[(pool->first + pool->queued++) % limit] =
            connection_open(pool->service, client);
    pthread_cond_signal(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    return has_place;
}

/* Waits for a client; NULL when no more will come. */
static struct connection *dequeue(struct pool *pool)
{
    struct connection *client = NULL;
    pthread_mutex_lock(&pool->lock);
    while (pool->queued == 0 && !pool->closed)
        pthread_cond_wait(&pool->changed, &pool->lock);
    if (pool->queued > 0) {
        client = pool->queue[pool->first];
        pool->first = (pool->first + 1) % service_max_clients(pool->service);
        pool->queued--;
        pool->serving++;
    }
    pthread_mutex_unlock(&pool->lock);
    return client;
}

static void *work(void *argument)
{
    struct pool *pool = argument;
    struct connection *client = NULL;
    while ((client = dequeue(pool)) != NULL) {
        connection_serve(client);
        pthread_mutex_lock(&pool->lock);
        pool->serving--;
        pthread_mutex_unlock(&pool->lock);
    }
    return NULL;
}

static void close_pool(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->closed = true;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
}

static size_t start_workers(struct pool *pool, pthread_t *threads, size_t wanted)
{
    size_t started = 0;
    while (started < wanted && pthread_create(&threads[started], NULL, work, pool) == 0)
        started++;
    return started;
}

static int serve_pool(struct service *service)
{
    struct pool pool = {
        .service = service,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
        .queue = allocate(service_max_clients(service), sizeof(struct connection *)),
    };
    pthread_t *threads = allocate(service_workers(service), sizeof *threads);
    size_t started = start_workers(&pool, threads, service_workers(service));
    int listener = service_listener(service);

    while (!service_is_stopping(service) && started > 0) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0)
            service_accept_failed(service, listener, errno);
        else if (!enqueue(&pool, client))
            service_refuse(service, client);
    }
    close_pool(&pool);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    free(pool.queue);
    return started > 0 ? service_outcome(service) : -EAGAIN;
}

const struct server_model model_pool = {
    .interface = SERVER_INTERFACE,
    .name = "pool",
    .summary = "a fixed number of threads, with a queue of clients in front",
    .serve = serve_pool,
};
