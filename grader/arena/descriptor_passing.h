/* Messages that carry a file descriptor, over a Unix socket (unix(7), SCM_RIGHTS). */
#ifndef GRADER_ARENA_DESCRIPTOR_PASSING_H
#define GRADER_ARENA_DESCRIPTOR_PASSING_H

#include <stddef.h>

/* Sends one message, with `fd` unless it is -1. 0 or -errno. */
int descriptor_send(int socket_fd, const void *message, size_t message_bytes, int fd);

/* Receives one message of exactly this size; *fd becomes the descriptor that came along, or -1;
 * the caller closes it. 0 or -errno; -EPIPE if the other side has gone. */
int descriptor_receive(int socket_fd, void *message, size_t message_bytes, int *fd);

/* Closes `*fd` if it is one, and makes it -1. */
void descriptor_close(int *fd);

#endif
