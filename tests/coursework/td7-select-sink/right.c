/* Prints what all clients say, and ends when the last one has left (TD7, section 4). */
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

static fd_set clients;
static int open_count;

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
    printf("Incoming connection from %s on port %d...\n", inet_ntoa(peer.sin_addr),
           ntohs(peer.sin_port));
    FD_SET(client, &clients);
    open_count++;
}

static void receive(int client)
{
    char data[4096];
    ssize_t count = recv(client, data, sizeof data, 0);
    if (count > 0) {
        fwrite(data, 1, (size_t)count, stdout);
    } else {
        puts("NULL message. Closing connection...");
        close(client);
        FD_CLR(client, &clients);
        open_count--;
    }
    fflush(stdout);
}

static void turn(int listener)
{
    fd_set readable = clients;
    FD_SET(listener, &readable);
    if (select(FD_SETSIZE, &readable, NULL, NULL, NULL) < 0)
        return;
    if (FD_ISSET(listener, &readable)) /* first: who waits counts as somebody who is there */
        welcome(listener);
    for (int client = 0; client < FD_SETSIZE; client++)
        if (client != listener && FD_ISSET(client, &readable))
            receive(client);
    fflush(stdout);
}

int main(void)
{
    int listener = listen_on(2005, INADDR_LOOPBACK, 128);
    puts("server listening on port: 2005");
    fflush(stdout);
    do {
        turn(listener);
    } while (open_count > 0);
    close(listener);
    puts("Last connection closed. Bye!");
}
