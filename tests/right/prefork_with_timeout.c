/* Four processes, started at once, that accept and receive with a time limit and then try again. */
#include "tests/right/echo.h"

#include <sys/time.h>

static void serve(int client)
{
    char data[4096];
    for (;;) {
        ssize_t count = recv(client, data, sizeof data, 0);
        if (count < 0 && errno == EAGAIN)
            continue;
        if (count <= 0 || !send_all(client, data, (size_t)count))
            break;
    }
    close(client);
}

int main(void)
{
    int listener = listen_here();
    struct timeval limit = {.tv_usec = 200000};
    setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    for (int i = 0; i < 4; i++)
        if (fork() == 0)
            for (end_with_parent();;) {
                int client = accept(listener, NULL, NULL);
                if (client < 0)
                    continue;
                setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
                serve(client);
            }
    for (;;)
        pause();
}
