/* Gives each thread the address of the one variable that accept() fills: all answer the latest. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve(void *argument)
{
    const volatile int *client = argument;
    int mine = *client;
    char data[4096];
    ssize_t count = 0;
    while ((count = recv(mine, data, sizeof data, 0)) > 0 && send_all(*client, data, (size_t)count))
        continue;
    close(mine);
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
