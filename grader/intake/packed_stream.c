/* Theory of operation: gzip is zlib's, which checks the sum at the end; libarchive does not. The
 * others are libarchive's, with its "raw" format, which hands out what its filters have unpacked.
 */
#include "grader/intake/packed_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define MAGIC_BYTES 6
#define BLOCK_BYTES ((size_t)65536)

typedef int support_function(struct archive *archive);

static const struct packing {
    const char *magic;
    size_t magic_bytes;
    support_function *support;
} packings[] = {
    {"\xFD"
     "7zXZ",
     6, archive_read_support_filter_xz},
    {"\x28\xB5\x2F\xFD", 4, archive_read_support_filter_zstd},
    {"BZh", 3, archive_read_support_filter_bzip2},
};

static const struct packing *find_packing(const char magic[MAGIC_BYTES])
{
    for (size_t i = 0; i < sizeof packings / sizeof packings[0]; i++)
        if (memcmp(magic, packings[i].magic, packings[i].magic_bytes) == 0)
            return &packings[i];
    return NULL;
}

/* Input that cannot be read is our trouble; all else is the file's. */
static int error_of(struct archive *archive)
{
    return archive_errno(archive) == EIO ? -EIO : -EBADMSG;
}

static int open_other(struct packed_stream *stream, const char *path, const struct packing *packing)
{
    struct archive_entry *entry = NULL;
    struct archive *other = archive_read_new();
    stream->other = other;
    if (other == NULL)
        return -ENOMEM;
    if (packing->support(other) != ARCHIVE_OK ||
        archive_read_support_format_raw(other) != ARCHIVE_OK)
        return -ENOTSUP;
    if (archive_read_open_filename(other, path, BLOCK_BYTES) != ARCHIVE_OK ||
        archive_read_next_header(other, &entry) != ARCHIVE_OK)
        return error_of(other);
    return archive_filter_count(other) == 2 ? 0 : -EBADMSG; /* it, and the file */
}

static int read_magic(int fd, char magic[MAGIC_BYTES])
{
    memset(magic, 0, MAGIC_BYTES);
    return pread(fd, magic, MAGIC_BYTES, 0) < 0 ? -errno : 0;
}

int packed_stream_open(struct packed_stream *stream, const char *path)
{
    *stream = (struct packed_stream){0};
    char magic[MAGIC_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int error = read_magic(fd, magic);
    const struct packing *packing = error == 0 ? find_packing(magic) : NULL;
    if (error == 0 && packing == NULL) {
        stream->gzip = gzdopen(fd, "rb");
        if (stream->gzip != NULL)
            return 0;
        error = -ENOMEM;
    }
    close(fd);
    if (error == 0)
        error = open_other(stream, path, packing);
    if (error < 0)
        packed_stream_close(stream);
    return error;
}

static ssize_t read_gzip(gzFile gzip, void *data, size_t count)
{
    int got = gzread(gzip, data, (unsigned)count);
    int error = Z_OK;
    gzerror(gzip, &error);
    if (error == Z_ERRNO)
        return errno != 0 ? -errno : -EIO;
    return got < 0 || (error != Z_OK && error != Z_STREAM_END) ? -EBADMSG : got;
}

ssize_t packed_stream_read(struct packed_stream *stream, void *data, size_t count)
{
    if (stream->gzip != NULL)
        return read_gzip(stream->gzip, data, count);
    la_ssize_t got = archive_read_data(stream->other, data, count);
    return got < 0 ? error_of(stream->other) : (ssize_t)got;
}

void packed_stream_close(struct packed_stream *stream)
{
    if (stream->gzip != NULL)
        gzclose_r(stream->gzip);
    if (stream->other != NULL)
        archive_read_free(stream->other);
    *stream = (struct packed_stream){0};
}
