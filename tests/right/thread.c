/* A detached thread for each client. */
#include "tests/right/echo.h"

#include <pthread.h>

int main(void)
{
    int listener = listen_here();
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, echo_in_thread, (void *)client) == 0)
            pthread_detach(thread);
        else if (client >= 0)
            close((int)client);
    }
}
