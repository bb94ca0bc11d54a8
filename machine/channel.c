#include "machine/channel.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HALF_BYTES (CHANNEL_BYTES / 2)

static int map(struct channel *channel, int fd)
{
    void *memory = mmap(NULL, CHANNEL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    int error = memory == MAP_FAILED ? -errno : 0;
    close(fd);
    channel->memory = error == 0 ? memory : NULL;
    return error;
}

int channel_open(struct channel *channel, const char *path)
{
    *channel = (struct channel){0};
    int fd = open(path, O_RDWR | O_CLOEXEC);
    return fd < 0 ? -errno : map(channel, fd);
}

int channel_create(struct channel *channel, const char *path)
{
    *channel = (struct channel){0};
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    if (ftruncate(fd, CHANNEL_BYTES) < 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return map(channel, fd);
}

void channel_close(struct channel *channel)
{
    if (channel->memory != NULL)
        munmap(channel->memory, CHANNEL_BYTES);
    *channel = (struct channel){0};
}

static uint64_t *length_of(const struct channel *channel, enum channel_way way)
{
    return (uint64_t *)(void *)(channel->memory + (way == CHANNEL_ORDER ? 0 : HALF_BYTES));
}

size_t channel_room_bytes(void)
{
    return HALF_BYTES - sizeof(uint64_t);
}

int channel_put(struct channel *channel, enum channel_way way, const void *data, size_t count)
{
    if (count > channel_room_bytes())
        return -EMSGSIZE;
    uint64_t *length = length_of(channel, way);
    __atomic_store_n(length, 0, __ATOMIC_RELEASE);
    memcpy(length + 1, data, count);
    __atomic_store_n(length, count, __ATOMIC_RELEASE);
    return 0;
}

char *channel_get(const struct channel *channel, enum channel_way way, size_t *count)
{
    const uint64_t *length = length_of(channel, way);
    uint64_t bytes = __atomic_load_n(length, __ATOMIC_ACQUIRE);
    if (bytes == 0 || bytes > channel_room_bytes())
        return NULL;
    char *text = allocate(bytes + 1, 1);
    memcpy(text, length + 1, bytes);
    *count = bytes;
    return text;
}
