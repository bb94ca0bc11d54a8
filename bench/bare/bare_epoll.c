/* The barest echo server over epoll: what model_epoll.c must not be slower than.
 *
 * No stopping, no slow readers, no protocol, no counting: it shows what those cost, and is no
 * server to use. Usage: bare_epoll PORT
 */
#include "bench/bare/listener.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX 256

static void watch(int epoll, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void echo(int client)
{
    char data[16384];
    ssize_t count = recv(client, data, sizeof data, 0);
    if (count <= 0 || send(client, data, (size_t)count, MSG_NOSIGNAL) != count)
        close(client);
}

int main(int argc, char **argv)
{
    int listener = listen_on(argc > 1 ? argv[1] : "0");
    int epoll = epoll_create1(0);
    watch(epoll, listener);
    for (;;) {
        struct epoll_event events[EVENTS_MAX];
        int count = epoll_wait(epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == listener)
                watch(epoll, accept4(listener, NULL, NULL, SOCK_NONBLOCK));
            else
                echo(events[i].data.fd);
        }
    }
}
