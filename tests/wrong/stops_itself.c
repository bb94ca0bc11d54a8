/* Stops itself once it listens: what a stopped server would do is not to be seen. */
#include "tests/right/echo.h"

int main(void)
{
    int listener = listen_here();
    raise(SIGSTOP);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0)
            echo(client);
    }
}
