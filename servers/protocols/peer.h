/* The other end of a TCP connection within this machine. */
#ifndef SERVERS_PROTOCOLS_PEER_H
#define SERVERS_PROTOCOLS_PEER_H

/* Does a process still hold the other end of `fd`, a connection over loopback? An end of stream
 * alone does not tell: whoever has half-closed may be waiting for the rest of a reply, and whoever
 * has closed looks the same from here, until something is sent. 1 or 0; or -errno, also if the
 * kernel cannot be asked (sock_diag(7)). */
int peer_is_held(int fd);

#endif
