/* A process for each client that accepts the next itself when its client has left. */
#include "tests/right/echo.h"

int main(void)
{
    int listener = listen_here();
    signal(SIGCHLD, SIG_IGN); /* the kernel reaps */
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0 && fork() == 0) {
            end_with_parent();
            echo(client); /* and back to the loop */
        } else {
            close(client);
        }
    }
}
