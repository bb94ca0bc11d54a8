/* What the other side's kernel has acknowledged of a connection, told by our own kernel when it
 * happens: a time stamp for each ACK, in the socket's error queue (timestamping.rst in the kernel's
 * documentation). epoll(7) says EPOLLERR when there is one. */
#ifndef LOADGEN_WORKER_ACKNOWLEDGEMENT_H
#define LOADGEN_WORKER_ACKNOWLEDGEMENT_H

#include <stdint.h>

/* Asks for it, on a connection on which nothing has been sent. 0 or -errno. */
int acknowledgement_ask(int fd);

/* Empties the queue. 1 and how many bytes are acknowledged in all (modulo 2^32), 0 if the queue was
 * empty, or -errno. */
int acknowledgement_read(int fd, uint32_t *bytes);

#endif
