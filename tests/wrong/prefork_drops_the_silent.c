/* Four processes, started at once, that give a client up when it is silent for a second. */
#include "tests/right/echo.h"

#include <sys/time.h>

int main(void)
{
    int listener = listen_here();
    for (int i = 0; i < 4; i++)
        if (fork() == 0)
            for (end_with_parent();;) {
                struct timeval limit = {.tv_sec = 1};
                int client = accept(listener, NULL, NULL);
                setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
                echo(client);
            }
    for (;;)
        pause();
}
