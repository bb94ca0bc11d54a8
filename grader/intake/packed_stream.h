/* The bytes of a file, unpacked if it is packed by gzip, xz, zstd or bzip2, from its first to its
 * last. At the end it is known that nothing is missing and that the checksums are right, as far as
 * the format has any. What is packed twice is refused: its inner layer could be of any size.
 * Formats: RFC 1952, tukaani.org's xz-file-format.txt, RFC 8878, and bzip2's.
 */
#ifndef GRADER_INTAKE_PACKED_STREAM_H
#define GRADER_INTAKE_PACKED_STREAM_H

#include <stddef.h>
#include <sys/types.h>

struct packed_stream {
    struct gzFile_s *gzip; /* also reads what is not packed */
    struct archive *other;
};

/* 0; -EBADMSG if it is broken from the beginning; or -errno. */
int packed_stream_open(struct packed_stream *stream, const char *path);

/* Reads as much as there is, up to `count` bytes: less only at the end. A count; -EBADMSG if the
 * file is broken or cut short; or -errno if it cannot be read. */
ssize_t packed_stream_read(struct packed_stream *stream, void *data, size_t count);

void packed_stream_close(struct packed_stream *stream);

#endif
