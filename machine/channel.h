/* Memory that host and guest both see (QEMU's ivshmem-plain): a message each way.
 *
 * A message is a length and that many bytes; a length of 0 is none. It raises no interrupt, and no
 * time of the host's is in it, so what the guest counts does not depend on when it came.
 */
#ifndef MACHINE_CHANNEL_H
#define MACHINE_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

#define CHANNEL_BYTES (4U << 20)

enum channel_way { CHANNEL_ORDER, CHANNEL_REPLY };

struct channel {
    unsigned char *memory; /* CHANNEL_BYTES, shared */
};

/* Maps the file, which must be so long. 0 or -errno. */
int channel_open(struct channel *channel, const char *path);

/* Maps a new file of that length and that name. 0 or -errno. */
int channel_create(struct channel *channel, const char *path);

void channel_close(struct channel *channel);

/* How many bytes a message may have. */
size_t channel_room_bytes(void);

/* Puts a message, in place of the one that was there. 0, -EMSGSIZE if it is too long. */
int channel_put(struct channel *channel, enum channel_way way, const void *data, size_t count);

/* A copy of the message with a NUL behind it, which the caller frees; NULL: there is none, or its
 * length is none that could have been put. */
char *channel_get(const struct channel *channel, enum channel_way way, size_t *count);

#endif
