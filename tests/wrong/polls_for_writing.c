/* A loop over poll() that asks for room even with nothing to send, and has it at once, always. */
#include "tests/right/looped.h"

#include <poll.h>

#define CLIENTS 1000

int main(void)
{
    static struct client *clients[CLIENTS];
    nfds_t count = 1;
    int listener = listen_here();
    make_nonblocking(listener);
    for (;;) {
        struct pollfd watched[CLIENTS] = {{.fd = listener, .events = POLLIN}};
        for (nfds_t i = 1; i < count; i++)
            watched[i] = (struct pollfd){.fd = clients[i]->fd, .events = POLLIN | POLLOUT};
        poll(watched, count, -1);
        for (nfds_t i = count - 1; i >= 1; i--) {
            if (watched[i].revents == 0 || client_turn(clients[i]) != TURN_LEFT)
                continue;
            client_drop(clients[i]);
            clients[i] = clients[--count];
        }
        struct client *client = watched[0].revents != 0 ? client_accept(listener) : NULL;
        if (client != NULL && count < CLIENTS)
            clients[count++] = client;
    }
}
