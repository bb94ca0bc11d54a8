#include "servers/serving/doorbell.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

static int watch(int doorbell, int fd, unsigned events, enum doorbell_event meaning)
{
    struct epoll_event event = {.events = events, .data.u32 = meaning};
    return epoll_ctl(doorbell, EPOLL_CTL_ADD, fd, &event);
}

int doorbell_open(int bell, int client)
{
    int doorbell = epoll_create1(EPOLL_CLOEXEC);
    if (doorbell < 0)
        return -errno;
    /* A bell is never read, so it would stay readable for ever: each write to it is an edge. */
    if (watch(doorbell, bell, EPOLLIN | EPOLLET, DOORBELL_RANG) == 0 &&
        (client < 0 || watch(doorbell, client, EPOLLIN, DOORBELL_CLIENT) == 0))
        return doorbell;
    int error = -errno;
    close(doorbell);
    return error;
}

unsigned doorbell_wait(int doorbell, bool may_wait)
{
    struct epoll_event events[2];
    int count = epoll_wait(doorbell, events, 2, may_wait ? -1 : 0); /* -1: a signal */
    unsigned happened = 0;
    for (int i = 0; i < count; i++)
        happened |= events[i].data.u32;
    return happened;
}
