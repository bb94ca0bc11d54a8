/* Sends the whole of a message on a blocking socket, which only tests do. */
#ifndef TESTS_SUPPORT_SEND_WHOLE_H
#define TESTS_SUPPORT_SEND_WHOLE_H

#include <stddef.h>

/* 0 or -errno; never raises SIGPIPE. */
int send_whole(int fd, const void *data, size_t count);

#endif
