/* Each thread reads the one variable that accept() fills anew before each message. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve(void *argument)
{
    int *client = argument;
    char data[4096];
    ssize_t count = 0;
    while ((count = read(*client, data, sizeof data)) > 0)
        send_all(*client, data, (size_t)count);
    close(*client);
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
