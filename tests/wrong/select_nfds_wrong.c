/* Tells select() the highest descriptor, not one more: the client who came last is not seen. */
#include "tests/right/looped.h"

#include <sys/select.h>

static struct client *clients[FD_SETSIZE]; /* by descriptor */

int main(void)
{
    int listener = listen_here();
    make_nonblocking(listener);
    for (;;) {
        fd_set readable, writable;
        int highest = listener + 1; /* so that the listener is seen at least */
        FD_ZERO(&readable);
        FD_ZERO(&writable);
        FD_SET(listener, &readable);
        for (int fd = 0; fd < FD_SETSIZE; fd++) {
            if (clients[fd] == NULL)
                continue;
            FD_SET(fd, client_is_owed(clients[fd]) ? &writable : &readable);
            highest = fd > highest ? fd : highest;
        }
        select(highest, &readable, &writable, NULL, NULL);
        for (int fd = 0; fd < highest; fd++) {
            bool is_ready = FD_ISSET(fd, &readable) || FD_ISSET(fd, &writable);
            if (clients[fd] == NULL || !is_ready || client_turn(clients[fd]) != TURN_LEFT)
                continue;
            client_drop(clients[fd]);
            clients[fd] = NULL;
        }
        struct client *client = FD_ISSET(listener, &readable) ? client_accept(listener) : NULL;
        if (client != NULL && client->fd < FD_SETSIZE)
            clients[client->fd] = client;
        else if (client != NULL)
            client_drop(client);
    }
}
