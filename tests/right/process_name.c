/* Runs its own program once more, and then takes names that look like fields of stat. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve(void *client)
{
    prctl(PR_SET_NAME, ") Z 1 (\n");
    return echo_in_thread(client);
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        execl("/proc/self/exe", "another name", argv[0], (char *)NULL);
        perror("running it once more");
        return 1;
    }
    int listener = listen_here();
    prctl(PR_SET_NAME, "a) T 0 (b");
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, serve, (void *)client) == 0)
            pthread_detach(thread);
    }
}
