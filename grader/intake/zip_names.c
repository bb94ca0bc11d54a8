/* Theory of operation: every name stands twice, in the directory at the end and before its data,
 * and they need not agree. libarchive hands out what precedes a NUL: that is harmless, but not what
 * another reader makes of it. So both are looked at here, beforehand; all numbers are the
 * archive's, and no read depends on their being right.
 */
#include "grader/intake/zip_names.h"

#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sizes of the fixed parts, and where in them numbers lie. */
enum {
    END_BYTES = 22,
    END_COUNT = 10,
    END_DIRECTORY = 16,
    COMMENT_BYTES_MAX = 65535,
    ENTRY_BYTES = 46,
    ENTRY_NAME_BYTES = 28,
    ENTRY_HEADER = 42,
    HEADER_BYTES = 30,
    HEADER_NAME_BYTES = 26,
};

static uint32_t number_at(const unsigned char *bytes, size_t count)
{
    uint32_t number = 0;
    while (count > 0)
        number = number << 8 | bytes[--count];
    return number;
}

/* Exactly so many bytes from there. */
static int read_at(int fd, void *data, size_t count, uint64_t offset)
{
    ssize_t got = pread(fd, data, count, (off_t)offset);
    return got < 0 ? -errno : (size_t)got == count ? 0 : -ENODATA;
}

/* The record that ends a zip is followed by nothing but its comment. */
static int find_end(int fd, unsigned char end[END_BYTES])
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return -errno;
    uint64_t size = (uint64_t)status.st_size;
    size_t count =
        size < END_BYTES + COMMENT_BYTES_MAX ? (size_t)size : END_BYTES + COMMENT_BYTES_MAX;
    unsigned char *tail = allocate(count, 1);
    int error = read_at(fd, tail, count, size - count);
    size_t place = count < END_BYTES ? SIZE_MAX : count - END_BYTES;
    while (error == 0 && place != SIZE_MAX && memcmp(tail + place, "PK\5\6", 4) != 0)
        place--;
    if (error == 0 && place != SIZE_MAX)
        memcpy(end, tail + place, END_BYTES);
    free(tail);
    return error == 0 && place == SIZE_MAX ? -ENODATA : error;
}

/* Looks at the name of that length there. */
static int look_at(int fd, size_t length, uint64_t offset, char **name)
{
    char *text = allocate(length + 1, 1);
    int error = read_at(fd, text, length, offset);
    if (error == 0 && strlen(text) < length)
        *name = text;
    else
        free(text);
    return error;
}

/* Looks at an entry of the directory, and moves on to the next. */
static int look_at_entry(int fd, uint64_t *offset, char **name)
{
    unsigned char entry[ENTRY_BYTES] = {0};
    unsigned char header[HEADER_BYTES] = {0};
    int error = read_at(fd, entry, sizeof entry, *offset);
    if (error == 0 && memcmp(entry, "PK\1\2", 4) != 0)
        error = -ENODATA;
    if (error < 0)
        return error;
    size_t length = number_at(entry + ENTRY_NAME_BYTES, 2);
    error = look_at(fd, length, *offset + ENTRY_BYTES, name);
    *offset += ENTRY_BYTES + length + number_at(entry + ENTRY_NAME_BYTES + 2, 2) +
               number_at(entry + ENTRY_NAME_BYTES + 4, 2);
    if (error < 0 || *name != NULL)
        return error;
    uint64_t place = number_at(entry + ENTRY_HEADER, 4);
    error = read_at(fd, header, sizeof header, place);
    length = error == 0 ? number_at(header + HEADER_NAME_BYTES, 2) : 0;
    return error < 0 ? error : look_at(fd, length, place + HEADER_BYTES, name);
}

int zip_find_nul(int fd, char **name)
{
    unsigned char end[END_BYTES] = {0};
    *name = NULL;
    int error = find_end(fd, end);
    uint64_t offset = error == 0 ? number_at(end + END_DIRECTORY, 4) : 0;
    uint32_t count = error == 0 ? number_at(end + END_COUNT, 2) : 0;
    for (uint32_t i = 0; i < count && error == 0 && *name == NULL; i++)
        error = look_at_entry(fd, &offset, name);
    return error == -ENODATA ? 0 : error;
}
