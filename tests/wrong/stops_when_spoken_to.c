/* Stops itself when the first client comes: what a stopped server would do is not to be seen. */
#include "tests/right/echo.h"

int main(void)
{
    int listener = listen_here();
    for (;;) {
        int client = accept(listener, NULL, NULL);
        raise(SIGSTOP);
        echo(client);
    }
}
