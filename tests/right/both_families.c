/* A thread for each client, whether it comes over IPv6 or IPv4. */
#include "tests/right/echo.h"

#include <pthread.h>

int main(void)
{
    struct sockaddr_in6 anywhere = {.sin6_family = AF_INET6, .sin6_port = htons(9500)};
    int listener = socket(AF_INET6, SOCK_STREAM, 0);
    int on = 1;
    int off = 0;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(listener, (struct sockaddr *)&anywhere, sizeof anywhere) < 0 ||
        listen(listener, 128) < 0)
        return 1;
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, echo_in_thread, (void *)client) == 0)
            pthread_detach(thread);
    }
}
