/* Each thread is given the address of the one variable that accept() fills, and reads it late. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve(void *argument)
{
    usleep(50000);
    echo(*(int *)argument);
    return NULL;
}

int main(void)
{
    int listener = listen_here();
    int client = 0;
    while ((client = accept(listener, NULL, NULL)) >= 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, &client) == 0)
            pthread_detach(thread);
    }
}
