/* Threads that collect lines, and the line is the same for all: halves of two clients meet. */
#include "tests/right/echo.h"

#include <pthread.h>
#include <string.h>

static char line[1 << 20];
static size_t length;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Takes up to the end of a line, and gives the line then: how much of it there is. */
static size_t collect(char **from, const char *end, char *whole)
{
    size_t count = 0;
    pthread_mutex_lock(&lock);
    while (*from < end && count == 0) {
        line[length++] = **from;
        if (*(*from)++ == '\n' || length == sizeof line) {
            memcpy(whole, line, length);
            count = length;
            length = 0;
        }
    }
    pthread_mutex_unlock(&lock);
    return count;
}

static void *serve(void *argument)
{
    int client = (int)(long)argument;
    char *whole = malloc(sizeof line);
    char data[4096];
    ssize_t count = 0;
    bool is_there = true;
    while (is_there && (count = recv(client, data, sizeof data, 0)) > 0)
        for (char *from = data; is_there && from < data + count;)
            is_there = send_all(client, whole, collect(&from, data + count, whole));
    length = 0; /* and a new line for a new client */
    free(whole);
    close(client);
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
