/* TCP sockets: the few calls that every user of them needs. All return a descriptor or 0, or
 * -errno. close(2) is never retried: on Linux the descriptor is gone even after EINTR. */
#ifndef BASE_SOCKET_H
#define BASE_SOCKET_H

#include <stddef.h>
#include <sys/types.h>

struct address;

/* A listening socket on `address` (port 0: the kernel chooses), close-on-exec, blocking. */
int socket_listen(const struct address *address, int backlog);

/* The same, but several of these may listen on one port (SO_REUSEPORT): the kernel spreads the
 * clients over them. */
int socket_listen_beside(const struct address *address, int backlog);

/* A non-blocking client socket whose connect(2) has been started, from `source` unless that is NULL
 * (its port is ignored), with a receive buffer of receive_bytes unless that is 0. It becomes
 * writable once connected or refused; socket_error() then tells which. */
int socket_connect_start(const struct address *address, const struct address *source,
                         int receive_bytes);

/* The pending error of `fd` (SO_ERROR), which this clears: 0 or -errno. */
int socket_error(int fd);

/* Sends small messages at once instead of collecting them (TCP_NODELAY). */
int socket_send_at_once(int fd);

/* From now on no more than `bytes` wait in the kernel to be sent, beside those under way to the
 * peer (TCP_NOTSENT_LOWAT): without it they are up to 4 MB for a peer that does not read. Not an
 * SO_SNDBUF, which would also bound what is under way, and so the speed. */
int socket_limit_unsent(int fd, int bytes);

int socket_set_nonblocking(int fd);

/* Closes `fd` so that the peer gets a reset instead of an orderly end. */
void socket_reset(int fd);

/* Closes a copy of somebody else's socket, which may linger (SO_LINGER): where the other one has
 * gone meanwhile, close(2) would sleep as long as that process likes. Takes SIGALRM and the timer
 * that raises it. */
void socket_close_copy(int fd);

/* Raises the soft limit of open descriptors to the hard one; returns the limit in force. */
size_t socket_raise_descriptor_limit(void);

#endif
