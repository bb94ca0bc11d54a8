/* A caching proxy: a thread for each client, and one list of what was asked before. */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct answer {
    char address[1000];
    char *data;
    size_t length;
    struct answer *next;
};

static struct answer *kept;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct answer *find(const char *address)
{
    pthread_mutex_lock(&lock);
    struct answer *found = kept;
    while (found != NULL && strcmp(found->address, address) != 0)
        found = found->next;
    pthread_mutex_unlock(&lock);
    return found;
}

static int connect_to(const char *host, int port)
{
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (inet_pton(AF_INET, host, &server.sin_addr) == 1 &&
        connect(fd, (struct sockaddr *)&server, sizeof server) == 0)
        return fd;
    close(fd);
    return -1;
}

static struct answer *ask(const char *address)
{
    char host[200] = "";
    char path[700] = "/";
    int port = 80;
    sscanf(address, "http://%199[^:/]:%d%699s", host, &port, path);
    int fd = connect_to(host, port);
    if (fd < 0)
        return NULL;
    struct answer *answer = calloc(1, sizeof *answer);
    ssize_t count = 0;
    char part[65536];
    dprintf(fd, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, host);
    while ((count = read(fd, part, sizeof part)) > 0) {
        answer->data = realloc(answer->data, answer->length + (size_t)count);
        memcpy(answer->data + answer->length, part, (size_t)count);
        answer->length += (size_t)count;
    }
    close(fd);
    strcpy(answer->address, address);
    pthread_mutex_lock(&lock);
    answer->next = kept;
    kept = answer;
    pthread_mutex_unlock(&lock);
    return answer;
}

static void *serve(void *client)
{
    FILE *stream = fdopen((int)(intptr_t)client, "r+");
    char line[2000] = "";
    char address[1000] = "";
    if (fgets(line, sizeof line, stream) != NULL)
        sscanf(line, "%*s %999s", address);
    while (fgets(line, sizeof line, stream) != NULL && strcmp(line, "\r\n") != 0)
        continue;
    struct answer *answer = find(address);
    if (answer == NULL)
        answer = ask(address);
    fseek(stream, 0, SEEK_CUR);
    if (answer == NULL)
        fputs("HTTP/1.0 502 Bad Gateway\r\n\r\n", stream);
    else
        fwrite(answer->data, 1, answer->length, stream);
    fclose(stream);
    return NULL;
}

int main(int count, char **words)
{
    int proxy = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons((uint16_t)(count > 1 ? atoi(words[1]) : 0));
    signal(SIGPIPE, SIG_IGN);
    setsockopt(proxy, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(proxy, (struct sockaddr *)&address, sizeof address) < 0 || listen(proxy, 50) < 0)
        return perror("listening"), 1;
    for (;;) {
        pthread_t thread;
        int client = accept(proxy, NULL, NULL);
        pthread_create(&thread, NULL, serve, (void *)(intptr_t)client);
        pthread_detach(thread);
    }
}
