/* A process for each client, and each is waited for at once: sequential in disguise. */
#include "tests/right/echo.h"

#include <sys/wait.h>

int main(void)
{
    int listener = listen_here();
    for (;;) {
        int client = accept(listener, NULL, NULL);
        pid_t child = fork();
        if (child == 0) {
            end_with_parent();
            echo(client);
            _exit(0);
        }
        close(client);
        waitpid(child, NULL, 0);
    }
}
