/* A thread for each client, and a log of many lines for each piece that comes. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve(void *argument)
{
    int client = (int)(long)argument;
    char data[65536];
    ssize_t count = 0;
    while ((count = recv(client, data, sizeof data, 0)) > 0 &&
           send_all(client, data, (size_t)count))
        for (int i = 0; i < 1000; i++)
            printf("client %d has said something, and %zd bytes of it have come\n", client, count);
    close(client);
    return NULL;
}

int main(void)
{
    int listener = listen_here();
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, serve, (void *)client) == 0)
            pthread_detach(thread);
    }
}
