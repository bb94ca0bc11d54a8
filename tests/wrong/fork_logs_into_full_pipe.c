/* A process for each client, which notes all that is said in a pipe that nobody reads: once that is
 * full, a child waits for room before it answers. */
#include "tests/right/echo.h"

#include <fcntl.h>

int main(void)
{
    static const char page[4096];
    int log[2];
    int listener = listen_here();
    signal(SIGCHLD, SIG_IGN);
    if (pipe(log) < 0)
        return 1;
    fcntl(log[1], F_SETPIPE_SZ, 10 * 4096);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0 && fork() == 0) {
            end_with_parent();
            if (write(log[1], page, sizeof page) > 0)
                echo(client);
            _exit(0);
        }
        close(client);
    }
}
