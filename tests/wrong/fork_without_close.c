/* A process for each client, and the parent keeps its copy: the client never sees an end. */
#include "tests/right/echo.h"

int main(void)
{
    int listener = listen_here();
    signal(SIGCHLD, SIG_IGN); /* the kernel reaps */
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0 && fork() == 0) {
            end_with_parent();
            echo(client);
            _exit(0);
        }
    }
}
