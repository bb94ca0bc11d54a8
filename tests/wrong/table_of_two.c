/* One loop over select() with room for two clients: a third waits until one leaves. */
#include "tests/right/looped.h"

#include <sys/select.h>

#define CLIENTS 2

int main(void)
{
    static struct client *clients[CLIENTS];
    int listener = listen_here();
    make_nonblocking(listener);
    for (;;) {
        struct client **place = NULL;
        fd_set readable;
        fd_set writable;
        FD_ZERO(&readable);
        FD_ZERO(&writable);
        for (int i = 0; i < CLIENTS; i++) {
            if (clients[i] == NULL)
                place = &clients[i];
            else
                FD_SET(clients[i]->fd, client_is_owed(clients[i]) ? &writable : &readable);
        }
        if (place != NULL)
            FD_SET(listener, &readable);
        select(FD_SETSIZE, &readable, &writable, NULL, NULL);
        if (place != NULL && FD_ISSET(listener, &readable))
            *place = client_accept(listener);
        for (int i = 0; i < CLIENTS; i++) {
            struct client *client = clients[i];
            if (client == NULL || &clients[i] == place ||
                (!FD_ISSET(client->fd, &readable) && !FD_ISSET(client->fd, &writable)) ||
                client_turn(client) != TURN_LEFT)
                continue;
            client_drop(client);
            clients[i] = NULL;
        }
    }
}
