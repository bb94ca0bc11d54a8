/* The other end of a TCP connection within this machine. */
#ifndef SERVERS_PROTOCOLS_PEER_H
#define SERVERS_PROTOCOLS_PEER_H

/* Does a process still hold the other end of `fd`, a connection over loopback? The end of the
 * stream does not say: a client that has half-closed and waits for its reply looks just like one
 * that has closed, until something is sent. 1 or 0; or -errno, also if sock_diag(7) cannot be
 * used. */
int peer_is_held(int fd);

#endif
