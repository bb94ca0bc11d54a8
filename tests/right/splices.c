/* A thread for each client, which passes the bytes back through a pipe without touching them. */
#include "tests/right/echo.h"

#include <fcntl.h>
#include <pthread.h>

static bool splice_all(int from, int to, size_t count)
{
    while (count > 0) {
        ssize_t moved = splice(from, NULL, to, NULL, count, SPLICE_F_MOVE);
        if (moved <= 0)
            return false;
        count -= (size_t)moved;
    }
    return true;
}

static void *serve(void *argument)
{
    int client = (int)(long)argument;
    int tube[2];
    ssize_t count = 0;
    if (pipe(tube) == 0) {
        while ((count = splice(client, NULL, tube[1], NULL, 65536, SPLICE_F_MOVE)) > 0 &&
               splice_all(tube[0], client, (size_t)count))
            continue;
        close(tube[0]);
        close(tube[1]);
    }
    close(client);
    return NULL;
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    int listener = listen_here();
    int client = 0;
    while ((client = accept(listener, NULL, NULL)) >= 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(long)client) == 0)
            pthread_detach(thread);
    }
}
