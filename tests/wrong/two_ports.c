/* Listens on two ports, and nobody has said which of them is meant. */
#include "tests/right/echo.h"

int main(void)
{
    int listener = listen_here();
    listen(socket(AF_INET, SOCK_STREAM, 0), 128); /* where the kernel likes */
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0)
            echo(client);
    }
}
