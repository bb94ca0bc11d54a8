/* Echoes to all clients from one select loop, which nobody can hold up (TD7, section 3). */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
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

/* What is to be sent back to whom; nothing is read from a client before it is sent. */
struct unsent {
    bool is_here;
    size_t count;
    char data[4096];
};

static struct unsent clients[FD_SETSIZE]; /* by descriptor */

static void leave(int client)
{
    close(client);
    clients[client] = (struct unsent){.is_here = false};
}

static void receive(int client)
{
    ssize_t count = recv(client, clients[client].data, sizeof clients[client].data, MSG_DONTWAIT);
    if (count > 0)
        clients[client].count = (size_t)count;
    else if (count == 0 || errno != EAGAIN)
        leave(client);
}

static void send_back(int client)
{
    struct unsent *unsent = &clients[client];
    ssize_t sent = send(client, unsent->data, unsent->count, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        leave(client);
    } else if (sent > 0) {
        unsent->count -= (size_t)sent;
        memmove(unsent->data, unsent->data + sent, unsent->count);
    }
}

static void welcome(int listener)
{
    struct sockaddr_in peer;
    socklen_t peer_bytes = sizeof peer;
    int client = accept(listener, (struct sockaddr *)&peer, &peer_bytes);
    if (client < 0)
        return;
    if (client >= FD_SETSIZE) { /* select() cannot watch it */
        close(client);
        return;
    }
    printf("connection from: %s %d\n", inet_ntoa(peer.sin_addr), ntohs(peer.sin_port));
    fflush(stdout);
    clients[client].is_here = true;
}

static void turn(int listener)
{
    fd_set readable, writable;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(listener, &readable);
    for (int client = 0; client < FD_SETSIZE; client++)
        if (clients[client].is_here)
            FD_SET(client, clients[client].count > 0 ? &writable : &readable);
    if (select(FD_SETSIZE, &readable, &writable, NULL, NULL) < 0)
        return;
    for (int client = 0; client < FD_SETSIZE; client++) {
        if (clients[client].is_here && FD_ISSET(client, &readable))
            receive(client);
        else if (clients[client].is_here && FD_ISSET(client, &writable))
            send_back(client);
    }
    if (FD_ISSET(listener, &readable))
        welcome(listener);
}

int main(void)
{
    int listener = listen_on(2003, INADDR_LOOPBACK, 128);
    for (;;)
        turn(listener);
}
