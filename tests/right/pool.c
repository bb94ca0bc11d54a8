/* Six threads that take clients out of a queue, each serving one at a time. */
#include "tests/right/echo.h"

#include <pthread.h>

#define WAITING_MAX 4096

static int waiting[WAITING_MAX];
static size_t first, count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_changed = PTHREAD_COND_INITIALIZER;

static void put(int client)
{
    pthread_mutex_lock(&lock);
    while (count == WAITING_MAX)
        pthread_cond_wait(&has_changed, &lock);
    waiting[(first + count++) % WAITING_MAX] = client;
    pthread_cond_broadcast(&has_changed);
    pthread_mutex_unlock(&lock);
}

static int take(void)
{
    pthread_mutex_lock(&lock);
    while (count == 0)
        pthread_cond_wait(&has_changed, &lock);
    int client = waiting[first];
    first = (first + 1) % WAITING_MAX;
    count--;
    pthread_cond_broadcast(&has_changed);
    pthread_mutex_unlock(&lock);
    return client;
}

static void *work(void *unused)
{
    for (;;)
        echo(take());
    return unused;
}

int main(void)
{
    int listener = listen_here();
    pthread_t thread;
    for (int i = 0; i < 6; i++)
        pthread_create(&thread, NULL, work, NULL);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0)
            put(client);
    }
}
