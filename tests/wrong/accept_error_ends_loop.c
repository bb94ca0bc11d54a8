/* A thread for each of some sixty clients: when accept() finds no descriptor left, it ends. */
#include "tests/right/echo.h"

#include <pthread.h>
#include <sys/resource.h>

int main(void)
{
    int listener = listen_here();
    struct rlimit few = {.rlim_cur = 64, .rlim_max = 64};
    setrlimit(RLIMIT_NOFILE, &few);
    long client = 0;
    while ((client = accept(listener, NULL, NULL)) >= 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, echo_in_thread, (void *)client) == 0)
            pthread_detach(thread);
    }
    perror("accept");
    return 1;
}
