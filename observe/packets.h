/* The packets of a network namespace, as they pass its interfaces (packet(7)).
 *
 * The kernel writes them into memory that it shares with us, with the time at which it has seen
 * each, so that nothing is lost while nobody looks, as long as there is room; what there was no
 * room for is counted. */
#ifndef OBSERVE_PACKETS_H
#define OBSERVE_PACKETS_H

#include <stddef.h>
#include <stdint.h>

/* Of a longer packet only so much is kept, from its first byte on. */
#define PACKET_KEPT_BYTES ((size_t)1900)

/* There is room for so many that nobody has read yet. */
#define PACKETS_BETWEEN_LOOKS 4096

struct packets {
    int fd;                /* 0: none */
    unsigned char *frames; /* the shared memory; NULL: not open */
    size_t frame;          /* the next one to read */
    int64_t left_out;      /* packets for which there was no room */
};

struct packet {
    int64_t time_ns;           /* when the kernel saw it, by clock_now_ns() */
    const unsigned char *data; /* with its Ethernet header, which loopback fills with zeros */
    size_t count;              /* of bytes that are here */
    size_t length_bytes;       /* as it was on its way */
};

/* Takes over `fd`, a socket of AF_PACKET, SOCK_RAW and protocol 0, and takes from now on what
 * passes any interface of the namespace in which that was made: once, as on loopback each packet
 * comes in by the way that it has left. Needs no right but that socket. 0 or -errno. */
int packets_open(struct packets *packets, int fd);

/* The oldest packet that nobody has read yet. It stays where it is until packets_pass(). 1, or 0 if
 * there is none. */
int packets_peek(struct packets *packets, struct packet *packet);

/* Gives the memory of the packet at the front back to the kernel. */
void packets_pass(struct packets *packets);

/* Brings `left_out` up to date. */
void packets_count_left_out(struct packets *packets);

/* All zero is an empty one. */
void packets_release(struct packets *packets);

#endif
