/* Keeps a log open for each client, up to 64 descriptors; then accept() fails, again and again. */
#include "tests/right/looped.h"

#include <poll.h>
#include <sys/resource.h>

int main(void)
{
    static struct client *clients[64];
    struct rlimit few = {.rlim_cur = 64, .rlim_max = 64};
    int listener = listen_here();
    setrlimit(RLIMIT_NOFILE, &few);
    make_nonblocking(listener);
    for (;;) {
        struct pollfd watched[64] = {{.fd = listener, .events = POLLIN}};
        for (int fd = 0; fd < 63; fd++)
            watched[fd + 1] = (struct pollfd){
                .fd = clients[fd] != NULL ? fd : -1,
                .events = clients[fd] != NULL && client_is_owed(clients[fd]) ? POLLOUT : POLLIN,
            };
        poll(watched, 64, -1);
        for (int fd = 0; fd < 63; fd++) {
            if (watched[fd + 1].revents == 0 || client_turn(clients[fd]) != TURN_LEFT)
                continue;
            client_drop(clients[fd]);
            clients[fd] = NULL;
        }
        struct client *client = watched[0].revents ? client_accept(listener) : NULL;
        if (client != NULL) {
            clients[client->fd] = client;
            open("/dev/null", O_WRONLY);
        }
    }
}
