/* A thread for each client, and none of them is the first one, which has ended: its process looks
 * like a zombie that has nothing open. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *accept_all(void *first)
{
    pthread_join(*(pthread_t *)first, NULL);
    int listener = listen_here();
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, echo_in_thread, (void *)client) == 0)
            pthread_detach(thread);
    }
    return NULL;
}

int main(void)
{
    static pthread_t first, second;
    first = pthread_self();
    pthread_create(&second, NULL, accept_all, &first);
    pthread_exit(NULL);
}
