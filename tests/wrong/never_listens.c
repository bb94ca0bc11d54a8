/* Forgets listen(), and asks accept() again whenever that fails. */
#include "tests/right/echo.h"

int main(void)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0)
            sleep(1);
        else
            echo(client);
    }
}
