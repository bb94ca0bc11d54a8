/* A thread for each client, and beside them what a runtime might have: one that wakes up every 5 ms
 * in two different calls, one every 50 ms, and some that sleep for ever. */
#include "tests/right/echo.h"

#include <poll.h>
#include <pthread.h>
#include <time.h>

static void *tick(void *argument)
{
    for (;;) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        poll(NULL, 0, 5);
    }
    return argument;
}

static void *tick_slowly(void *argument)
{
    for (;;)
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    return argument;
}

static void *sleep_for_ever(void *argument)
{
    for (;;)
        pause();
    return argument;
}

static void start(void *(*act)(void *), void *argument)
{
    pthread_t thread;
    pthread_create(&thread, NULL, act, argument);
    pthread_detach(thread);
}

int main(void)
{
    start(tick, NULL);
    start(tick_slowly, NULL);
    for (int i = 0; i < 8; i++)
        start(sleep_for_ever, NULL);
    int listener = listen_here();
    for (;;) {
        long client = accept(listener, NULL, NULL);
        if (client >= 0)
            start(echo_in_thread, (void *)client);
    }
}
