/* A thread for each client, in a process that only the kernel's own may look into. */
#include "tests/right/echo.h"

#include <pthread.h>

int main(void)
{
    prctl(PR_SET_DUMPABLE, 0);
    int listener = listen_here();
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, echo_in_thread, (void *)client) == 0)
            pthread_detach(thread);
    }
}
