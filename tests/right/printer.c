/* A thread for each client, which prints what comes, line by line. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *print(void *argument)
{
    FILE *client = fdopen((int)(long)argument, "r");
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, client) > 0) {
        printf("%s", line);
        fflush(stdout);
    }
    free(line);
    fclose(client);
    return NULL;
}

int main(void)
{
    int listener = listen_here();
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, print, (void *)client) == 0)
            pthread_detach(thread);
    }
}
