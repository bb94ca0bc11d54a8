#include "grader/intake/names.h"

#include "base/memory.h"

#include <ctype.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>

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

/*** Letters beyond ASCII ***/

static const char *const encodings[NAME_ENCODINGS] = {"UTF-8", "CP1252", "CP850"};

#define UTF_8_PER_BYTE 3 /* at most, for one of a code page */

/* In UTF-8; NULL if it is none of that encoding, or this machine does not know it. To be freed. */
static char *convert(const char *name, const char *encoding)
{
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1) // NOLINT(performance-no-int-to-ptr)
        return NULL;
    size_t length = strlen(name);
    size_t room = UTF_8_PER_BYTE * length;
    char *copy = text_of("%s", name);
    char *converted = allocate(room + 1, 1);
    char *from = copy;
    char *to = converted;
    bool is_done = iconv(converter, &from, &length, &to, &room) != (size_t)-1;
    iconv_close(converter);
    free(copy);
    if (is_done)
        return converted;
    free(converted);
    return NULL;
}

char *name_composed(const char *name, size_t encoding)
{
    char *converted = convert(name, encodings[encoding]);
    if (converted == NULL)
        return NULL;
    size_t length = 0;
    uint8_t *composed =
        u8_normalize(UNINORM_NFC, (const uint8_t *)converted, strlen(converted) + 1, NULL, &length);
    char *text = composed != NULL ? text_of("%s", (const char *)composed) : NULL;
    free(composed);
    free(converted);
    return text;
}
