/* Asks getaddrinfo() for the families that the machine has an address of besides that of loopback.
 * Perl's IO::Socket::IP asks so unless told not to. */
#include "tests/right/echo.h"

#include <netdb.h>
#include <pthread.h>

static struct addrinfo *ask(const char *host, int family)
{
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {
        .ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_ADDRCONFIG};
    int error = getaddrinfo(host, "9500", &hints, &found);
    if (error != 0) {
        fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(error));
        exit(1);
    }
    return found;
}

int main(void)
{
    ask("localhost", AF_INET);
    ask("localhost", AF_INET6);
    ask(NULL, AF_INET6);
    const struct addrinfo *found = ask(NULL, AF_INET);
    int listener = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, found->ai_addr, found->ai_addrlen) < 0 || listen(listener, 128) < 0) {
        perror("listening");
        return 1;
    }
    for (;;) {
        long client = accept(listener, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, echo_in_thread, (void *)client) == 0)
            pthread_detach(thread);
    }
}
