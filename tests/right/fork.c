/* A process for each client, forked twice: the one in between is waited for at once. */
#include "tests/right/echo.h"

#include <sys/wait.h>

static void stop(int signal_number)
{
    signal(signal_number, SIG_IGN);
    kill(0, signal_number); /* and all that serve */
    _exit(0);
}

int main(void)
{
    int listener = listen_here();
    signal(SIGTERM, stop);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        pid_t between = client < 0 ? -1 : fork();
        if (between == 0) {
            if (fork() != 0)
                _exit(0);
            signal(SIGTERM, SIG_DFL);
            close(listener);
            echo(client);
            _exit(0);
        }
        close(client);
        waitpid(between, NULL, 0);
    }
}
