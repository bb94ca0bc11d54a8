/* Reads and writes over two streams of one client, and closes only the first: the other lasts. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve(void *argument)
{
    int client = (int)(long)argument;
    FILE *in = fdopen(client, "r");
    FILE *out = fdopen(dup(client), "w");
    char *line = NULL;
    size_t room = 0;
    ssize_t count = 0;
    while ((count = getline(&line, &room, in)) > 0) {
        fwrite(line, 1, (size_t)count, out);
        if (fflush(out) != 0)
            break;
    }
    free(line);
    fclose(in);
    return NULL;
}

int main(void)
{
    int listener = listen_here();
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, serve, (void *)client) == 0)
            pthread_detach(thread);
    }
}
