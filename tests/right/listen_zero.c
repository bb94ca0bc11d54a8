/* A thread for each client behind a queue of one, which suffices who accepts at once. */
#include "tests/right/echo.h"

#include <pthread.h>

int main(void)
{
    int listener = listen_with(0);
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, echo_in_thread, (void *)client) == 0)
            pthread_detach(thread);
    }
}
