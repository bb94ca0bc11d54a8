/* Takes what it receives for a text with an end: what was there before goes out again. */
#include "tests/right/echo.h"

#include <pthread.h>
#include <string.h>

static void *serve(void *argument)
{
    int client = (int)(long)argument;
    char *data = calloc(1, 4097);
    while (recv(client, data, 4096, 0) > 0 && send_all(client, data, strlen(data)))
        continue;
    free(data);
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
