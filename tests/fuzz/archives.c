/* An archive is taken whole or not at all: within the limits and below its folder, or with a
 * sentence and nothing in it. It comes as a file, so that it lies in memory (memfd_create) and is
 * unpacked into a folder of a file system in memory.
 *
 * A change of a tar's header is seen by nobody but the check of its sum: after a change at random
 * the sums of what looks like headers are made right again, in most cases. */
#include "tests/fuzz/fuzz.h"

#include "base/memory.h"
#include "grader/intake/archive.h"
#include "grader/intake/archive_kind.h"
#include "grader/intake/tree_empty.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct archive_limits limits = {.entries = 64, .bytes = 1 << 20, .depth = 8};

#define NAME_BYTES 64

static char folder[NAME_BYTES];

static void remove_folder(void)
{
    tree_remove(folder);
}

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "%s/fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    fuzz_expect(mkdtemp(folder) != NULL, "a folder can be made");
    atexit(remove_folder);
}

/*** What was made ***/

static size_t made;
static uint64_t made_bytes;

static int look(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)path;
    fuzz_expect(kind == FTW_F || kind == FTW_D, "only files and folders are made");
    fuzz_expect((status->st_mode & (S_ISUID | S_ISGID | S_ISVTX)) == 0,
                "no file has a set-uid bit");
    fuzz_expect(place->level <= (int)limits.depth, "it is not too deep");
    made += place->level > 0;
    made_bytes += kind == FTW_F ? (uint64_t)status->st_size : 0;
    return 0;
}

static void expect_within_limits(void)
{
    made = made_bytes = 0;
    fuzz_expect(nftw(folder, look, 16, FTW_PHYS) == 0, "it can be walked through");
    fuzz_expect(made <= limits.entries && made_bytes <= limits.bytes, "it is within the limits");
}

static void empty_folder(void)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    fuzz_expect(fd >= 0 && tree_empty(fd) == 0, "it can be emptied");
    close(fd);
}

/*** The target ***/

static void extract(const char *path)
{
    char *trouble = NULL;
    struct left_out left_out = {0};
    int refused = archive_extract(path, folder, &limits, &left_out, &trouble);
    left_out_release(&left_out);
    expect_within_limits();
    if (refused == 0) {
        empty_folder();
        return;
    }
    fuzz_expect(refused == 1 || refused == -ENAMETOOLONG, "it is the archive's fault");
    fuzz_expect(made == 0, "nothing is left of what was refused");
    if (refused == 1)
        fuzz_expect_sentence(trouble);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[NAME_BYTES];
    if (folder[0] == '\0')
        make_folder();
    int fd = memfd_create("archive", MFD_CLOEXEC);
    fuzz_expect(fd >= 0 && write(fd, data, size) == (ssize_t)size, "there is memory");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int is_one = archive_is_one(path);
    fuzz_expect(is_one == 0 || is_one == 1, "it can be told whether it is an archive");
    extract(path);
    close(fd);
    return 0;
}

/*** Changes ***/

#define BLOCK_BYTES 512
#define SUM_OFFSET  148
#define SUM_BYTES   8
#define MAGIC       257 /* where a header has "ustar" */

static void mend_sum(uint8_t *block)
{
    unsigned sum = 0;
    char digits[SUM_BYTES + 1];
    memset(block + SUM_OFFSET, ' ', SUM_BYTES);
    for (size_t i = 0; i < BLOCK_BYTES; i++)
        sum += block[i];
    snprintf(digits, sizeof digits, "%06o", sum);
    memcpy(block + SUM_OFFSET, digits, 7); /* with the NUL; a blank follows */
}

static bool is_header(const uint8_t *block)
{
    return memcmp(block + MAGIC, "ustar", 5) == 0;
}

/* Most bytes of a header are digits of octal numbers, and most of a tar are no header. */
static void change_headers(uint8_t *data, size_t size, unsigned seed)
{
    for (size_t at = 0; at + BLOCK_BYTES <= size; at += BLOCK_BYTES, seed = seed * 69069 + 1)
        if (is_header(data + at))
            data[at + (seed >> 8) % MAGIC] = (uint8_t)('0' + (seed >> 20) % 8);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    if (seed % 3 == 0)
        change_headers(data, size, seed);
    else
        size = LLVMFuzzerMutate(data, size, size_max);
    if (seed % 8 == 0)
        return size;
    for (size_t at = 0; at + BLOCK_BYTES <= size; at += BLOCK_BYTES)
        if (is_header(data + at))
            mend_sum(data + at);
    return size;
}
