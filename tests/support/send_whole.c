#include "tests/support/send_whole.h"

#include <errno.h>
#include <sys/socket.h>

int send_whole(int fd, const void *data, size_t count)
{
    const char *next = data;
    while (count > 0) {
        ssize_t sent = send(fd, next, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return -errno;
        next += sent;
        count -= (size_t)sent;
    }
    return 0;
}
