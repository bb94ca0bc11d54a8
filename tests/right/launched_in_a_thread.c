/* One client at a time, in a thread for which the first one waits all the time, as in the launcher
 * of Java. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve_all(void *listener)
{
    int client = 0;
    while ((client = accept(*(int *)listener, NULL, NULL)) >= 0)
        echo(client);
    return NULL;
}

int main(void)
{
    int listener = listen_here();
    pthread_t thread;
    pthread_create(&thread, NULL, serve_all, &listener);
    pthread_join(thread, NULL);
}
