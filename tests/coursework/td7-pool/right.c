/* Echoes, with as many threads as cores, made at the start: the first thread accepts, and hands
 * clients over in a queue (TD7, section 5). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listen_on(uint16_t port, in_addr_t address, int backlog)
{
    struct sockaddr_in here = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(address),
    };
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0 ||
        listen(listener, backlog) < 0) {
        perror("listening");
        exit(1);
    }
    return listener;
}

/* False if nobody is there any more. */
static bool send_all(int peer, const char *data, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(peer, data, count, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        data += sent;
        count -= (size_t)sent;
    }
    return true;
}

static void echo(int client)
{
    char data[4096];
    ssize_t count = 0;
    while ((count = recv(client, data, sizeof data, 0)) > 0 &&
           send_all(client, data, (size_t)count))
        continue;
    close(client);
}

#define WAITING_MAX 1024

static int waiting[WAITING_MAX]; /* a ring */
static size_t first, count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_changed = PTHREAD_COND_INITIALIZER;

static void put(int client)
{
    pthread_mutex_lock(&lock);
    while (count == WAITING_MAX)
        pthread_cond_wait(&has_changed, &lock);
    waiting[(first + count++) % WAITING_MAX] = client;
    pthread_cond_broadcast(&has_changed);
    pthread_mutex_unlock(&lock);
}

static int take(void)
{
    pthread_mutex_lock(&lock);
    while (count == 0)
        pthread_cond_wait(&has_changed, &lock);
    int client = waiting[first];
    first = (first + 1) % WAITING_MAX;
    count--;
    pthread_cond_broadcast(&has_changed);
    pthread_mutex_unlock(&lock);
    return client;
}

static void *work(void *nothing)
{
    (void)nothing;
    for (;;)
        echo(take());
    return NULL;
}

int main(void)
{
    int listener = listen_on(2009, INADDR_LOOPBACK, 128);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    for (long i = 0; i < cores; i++) {
        pthread_t worker;
        if (pthread_create(&worker, NULL, work, NULL) != 0)
            return 1;
    }
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0)
            put(client);
    }
}
