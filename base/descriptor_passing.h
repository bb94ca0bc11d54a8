/* Messages that carry file descriptors, over a Unix socket (unix(7), SCM_RIGHTS). */
#ifndef BASE_DESCRIPTOR_PASSING_H
#define BASE_DESCRIPTOR_PASSING_H

#include <stddef.h>

/* One message carries no more. */
#define DESCRIPTORS_PASSED_MAX 2

/* Sends one message with `count` descriptors, which stay open here too; `flags` as for sendmsg(2).
 * 0 or -errno; never raises SIGPIPE. */
int descriptors_send(int socket_fd, const void *message, size_t message_bytes, const int *fds,
                     size_t count, int flags);

/* Receives one message of at most `room_bytes` and up to `count` descriptors: -1 for each that did
 * not come; the caller closes the others. The length of the message; or -errno, -EPIPE if the other
 * side has gone, -EMFILE if this process can hold no more descriptors. */
int descriptors_receive(int socket_fd, void *message, size_t room_bytes, int *fds, size_t count);

/* Closes `*fd` unless it is -1, and makes it -1. */
void descriptor_close(int *fd);

#endif
