/* Prints what comes into a buffer of its own, and nobody sees it. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *print(void *argument)
{
    FILE *client = fdopen((int)(long)argument, "r");
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, client) > 0) {
        printf("%s", line);
    }
    free(line);
    fclose(client);
    return NULL;
}

int main(void)
{
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    int listener = listen_here();
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, print, (void *)client) == 0)
            pthread_detach(thread);
    }
}
