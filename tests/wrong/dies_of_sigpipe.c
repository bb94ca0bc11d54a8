/* One client after the other, each answered in two halves: the second to one who has gone kills. */
#include "tests/right/echo.h"

int main(void)
{
    int listener = listen_here();
    for (;;) {
        int client = accept(listener, NULL, NULL);
        char data[4096];
        ssize_t count = 0;
        while ((count = read(client, data, sizeof data)) > 0) {
            size_t half = (size_t)count / 2;
            ssize_t first = write(client, data, half);
            ssize_t second = write(client, data + half, (size_t)count - half);
            if (first < 0 || second < 0)
                break;
        }
        close(client);
    }
}
