/* Threads that answer over the variable accept() fills, which is one for all: over the latest. */
#include "tests/right/echo.h"

#include <pthread.h>

static volatile int client;

static void *serve(void *argument)
{
    int mine = (int)(long)argument;
    char data[4096];
    ssize_t count = 0;
    while ((count = recv(mine, data, sizeof data, 0)) > 0 && send_all(client, data, (size_t)count))
        continue;
    close(mine);
    return NULL;
}

int main(void)
{
    int listener = listen_here();
    while ((client = accept(listener, NULL, NULL)) >= 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(long)client) == 0)
            pthread_detach(thread);
    }
}
