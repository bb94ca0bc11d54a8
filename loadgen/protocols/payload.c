#include "loadgen/protocols/payload.h"

#include "base/memory.h"
#include "base/random.h"
#include "results/measures/failures.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FILLER_STARTS 251 /* a prime: neighbours in connection or sequence start apart */

/* A payload shorter than this carries the first bytes of it only. */
struct header {
    uint32_t checksum; /* first, so that even one byte depends on everything */
    uint32_t sequence;
    uint32_t connection;
    uint32_t size_bytes;
};

static struct header header_of(const struct payload *payload, uint32_t connection,
                               uint32_t sequence)
{
    uint64_t identity = (uint64_t)connection << 32 | sequence;
    return (struct header){
        .checksum =
            (uint32_t)random_mix(identity ^ random_mix(payload->seed ^ payload->size_bytes)),
        .sequence = sequence,
        .connection = connection,
        .size_bytes = (uint32_t)payload->size_bytes,
    };
}

static const char *filler_of(const struct payload *payload, uint32_t connection, uint32_t sequence)
{
    return payload->filler + ((uint64_t)connection * 7 + sequence) % FILLER_STARTS;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void payload_init(struct payload *payload, size_t size_bytes, uint64_t seed)
{
    assert(size_bytes > 0);
    payload->size_bytes = size_bytes;
    payload->seed = seed;
    size_t filler_bytes = size_bytes + FILLER_STARTS;
    payload->filler = allocate(filler_bytes, 1);
    for (size_t i = 0; i < filler_bytes; i++)
        payload->filler[i] = (char)random_mix(seed + i);
}

void payload_release(struct payload *payload)
{
    free(payload->filler);
    payload->filler = NULL;
}

size_t payload_write(const struct payload *payload, uint32_t connection, uint32_t sequence,
                     size_t offset, char *out, size_t room)
{
    struct header header = header_of(payload, connection, sequence);
    size_t head_bytes = smaller(sizeof header, payload->size_bytes);
    size_t count = smaller(payload->size_bytes - offset, room);
    size_t in_head = offset < head_bytes ? smaller(head_bytes - offset, count) : 0;
    memcpy(out, (const char *)&header + offset, in_head);
    if (count > in_head) {
        const char *filler = filler_of(payload, connection, sequence);
        memcpy(out + in_head, filler + (offset + in_head - head_bytes), count - in_head);
    }
    return count;
}

/* Says what a reply that differs is, if it begins with a header of our own. */
static int name_difference(const struct payload *payload, uint32_t connection, uint32_t sequence,
                           size_t offset, const char *data, size_t count)
{
    struct header got;
    if (offset != 0 || count < sizeof got)
        return CAUSE_WRONG_BYTES;
    memcpy(&got, data, sizeof got);
    struct header genuine = header_of(payload, got.connection, got.sequence);
    if (memcmp(&got, &genuine, sizeof got) != 0)
        return CAUSE_WRONG_BYTES;
    if (got.connection != connection)
        return CAUSE_OTHER_CLIENT;
    return got.sequence < sequence ? CAUSE_REPEATED : CAUSE_WRONG_BYTES;
}

int payload_check(const struct payload *payload, uint32_t connection, uint32_t sequence,
                  size_t offset, const char *data, size_t count)
{
    assert(offset + count <= payload->size_bytes);
    struct header header = header_of(payload, connection, sequence);
    size_t head_bytes = smaller(sizeof header, payload->size_bytes);
    size_t in_head = offset < head_bytes ? smaller(head_bytes - offset, count) : 0;
    size_t filler_offset = offset + in_head - head_bytes;
    const char *filler = filler_of(payload, connection, sequence);
    if (memcmp(data, (const char *)&header + offset, in_head) == 0 &&
        (count == in_head || memcmp(data + in_head, filler + filler_offset, count - in_head) == 0))
        return 0;
    return name_difference(payload, connection, sequence, offset, data, count);
}
