/* A thread for each client, which answers each line with "got:" and the line. */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve(void *argument)
{
    int client = (int)(long)argument;
    FILE *lines = fdopen(client, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t count = 0;
    while ((count = getline(&line, &room, lines)) > 0 && send_all(client, "got:", 4) &&
           send_all(client, line, (size_t)count))
        continue;
    free(line);
    fclose(lines);
    return NULL;
}

int main(void)
{
    int listener = listen_here();
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, serve, (void *)client) == 0)
            pthread_detach(thread);
    }
}
