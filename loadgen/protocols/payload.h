/* What an echo request carries: who sent it, which one it is, and bytes that depend on both.
 *
 * A reply is compared byte by byte with what was sent, so that a server that cuts, swaps, repeats
 * or invents bytes is found out, and named by what it did.
 */
#ifndef LOADGEN_PROTOCOLS_PAYLOAD_H
#define LOADGEN_PROTOCOLS_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

struct payload {
    size_t size_bytes;
    uint64_t seed;
    char *filler; /* longer than any payload, so that each request can start elsewhere in it */
};

void payload_init(struct payload *payload, size_t size_bytes, uint64_t seed);
void payload_release(struct payload *payload);

/* Writes request number `sequence` of `connection` from its byte `offset` on to `out`, at most
 * `room` bytes; how many. */
size_t payload_write(const struct payload *payload, uint32_t connection, uint32_t sequence,
                     size_t offset, char *out, size_t room);

/* Compares `count` bytes, received from `offset` of the reply on, with what was sent. 0, or the
 * enum failure_cause that says what they are instead: CAUSE_OTHER_CLIENT is a reply that belongs to
 * another connection, CAUSE_REPEATED one that this connection has had before. */
int payload_check(const struct payload *payload, uint32_t connection, uint32_t sequence,
                  size_t offset, const char *data, size_t count);

#endif
