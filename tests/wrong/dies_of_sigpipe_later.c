/* Threads that do not look whether write() has failed: the next one to the same client kills. They
 * read little at a time, so that a client that aborts always leaves them more than one to write. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve(void *argument)
{
    int client = (int)(long)argument;
    char data[64];
    ssize_t count = 0;
    while ((count = read(client, data, sizeof data)) > 0)
        if (write(client, data, (size_t)count) < count)
            perror("write"); /* and goes on */
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
