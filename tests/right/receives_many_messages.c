/* A thread for each client, which receives with recvmmsg() and answers with sendmmsg(). */
#include "tests/right/echo.h"

#include <pthread.h>

static void *serve(void *argument)
{
    int client = (int)(long)argument;
    char data[4096];
    for (;;) {
        struct iovec part = {.iov_base = data, .iov_len = sizeof data};
        struct mmsghdr message = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};
        if (recvmmsg(client, &message, 1, 0, NULL) <= 0 || message.msg_len == 0)
            break;
        part.iov_len = message.msg_len;
        if (sendmmsg(client, &message, 1, MSG_NOSIGNAL) <= 0)
            break;
    }
    close(client);
    return NULL;
}

int main(void)
{
    int listener = listen_here();
    int client = 0;
    while ((client = accept(listener, NULL, NULL)) >= 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(long)client) == 0)
            pthread_detach(thread);
    }
}
