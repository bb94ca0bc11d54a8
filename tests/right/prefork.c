/* Five processes that were there before any client, each serving one at a time. */
#include "tests/right/echo.h"

#include <sys/wait.h>

int main(void)
{
    int listener = listen_here();
    for (int i = 0; i < 5; i++) {
        if (fork() != 0)
            continue;
        end_with_parent();
        for (;;) {
            int client = accept(listener, NULL, NULL);
            if (client >= 0)
                echo(client);
        }
    }
    close(listener);
    while (wait(NULL) > 0)
        continue;
}
