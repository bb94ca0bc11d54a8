/* The same loop in several threads, each on a listener of its own. */
#include "servers/server.h"

#include "base/memory.h"
#include "servers/serving/ending.h"
#include "servers/serving/service.h"

#include <pthread.h>
#include <stdlib.h>

struct worker {
    struct service *service;
    loop_function *loop;
    int listener;
    pthread_t thread;
    int outcome;
};

static void *run(void *argument)
{
    struct worker *worker = argument;
    worker->outcome = worker->loop(worker->service, worker->listener);
    if (worker->outcome < 0)
        service_stop(worker->service);
    return NULL;
}

int service_run_loops(struct service *service, loop_function *loop)
{
    size_t count = service->listener_count;
    struct worker *workers = allocate(count, sizeof *workers);
    size_t started = 1; /* the first runs here */
    int outcome = 0;
    for (size_t i = 0; i < count; i++)
        workers[i] = (struct worker){service, loop, service->listeners[i], .outcome = 0};
    while (started < count && outcome == 0) {
        outcome = -pthread_create(&workers[started].thread, NULL, run, &workers[started]);
        started += outcome == 0;
    }
    if (outcome < 0)
        service_stop(service); /* or the clients of its listener would wait for ever */
    run(&workers[0]);
    for (size_t i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < started && outcome == 0; i++)
        outcome = workers[i].outcome;
    free(workers);
    return outcome;
}
