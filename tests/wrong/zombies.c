/* A process for each client, and nobody waits for those that have ended. */
#include "tests/right/echo.h"

int main(void)
{
    int listener = listen_here();
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0 && fork() == 0) {
            end_with_parent();
            echo(client);
            _exit(0);
        }
        close(client);
    }
}
