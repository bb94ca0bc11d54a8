/* One loop over select(). Some 1000 clients are as many as it knows: more are refused. */
#include "tests/right/looped.h"

#include <sys/select.h>

static struct client *clients[FD_SETSIZE]; /* by descriptor */

static void enter(int listener)
{
    struct client *client = client_accept(listener);
    if (client != NULL && client->fd >= FD_SETSIZE)
        client_drop(client);
    else if (client != NULL)
        clients[client->fd] = client;
}

int main(void)
{
    int listener = listen_here();
    make_nonblocking(listener);
    for (;;) {
        fd_set readable, writable;
        FD_ZERO(&readable);
        FD_ZERO(&writable);
        FD_SET(listener, &readable);
        for (int fd = 0; fd < FD_SETSIZE; fd++)
            if (clients[fd] != NULL)
                FD_SET(fd, client_is_owed(clients[fd]) ? &writable : &readable);
        select(FD_SETSIZE, &readable, &writable, NULL, NULL);
        for (int fd = 0; fd < FD_SETSIZE; fd++) {
            bool is_ready = FD_ISSET(fd, &readable) || FD_ISSET(fd, &writable);
            if (clients[fd] != NULL && is_ready && client_turn(clients[fd]) == TURN_LEFT) {
                client_drop(clients[fd]);
                clients[fd] = NULL;
            }
        }
        if (FD_ISSET(listener, &readable))
            enter(listener);
    }
}
