#include "grader/intake/names.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static bool is_harmless(char byte)
{
    return isascii((unsigned char)byte) &&
           (isalnum((unsigned char)byte) || strchr("._-", byte) != NULL);
}

/* The second and later bytes of a character in UTF-8; they are no characters of their own. */
static bool continues(const char *name, size_t i)
{
    return i > 0 && (name[i] & 0xC0) == 0x80 && (name[i - 1] & 0x80) != 0;
}

char *name_as_id(const char *name)
{
    char *id = allocate(NAME_ID_BYTES + 1, 1);
    size_t length = 0;
    for (size_t i = 0; name[i] != '\0' && length < NAME_ID_BYTES; i++)
        if (!continues(name, i))
            id[length++] = is_harmless(name[i]) ? name[i] : '_';
    if (id[0] == '.')
        id[0] = '_';
    if (length == 0)
        memcpy(id, "submission", sizeof "submission");
    return id;
}
