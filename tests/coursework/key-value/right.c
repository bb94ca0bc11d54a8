/* Keeps values by their keys: each change is a line of a file before it is answered. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define KEYS 10000

static struct {
    char *key;
    char *value;
} store[KEYS];
static size_t count;
static FILE *file;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t find(const char *key)
{
    size_t i = 0;
    while (i < count && strcmp(store[i].key, key) != 0)
        i++;
    return i;
}

static void set(const char *key, const char *value)
{
    size_t i = find(key);
    if (i == KEYS)
        return;
    if (i == count)
        store[count++].key = strdup(key);
    else
        free(store[i].value);
    store[i].value = strdup(value);
}

static int del(const char *key)
{
    size_t i = find(key);
    if (i == count)
        return 0;
    free(store[i].key);
    free(store[i].value);
    store[i] = store[--count];
    return 1;
}

/* Cuts "set KEY VALUE" into its words; the others are "" where there are none. */
static void cut(char *line, char **key, char **value)
{
    char *at = line;
    strsep(&at, " ");
    *key = at != NULL ? strsep(&at, " ") : line + strlen(line);
    *value = at != NULL ? at : line + strlen(line);
}

static void keep(const char *verb, const char *key, const char *value)
{
    fprintf(file, "%s %s %s\n", verb, key, value);
    fflush(file);
}

static void answer(char *line, char *out, size_t room)
{
    char *key, *value;
    cut(line, &key, &value);
    if (strcmp(line, "set") == 0 && *key != '\0' && *value != '\0') {
        set(key, value);
        keep("set", key, value);
        snprintf(out, room, "OK\n");
    } else if (strcmp(line, "get") == 0 && *key != '\0') {
        size_t i = find(key);
        if (i < count)
            snprintf(out, room, "VALUE %s\n", store[i].value);
        else
            snprintf(out, room, "NONE\n");
    } else if (strcmp(line, "del") == 0 && *key != '\0') {
        int was_there = del(key);
        if (was_there)
            keep("del", key, "");
        snprintf(out, room, was_there ? "OK\n" : "NONE\n");
    } else if (strcmp(line, "count") == 0) {
        snprintf(out, room, "COUNT %zu\n", count);
    } else {
        snprintf(out, room, "ERROR no such request\n");
    }
}

static void load(const char *path)
{
    char line[8192], *key, *value;
    FILE *before = fopen(path, "r");
    while (before != NULL && fgets(line, sizeof line, before) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        cut(line, &key, &value);
        if (strcmp(line, "set") == 0)
            set(key, value);
        else
            del(key);
    }
    if (before != NULL)
        fclose(before);
}

static void *serve(void *argument)
{
    FILE *client = fdopen((int)(long)argument, "r");
    char line[8192], out[8300];
    while (client != NULL && fgets(line, sizeof line, client) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        pthread_mutex_lock(&lock);
        answer(line, out, sizeof out);
        pthread_mutex_unlock(&lock);
        if (send((int)(long)argument, out, strlen(out), MSG_NOSIGNAL) < 0)
            break;
    }
    if (client != NULL)
        fclose(client);
    return NULL;
}

int main(int argc, char *argv[])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    if (argc < 3)
        return 1;
    load(argv[2]);
    file = fopen(argv[2], "a");
    address.sin_port = htons((unsigned short)atoi(argv[1]));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (file == NULL || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listener, 128) < 0)
        return 1;
    for (;;) {
        pthread_t thread;
        long client = accept(listener, NULL, NULL);
        if (client >= 0 && pthread_create(&thread, NULL, serve, (void *)client) == 0)
            pthread_detach(thread);
    }
}
