/* The barest load: clients that send 64 bytes, receive 64 bytes and send again, over epoll. It
 * checks nothing, times nothing and records nothing; it shows what that costs in proctor's
 * generator, and is no load generator to use.
 *
 * Usage: bare_client PORT CLIENTS SECONDS; prints the number of replies.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX    256
#define MESSAGE_BYTES 64

static const char message[MESSAGE_BYTES];

static int connect_to(in_port_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        exit(1);
    return fd;
}

static long answer(int fd)
{
    char reply[MESSAGE_BYTES];
    if (recv(fd, reply, sizeof reply, 0) != sizeof reply)
        exit(1);
    return send(fd, message, sizeof message, 0) == sizeof message;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    int clients = atoi(argv[2]);
    time_t end = time(NULL) + atoi(argv[3]);
    int epoll = epoll_create1(0);
    for (int i = 0; i < clients; i++) {
        struct epoll_event event = {.events = EPOLLIN};
        event.data.fd = connect_to((in_port_t)atoi(argv[1]));
        epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
        send(event.data.fd, message, sizeof message, 0);
    }
    long replies = 0;
    while (time(NULL) < end) {
        struct epoll_event events[EVENTS_MAX];
        int count = epoll_wait(epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++)
            replies += answer(events[i].data.fd);
    }
    printf("%ld\n", replies);
    return 0;
}
