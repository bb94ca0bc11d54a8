/* Theory of operation: a name that does not fit into an entry's own header precedes it, in an extra
 * entry of type 'x' (records "LENGTH KEY=VALUE\n") or 'L' (the name). Only there can a NUL stand in
 * it. libarchive hands out what precedes the NUL, which is harmless, but is not what another reader
 * makes of it. No number of the archive's is believed further than `count` goes.
 */
#include "grader/intake/tar_names.h"

#include <string.h>

#define BLOCK_BYTES ((size_t)512)
#define SIZE_OFFSET 124
#define SIZE_DIGITS 11
#define TYPE_OFFSET 156

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* Reads a number of at most `digits` digits; `*end` is where it ends. */
static size_t read_number(const char *text, size_t digits, size_t base, const char **end)
{
    size_t number = 0;
    const char *digit = text;
    for (; digit < text + digits && *digit >= '0' && *digit < (char)('0' + base); digit++)
        number = number * base + (size_t)(*digit - '0');
    *end = digit;
    return number;
}

static bool is_of_name(const char *key, size_t count)
{
    static const char *const keys[] = {"path=", "GNU.sparse.name="};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (count >= strlen(keys[i]) && memcmp(key, keys[i], strlen(keys[i])) == 0)
            return true;
    return false;
}

static bool records_have_nul(const char *records, size_t count)
{
    for (size_t place = 0; place < count;) {
        const char *end = NULL;
        size_t left = count - place;
        const char *record = records + place;
        size_t length = least(left, read_number(record, least(left, 9), 10, &end));
        size_t key_place = (size_t)(end - record) + 1;
        if (key_place >= length)
            return false; /* no record */
        if (is_of_name(record + key_place, length - key_place) &&
            memchr(record, '\0', length) != NULL)
            return true;
        place += length;
    }
    return false;
}

/* The NUL that ends the name, and what fills it up, apart. */
static bool name_has_nul(const char *name, size_t count)
{
    while (count > 0 && name[count - 1] == '\0')
        count--;
    return memchr(name, '\0', count) != NULL;
}

bool tar_has_nul(const char *headers, size_t count)
{
    for (size_t place = 0; count - place >= BLOCK_BYTES;) {
        const char *header = headers + place;
        const char *end = NULL;
        char type = header[TYPE_OFFSET];
        size_t size = read_number(header + SIZE_OFFSET, SIZE_DIGITS, 8, &end);
        place += BLOCK_BYTES;
        size_t there = least(size, count - place);
        if (type == 'x' && records_have_nul(headers + place, there))
            return true;
        if (type == 'L' && name_has_nul(headers + place, there))
            return true;
        if (strchr("xgLK", type) == NULL || type == '\0')
            return false;
        place += least(count - place, (size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
    }
    return false;
}
