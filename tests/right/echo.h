/* What the servers of the corpus in C have in common: the listener, and the service of a client. */
#ifndef TESTS_RIGHT_ECHO_H
#define TESTS_RIGHT_ECHO_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static inline int listen_with(int backlog)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(9500),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listener, backlog) < 0) {
        perror("listening");
        exit(1);
    }
    return listener;
}

static inline int listen_here(void)
{
    return listen_with(128);
}

/* False if nobody is there any more. */
static inline bool send_all(int client, const char *data, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(client, data, count, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        data += sent;
        count -= (size_t)sent;
    }
    return true;
}

/* Serves one client until it leaves. */
static inline void echo(int client)
{
    char data[4096];
    ssize_t count = 0;
    while ((count = recv(client, data, sizeof data, 0)) > 0 &&
           send_all(client, data, (size_t)count))
        continue;
    close(client);
}

/* The same, as the start of a thread. */
static inline void *echo_in_thread(void *client)
{
    echo((int)(long)client);
    return NULL;
}

/* For a child: it ends when its parent does. */
static inline void end_with_parent(void)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

#endif
