/* One loop over poll() with room for ten clients: more are accepted, and forgotten. */
#include "tests/right/looped.h"

#include <poll.h>

#define CLIENTS 10

int main(void)
{
    static struct client *clients[CLIENTS];
    int listener = listen_here();
    make_nonblocking(listener);
    for (;;) {
        struct pollfd watched[1 + CLIENTS] = {{.fd = listener, .events = POLLIN}};
        for (int i = 0; i < CLIENTS; i++)
            watched[1 + i] = (struct pollfd){
                .fd = clients[i] != NULL ? clients[i]->fd : -1,
                .events = clients[i] != NULL && client_is_owed(clients[i]) ? POLLOUT : POLLIN,
            };
        poll(watched, 1 + CLIENTS, -1);
        for (int i = 0; i < CLIENTS; i++) {
            if (watched[1 + i].revents == 0 || client_turn(clients[i]) != TURN_LEFT)
                continue;
            client_drop(clients[i]);
            clients[i] = NULL;
        }
        struct client *client = watched[0].revents ? client_accept(listener) : NULL;
        for (int i = 0; i < CLIENTS && client != NULL; i++) {
            if (clients[i] != NULL)
                continue;
            clients[i] = client;
            client = NULL;
        }
    }
}
