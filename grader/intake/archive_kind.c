#include "grader/intake/archive_kind.h"

#include "grader/intake/packed_stream.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define TAR_BLOCK_BYTES 512

/* Where the header of a tar has its checksum, over the other bytes and eight blanks. */
#define SUM_OFFSET 148
#define SUM_BYTES  8

static const char *const suffixes[] = {".zip",     ".tar",  ".tar.gz", ".tgz", ".tar.xz",  ".txz",
                                       ".tar.zst", ".tzst", ".tbz2",   ".tbz", ".tar.bz2", NULL};

static unsigned long read_octal(const unsigned char *digits, size_t count)
{
    unsigned long number = 0;
    size_t i = 0;
    while (i < count && digits[i] == ' ')
        i++;
    for (; i < count && digits[i] >= '0' && digits[i] <= '7'; i++)
        number = number * 8 + (unsigned long)(digits[i] - '0');
    return number;
}

/* Every tar begins with a header, or with zeros if nothing is in it. */
static bool is_tar_block(const unsigned char block[TAR_BLOCK_BYTES])
{
    unsigned long sum = 0;
    unsigned long others = 0;
    for (size_t i = 0; i < TAR_BLOCK_BYTES; i++) {
        bool is_of_sum = i >= SUM_OFFSET && i < SUM_OFFSET + SUM_BYTES;
        sum += is_of_sum ? ' ' : block[i];
        others += block[i];
    }
    return others == 0 || sum == read_octal(block + SUM_OFFSET, SUM_BYTES);
}

int archive_kind(const char *path)
{
    unsigned char block[TAR_BLOCK_BYTES] = {0};
    struct packed_stream stream;
    int error = packed_stream_open(&stream, path);
    if (error < 0)
        return error == -EBADMSG ? ARCHIVE_NONE : error;
    ssize_t count = packed_stream_read(&stream, block, sizeof block);
    packed_stream_close(&stream);
    if (count < 0)
        return count == -EBADMSG ? ARCHIVE_NONE : (int)count;
    if (memcmp(block, "PK\3\4", 4) == 0 || memcmp(block, "PK\5\6", 4) == 0)
        return ARCHIVE_ZIP;
    return count == sizeof block && is_tar_block(block) ? ARCHIVE_TAR : ARCHIVE_NONE;
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t length = strlen(name);
    size_t suffix_bytes = strlen(suffix);
    return length > suffix_bytes && strcasecmp(name + length - suffix_bytes, suffix) == 0;
}

size_t archive_stem_bytes(const char *name)
{
    for (const char *const *suffix = suffixes; *suffix != NULL; suffix++)
        if (ends_with(name, *suffix))
            return strlen(name) - strlen(*suffix);
    return strlen(name);
}

int archive_is_one(const char *path)
{
    const char *name = basename(path);
    int kind = archive_kind(path);
    if (kind < 0 || kind == ARCHIVE_TAR || archive_stem_bytes(name) < strlen(name))
        return kind < 0 ? kind : 1;
    return 0;
}
