/* One loop over poll(). */
#include "tests/right/looped.h"

#include <poll.h>

#define CLIENTS_MAX 4096

static struct client *clients[CLIENTS_MAX + 1]; /* but the first place is the listener's */
static struct pollfd watched[CLIENTS_MAX + 1];

int main(void)
{
    int listener = listen_here();
    nfds_t count = 1;
    make_nonblocking(listener);
    for (;;) {
        watched[0] = (struct pollfd){.fd = listener, .events = count <= CLIENTS_MAX ? POLLIN : 0};
        for (nfds_t i = 1; i < count; i++)
            watched[i] = (struct pollfd){
                .fd = clients[i]->fd,
                .events = client_is_owed(clients[i]) ? POLLOUT : POLLIN,
            };
        poll(watched, count, -1);
        for (nfds_t i = count - 1; i > 0; i--) {
            if (watched[i].revents == 0 || client_turn(clients[i]) != TURN_LEFT)
                continue;
            client_drop(clients[i]);
            clients[i] = clients[--count];
        }
        struct client *client = watched[0].revents ? client_accept(listener) : NULL;
        if (client != NULL)
            clients[count++] = client;
    }
}
