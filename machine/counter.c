#include "machine/counter.h"

#include "base/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* See machine/plugin/counting.c: on other processors there is no counted machine. */
#ifdef __x86_64__
#define MARK(number)                                                                               \
    __asm__ volatile(".byte 0x0f, 0x1f, 0x80, 'M', 'A', 'R', " #number ::: "memory")
#else
#define MARK(number) __asm__ volatile("" ::: "memory")
#endif

void machine_mark_begin(void)
{
    MARK(1);
}

void machine_mark_end(void)
{
    MARK(2);
}

static int compare_addresses(const void *one, const void *other)
{
    uint64_t a = ((const struct counted_code *)one)->address;
    uint64_t b = ((const struct counted_code *)other)->address;
    return a < b ? -1 : a > b;
}

/* Blocks of several lengths may begin at one address: they become one. */
static size_t join_same(struct counted_code *codes, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && codes[kept - 1].address == codes[i].address)
            codes[kept - 1].count += codes[i].count;
        else
            codes[kept++] = codes[i];
    }
    return kept;
}

int counted_code_read(const char *path, struct counted_code **codes, size_t *count)
{
    *codes = NULL;
    *count = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return -errno;
    struct counted_code code;
    while (fscanf(file, "%" SCNx64 " %" SCNu64, &code.address, &code.count) == 2) {
        *codes = grow_by_one(*codes, *count, sizeof **codes);
        (*codes)[(*count)++] = code;
    }
    fclose(file);
    if (*count > 0)
        qsort(*codes, *count, sizeof **codes, compare_addresses);
    *count = join_same(*codes, *count);
    return 0;
}
