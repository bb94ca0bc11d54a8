/* To be preloaded (LD_PRELOAD): counts what a program asks of the C library and of jansson, and
 * appends the sum to the file $WORK_COUNT when it ends. Time says nothing on a machine that others
 * use, too; this is the same in every run.
 *
 * A byte that is compared, searched or measured is one, and so is a block that is allocated, and a
 * member of a JSON document that is asked for. */
#include <dlfcn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t work;

/*** Texts: our own, as we see every byte only so ***/

size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    work += length + 1;
    return length;
}

int strcmp(const char *one, const char *other)
{
    size_t at = 0;
    while (one[at] != '\0' && one[at] == other[at])
        at++;
    work += at + 1;
    return (unsigned char)one[at] - (unsigned char)other[at];
}

int strncmp(const char *one, const char *other, size_t count)
{
    size_t at = 0;
    while (at < count && one[at] != '\0' && one[at] == other[at])
        at++;
    work += at + 1;
    return at == count ? 0 : (unsigned char)one[at] - (unsigned char)other[at];
}

int memcmp(const void *one, const void *other, size_t count)
{
    const unsigned char *left = one;
    const unsigned char *right = other;
    size_t at = 0;
    while (at < count && left[at] == right[at])
        at++;
    work += at + 1;
    return at == count ? 0 : left[at] - right[at];
}

/*** The others: those that are there ***/

#define COUNTED(result, name, parameters, arguments)                                               \
    result name parameters                                                                         \
    {                                                                                              \
        static result(*next) parameters;                                                           \
        if (next == NULL)                                                                          \
            *(void **)&next = dlsym(RTLD_NEXT, #name);                                             \
        work++;                                                                                    \
        return next arguments;                                                                     \
    }

typedef void json; /* jansson's header would make some of these inline */

COUNTED(void *, realloc, (void *block, size_t count), (block, count))
COUNTED(json *, json_object_get, (const json *object, const char *key), (object, key))
COUNTED(json *, json_array_get, (const json *array, size_t index), (array, index))
COUNTED(const char *, json_string_value, (const json *string), (string))
COUNTED(int, json_equal, (const json *one, const json *other), (one, other))

__attribute__((destructor)) static void report(void)
{
    const char *path = getenv("WORK_COUNT");
    FILE *file = path != NULL ? fopen(path, "ae") : NULL;
    if (file == NULL)
        return;
    fprintf(file, "%ju\n", (uintmax_t)work);
    fclose(file);
}
