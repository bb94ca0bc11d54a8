/* Takes one piece at each edge: what lay behind it stays there, and no edge comes again. */
#include "tests/right/looped.h"

#include <sys/epoll.h>

static void accept_all(int epoll, int listener)
{
    struct client *client = NULL;
    while ((client = client_accept(listener)) != NULL) {
        struct epoll_event all = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                  .data.ptr = client};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &all) < 0)
            client_drop(client);
    }
}

static void follow(struct client *client, bool to_the_end)
{
    enum turn turn = client_turn(client);
    while (turn == TURN_DONE && to_the_end)
        turn = client_turn(client);
    if (turn == TURN_LEFT)
        client_drop(client);
}

int main(void)
{
    int listener = listen_here();
    int epoll = epoll_create1(0);
    struct epoll_event newcomers = {.events = EPOLLIN | EPOLLET, .data.ptr = NULL};
    make_nonblocking(listener);
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &newcomers);
    for (;;) {
        struct epoll_event events[64];
        int count = epoll_wait(epoll, events, 64, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == NULL)
                accept_all(epoll, listener);
            else
                follow(events[i].data.ptr, events[i].events & EPOLLRDHUP);
        }
    }
}
