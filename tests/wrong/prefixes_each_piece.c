/* Puts its prefix before whatever recv() brings, be it half a line or two. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve(void *argument)
{
    int client = (int)(long)argument;
    char data[65536];
    ssize_t count = 0;
    while ((count = recv(client, data, sizeof data, 0)) > 0 && send_all(client, "got:", 4) &&
           send_all(client, data, (size_t)count))
        continue;
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
