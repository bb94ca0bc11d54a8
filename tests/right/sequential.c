/* One client after the other. */
#include "tests/right/echo.h"

int main(void)
{
    int listener = listen_here();
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0)
            echo(client);
    }
}
